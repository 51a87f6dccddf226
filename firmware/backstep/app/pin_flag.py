"""What a pin interrupt may do: set a flag."""

import asyncio


class PinFlag:
    """A flag that an interrupt sets and a task waits for.

    It holds nothing else: MicroPython's scheduler keeps its last callbacks, with all they refer to, for ever.
    """

    def __init__(self):
        self._flag = asyncio.ThreadSafeFlag()
        self.set = self._flag.set
        self.clear = self._flag.clear
        self.wait = self._flag.wait

    def on_edge(self, pin) -> None:
        """Serve the interrupt."""
        self._flag.set()
