"""Every task of the pod, by name."""

import asyncio


class App:
    """The pod, ready to run."""

    def __init__(
        self, parts, watchdog_ms: int, sampling, detecting, notifying, keeper, console, writer, health
    ):
        """Take the parts and the objects whose tasks run."""
        self.keeper = keeper
        self.writer = writer
        self._health = health
        self._watchdog = (parts.watchdog, watchdog_ms)
        self._tasks = (
            ("sampling", sampling.run),
            ("detecting", detecting.run),
            ("notifying", notifying.run),
            ("session", keeper.run),
            ("button", keeper.watch_button),
            ("console input", console.listen),
            ("console status", console.tick),
            ("console output", writer.run),
        )
        parts.on_data_ready(sampling.data_ready.on_edge)
        parts.on_button(keeper.pressed.on_edge)

    async def main(self) -> None:
        """Start every task and look after them until the pod is to stop."""
        self.keeper.begin()
        for name, run in self._tasks:
            asyncio.create_task(self._health.keep(name, run))
        make, timeout_ms = self._watchdog
        await self._health.run(make(timeout_ms))
