"""Which of the pod's patterns another pod plays too, and which."""

from ...core.compat import const

SWAY = const(0)  # of core/patterns.py
CAUTION = const(1)
_PLACEMENTS = ("shoe", "belt", "wrist")
# Told where they arise; or every pod has its own reason to play them; or they are of one place alone.
_OWN = " sway caution tick link_lost start stop mark lap snoozed awake backward forward either "
_COUNTED = " milestone goal dose_stop "
_FALLS = " fall_countdown fall_alarm "


def bits(pods, role: str) -> int:
    """Return a bit for each of the pods that has a role.  pods: of a full table, see band_kept.py."""
    return sum([1 << index for index, pod in enumerate(pods) if pod[role]])


def partners(pods) -> bytes:
    """Return of each of the pods which one it is to a person, as PARTNERS of core/event_names.py has it."""
    return bytes([_PLACEMENTS.index(pod["placement"]) + 3 * pod["spots"] for pod in pods])


class BandPatterns:
    """The patterns by their numbers, and whom they are for: a bit for each pod."""

    def __init__(self, names, everybody: int, buzzers: int, spotters: int):
        """names: of the patterns, in their order.  buzzers, spotters: those among everybody."""
        self.names = names
        self._all = everybody
        self._buzzers = buzzers
        self._spotters = spotters

    def plays(self, index: int) -> int:
        """Return who plays a pattern of another pod."""
        return self._buzzers | (self._spotters if index == SWAY or self.is_fall(index) else 0)

    def hears(self, index: int) -> int:
        """Return who is told of it: of a fall everybody, for a press at any pod ends it."""
        return self._all if self.is_fall(index) else self.plays(index)

    def is_fall(self, index: int) -> bool:
        """Return whether it is the countdown or the alarm of a fall."""
        return _blank(self.names[index]) in _FALLS


def is_own(name: str) -> bool:
    """Return whether a pattern is not to be told when it begins."""
    return _blank(name) in _OWN


def is_counted(name: str) -> bool:
    """Return whether a pattern says how many steps there were: one pod of a band tells it."""
    return _blank(name) in _COUNTED


def _blank(name):
    return " " + name + " "
