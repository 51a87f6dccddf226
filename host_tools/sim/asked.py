"""The simulated wearer of `backstep sim --pty` does what a calibration asks for, by the pod's own words."""

from host_tools.gait import Stand, Walk, WalkParams, session
from host_tools.gait.plan import Segment
from host_tools.recordings import Recording
from host_tools.virtual_pod.world import World

_SAYS = "calibration: "  # as firmware/backstep/app/wearer/calibrating.py begins its lines
_STRIDE = "stride "  # counted while the wearer walks
# what is asked for: what the wearer does, again and again, until something else is; anything else ends it
_DOES: tuple[tuple[str, tuple[Segment, ...]], ...] = (
    ("still", (Stand(4.0),)),
    ("walk forward", (Stand(1.0), Walk(20, WalkParams()), Stand(2.0))),
)


class Asked:
    """Hears a pod's console and changes what its IMU senses: standing, walking, and its own walk again.

    world: of the pod.
    """

    def __init__(self, world: World):
        self._world = world
        self._heard = b""
        self._does = ""

    def hear(self, data: bytes) -> None:
        """Take more of what the pod says."""
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            words = line.decode("utf-8", "replace").strip()
            if words.startswith(_SAYS) and not words.startswith(_SAYS + _STRIDE):
                self._do(words.removeprefix(_SAYS))

    def _do(self, words: str) -> None:
        asked = next((name for name, _ in _DOES if name in words), "")
        if asked != self._does:
            self._does = asked
            self._world.change_to(self.made(asked) if asked else None)

    def made(self, asked: str) -> Recording:
        """Return what the pod senses of a wearer who does what is asked for: "still" or "walk forward"."""
        return session(dict(_DOES)[asked], self._world.recording.placement, seed=1).recording()
