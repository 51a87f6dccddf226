"""What a pod that runs is made of, for whoever answers requests about it."""

import asyncio

from ..core.compat import const
from .passing import once

LOAD_MS = const(1000)  # a request waits so long for a moment in which loading its module disturbs no warning
_LOOK_MS = const(20)
_CALM_MS = const(5000)
_SHOWN = const(40)


class BusyError(ValueError):
    """Not now: the same request may be granted in a moment."""


class Running:
    """The parts of the app by name; in safe mode most of them are None.

    parts: from board.load.  path: of the settings.  state: from state_store.begin.  clock: Clock.
    name: of the pod.  kind: (placement, rate [Hz]).  frame: of the samples.  safe: whether this is safe mode.
    waits: names of settings that were changed and hold from the next start on.
    heading: a shoe's.  calibrating: while that goes on, else None.  calibration: how it goes or went, see
    calibrating.py.  calibrated_day: of the calibration that is stored, since 1970, 0 = not known.
    worn: "unknown", "well", "turned", or the placement that the pod moves like where another one is set; by
    wearing: core Wearing, None where there is no calibration to go by, and by check: PlacementCheck, None before
    the pod has moved, False when it has seen enough.
    """

    def __init__(self, parts, path: str, state: dict, clock):
        self.parts = parts
        self.path = path
        self.state = state
        self.clock = clock
        self.name = ""
        self.kind = ("", 0)
        self.frame = ""
        self.safe = False
        self.waits: list[str] = []
        self.keeper = self.detecting = self.notifying = self.sampling = None
        self.health = self.faults = self.writer = self.teller = self.live = None
        self.heading = self.calibrating = self.wearing = self.check = None
        self.worn = "unknown"
        self._moved = False
        self.calibrated_day = 0
        self.calibration: dict = {}
        self.level = self.cap_pct = 0  # of the training programme
        self.is_level = False  # whether a calibration has told what is level
        self.wearer_kg = self.wearer_cm = 0

    @property
    def root(self) -> str:
        """The folder of the settings, of the state and of the log, with its slash."""
        return self.path[: self.path.rfind("/") + 1]

    def calibrate(self) -> None:
        """Begin calibrating; where that goes on already, cancel it."""
        from .wearer.calibrating import begin_or_cancel

        begin_or_cancel(self)

    def wearer(self) -> tuple:
        """Return what the log tells at a session's beginning, as of log_reader.TABLE."""
        return int(self.is_level), self.calibrated_day, self.wearer_kg, self.wearer_cm

    def week_left(self) -> int:
        """Return backward steps left until the week's limit, as Guide.begin takes it."""
        return once(_week_left, self)

    def look(self) -> None:
        """Tell what is new of how the pod is worn; called when the ring is empty."""
        check = self.check
        if check is None:  # it takes memory: not for a pod that lies on a table
            calm = _calm(self)
            self._moved = self._moved or not calm
            new = self._moved and calm
        else:
            new = check and check.seen
        if new or self.wearing and self.wearing.is_new:
            once(_tell, self)

    @property
    def recorder(self):
        """The Recorder, None while no chosen minutes are recorded."""
        return self.keeper.recorder if self.keeper else None

    @property
    def book(self):
        """The LogBook, None where nothing is logged."""
        return self.keeper.log if self.keeper else None


def _week_left(running):
    from .wearer.training import week_left

    return week_left(running)


def _calm(running):
    return running.detecting.calm()


def _tell(running):
    from .wearer.wearing_words import tell_worn

    tell_worn(running)


def quiet(running) -> bool:
    """Return whether the flash may be written: no turn that may become a sway, no pattern.  running: Running."""
    return running.safe or (running.detecting.calm() and not running.notifying.busy)


async def settle(running, longest_ms: int) -> bool:
    """Wait until `quiet`, but no longer than that [ms]; return whether it is."""
    for _ in range(longest_ms // _LOOK_MS):
        if quiet(running):
            return True
        await asyncio.sleep_ms(_LOOK_MS)
    return False


async def calm(running) -> None:
    """Wait for a moment when a write to the flash disturbs no warning; BusyError when none comes for 5 s."""
    if not await settle(running, _CALM_MS):
        raise BusyError("the pod moves too much to write to its flash now; hold it still and repeat")


def shown(value) -> str:
    """Return a value as it may stand in a message."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
