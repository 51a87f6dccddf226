"""One call after some milliseconds, to the millisecond: where asyncio's sleeps end on ticks of 10 ms."""


class OneShot:
    """A hardware timer that calls once.

    The call comes between two bytecodes of whatever runs. It refers to little: MicroPython's scheduler keeps its
    last callbacks, with all they refer to, for ever.
    """

    def __init__(self, timer):
        """timer: machine.Timer of a number; one by FreeRTOS (-1) ends on ticks too."""
        self._timer = timer
        self._call = None
        self._due = self._come  # made once: a bound method is an object

    def begin(self, delay_ms: int, call) -> None:
        """Have call() called in delay_ms [ms], 1 at least, instead of what was to be called; allocates nothing."""
        self._call = call
        self._timer.init(mode=self._timer.ONE_SHOT, period=max(1, delay_ms), callback=self._due)

    def cancel(self) -> None:
        """Have nothing called, even by a timer that is over and whose call waits for its turn."""
        self._call = None

    def _come(self, timer):
        call = self._call
        self._call = None
        if call:
            call()
