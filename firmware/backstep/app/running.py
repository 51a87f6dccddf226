"""What a pod that runs is made of, in records by concern, for whoever answers requests about it."""

import asyncio

from ..core.compat import const

LOAD_MS = const(1000)  # a request waits so long for a moment in which loading its module disturbs no warning
NEAR_MS = const(1000)  # and so long on while one is near: in less it has come, or the trunk is back
_LOOK_MS = const(20)
_CALM_MS = const(5000)
_SHOWN = const(40)
_BLOCK = const(4096)  # bytes, of which LittleFS gives files whole ones


class BusyError(ValueError):
    """Not now: the same request may be granted in a moment."""


class Pod:
    """Who the pod is.

    parts: from board.load.  name: as set.  placement, rate_hz [Hz], frame: of its samples.
    may_sway: whether a sway is ever warned of.
    """

    def __init__(self, parts, settings: dict, rate_hz: int):
        self.parts = parts
        self.name = settings["pod_name"]
        self.placement = settings["placement"]
        self.rate_hz = rate_hz
        self.frame = settings["frame"]
        self.may_sway = self.placement == "belt" and self.frame == "body"


class Kept:
    """What outlives the run.

    path: of the settings, beside which the state is.  root: the folder above theirs, where that of the log is too,
    with its slash.
    state: from state_store.begin.  waits: names of settings that were changed and hold from the next start on.
    free: bytes of the flash, as counted since kept/folders.py asked; less than 0 = not asked yet.
    changing: whether the settings are being changed, in turns: nobody else may begin meanwhile.
    """

    def __init__(self, path: str, state: dict):
        self.path = path
        self.root = path[: path.rfind("/", 0, path.rfind("/")) + 1]
        self.state = state
        self.waits: list[str] = []
        self.free = -1
        self.changing = False

    @property
    def state_path(self) -> str:
        """Where the state is, without .a or .b: beside the settings."""
        return self.path[: self.path.rfind("/") + 1] + "state"

    def grew(self, before: int, after: int) -> None:
        """Count a file that was `before` bytes long and is `after`; 0 = not there."""
        self.free -= (after + _BLOCK - 1 & -_BLOCK) - (before + _BLOCK - 1 & -_BLOCK)


class Sensing:
    """The parts of a pod that senses: the tasks that a sample passes, and the wearer."""

    def __init__(self, sampling, detecting, notifying, keeper, wearer):
        """Take Sampling, Detecting, Notifying, SessionKeeper, Wearer."""
        self.sampling = sampling
        self.detecting = detecting
        self.notifying = notifying
        self.keeper = keeper
        self.wearer = wearer

    def quiet(self) -> bool:
        """Return whether the flash may be written: no turn that may become a sway, no pattern."""
        return self.detecting.calm() and not self.notifying.busy


class Running:
    """The records by name.

    clock: Clock.  writer: of the console.  faults: counters.  health: Health, in safe mode Safe.
    sensing: Sensing, None in safe mode.  onlooker: while a program has events told as they come, else None.
    """

    def __init__(self, pod: Pod, kept: Kept, clock, writer, faults, health, sensing):
        self.pod = pod
        self.kept = kept
        self.clock = clock
        self.writer = writer
        self.faults = faults
        self.health = health
        self.sensing = sensing
        self.onlooker = None


async def settle(running, longest_ms: int, near_ms: int = 0) -> bool:
    """Wait until the flash may be written, but no longer than that [ms]; return whether it may.

    near_ms: then so long on while a warning is near [ms].
    What may follow takes long: it begins with an empty FIFO.
    """
    sensing = running.sensing
    for waited_ms in range(_LOOK_MS, longest_ms + near_ms + 1, _LOOK_MS):
        if sensing and sensing.sampling.waits:
            sensing.sampling.drain_now()
        if not sensing or sensing.quiet():
            return True
        if waited_ms >= longest_ms and sensing.detecting.steady():
            break
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
