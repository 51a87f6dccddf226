"""MicroPython's asyncio for CPython, in virtual time."""

import asyncio
import heapq
import selectors


class World:
    """Virtual time [us] and what will happen in it."""

    def __init__(self):
        self.now_us = 0
        self._due = []
        self._order = 0

    def at(self, at_ms, action):
        self.at_us(round(at_ms * 1000), action)

    def at_us(self, at_us, action):
        heapq.heappush(self._due, (at_us, self._order, action))
        self._order += 1

    def wait(self, limit_us):
        """Go on to the next thing that happens, at most by limit_us."""
        until_us = self.now_us + limit_us
        if self._due and self._due[0][0] <= until_us:
            at_us, _, action = heapq.heappop(self._due)
            self.now_us = max(self.now_us, at_us)
            action()
        else:
            self.now_us = until_us
        if self.now_us > 3600_000_000:
            raise AssertionError("the pod runs for an hour: it will not stop")

    def sleep_ms(self, ms):
        """Wait so long, whatever happens meanwhile."""
        end_us = self.now_us + 1000 * ms
        while self.now_us < end_us:
            self.wait(end_us - self.now_us)


class _Selector(selectors.SelectSelector):
    def __init__(self, world):
        super().__init__()
        self._world = world

    def select(self, timeout=None):
        if timeout is None:
            raise AssertionError("every task waits for something that cannot happen")
        if timeout > 0:
            self._world.wait(int(timeout * 1e6) + 1)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, world):
        super().__init__(_Selector(world))
        self._world = world

    def time(self):
        return self._world.now_us / 1e6

    def call_exception_handler(self, context):
        if isinstance(context.get("exception"), Exception):
            raise AssertionError(context["message"]) from context["exception"]


class Policy(asyncio.DefaultEventLoopPolicy):
    def __init__(self, world):
        super().__init__()
        self._world = world

    def new_event_loop(self):
        return VirtualLoop(self._world)


class ThreadSafeFlag:
    """As MicroPython's: clears itself after a wait."""

    def __init__(self):
        self._event = asyncio.Event()

    def set(self):
        self._event.set()

    def clear(self):
        self._event.clear()

    async def wait(self):
        await self._event.wait()
        self._event.clear()
