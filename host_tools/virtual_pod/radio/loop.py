"""An asyncio event loop whose time is the virtual pod's: bumble's tasks and timers run on it."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

ERRORS_KEPT = 100
_log = logging.getLogger(__name__)


class VirtualLoop(asyncio.AbstractEventLoop):
    """Runs callbacks, timers and tasks when advance() passes their time; never waits, knows no files or threads.

    now_us: virtual time [us].  errors: what tasks raised that nobody looked at, the last of it.
    """

    def __init__(self) -> None:
        self.now_us = 0
        self.errors: deque[dict[str, Any]] = deque(maxlen=ERRORS_KEPT)
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[int, int, asyncio.TimerHandle]] = []
        self._order = 0
        self._runs = False
        self._tasks: set[asyncio.Task[Any]] = set()

    # ---- what the simulation asks for

    def next_due_us(self) -> int | None:
        """Return when the next callback is due [us]; None for never."""
        if self._ready:
            return self.now_us
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def advance(self, until_us: int) -> None:
        """Let everything happen up to until_us [us]; does nothing when called from inside."""
        if self._runs:
            return
        first_us = self.next_due_us()
        if first_us is None or first_us > until_us:
            self.now_us = max(self.now_us, until_us)
            return
        with self._as_running():
            while (due_us := self.next_due_us()) is not None and due_us <= until_us:
                self.now_us = max(self.now_us, due_us)
                self._queue_timers()
                for _ in range(len(self._ready)):
                    self._run_one()
        self.now_us = max(self.now_us, until_us)

    def call_at_us(self, time_us: int, callback: Callable[..., object], *args: Any) -> asyncio.TimerHandle:
        """Call callback(*args) at a virtual time [us], now when it is past."""
        handle = asyncio.TimerHandle(time_us / 1e6, callback, args, self, None)
        self._order += 1
        heapq.heappush(self._timers, (max(time_us, self.now_us), self._order, handle))
        return handle

    def complete(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine that takes no virtual time to its end and return its result."""
        task = self.create_task(coroutine)
        self.advance(self.now_us)
        return task.result()

    @contextmanager
    def _as_running(self) -> Iterator[None]:
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self)
        self._runs = True
        try:
            yield
        finally:
            self._runs = False
            asyncio._set_running_loop(before)

    def _queue_timers(self) -> None:
        while self._timers and self._timers[0][0] <= self.now_us:
            self._ready.append(heapq.heappop(self._timers)[2])

    def _run_one(self) -> None:
        handle = self._ready.popleft()
        if not handle.cancelled():
            handle._run()

    # ---- what asyncio asks for

    def time(self) -> float:
        """Return virtual time [s]."""
        return self.now_us / 1e6

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override]
        """Call callback(*args) at the present virtual time, after what is queued already."""
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        """Call callback(*args) so many virtual seconds from now."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        """Call callback(*args) at virtual second `when`."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._order += 1
        heapq.heappush(self._timers, (max(round(when * 1e6), self.now_us), self._order, handle))
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Nothing to do: next_due_us() and _run_one() pass over what is cancelled."""

    def create_future(self) -> asyncio.Future[Any]:
        """Return a future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(self, coroutine: Any, **options: Any) -> asyncio.Task[Any]:  # type: ignore[override]
        """Return a task of this loop; it starts when advance() is called next."""
        task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=self, **options)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Keep what went wrong in a callback or a task."""
        self.errors.append(context)
        _log.debug("radio: %s", context.get("message"), exc_info=context.get("exception"))

    def get_debug(self) -> bool:
        """Return False: no debugging by asyncio."""
        return False

    def is_running(self) -> bool:
        """Return whether advance() is at work."""
        return self._runs

    def is_closed(self) -> bool:
        """Return False: it needs no closing."""
        return False
