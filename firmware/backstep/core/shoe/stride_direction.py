"""Which way a stride went, from its displacement and the heading at both its ends."""

from ..compat import const
from ..events import BACKWARD, FORWARD, LEFT, RIGHT, TURN, UNKNOWN
from ..fixed import ONE_Q14, isqrt

_TURN_COS_Q14 = const(11585)  # cos 45 deg: past it forward and sideways change places within the stride
_SURE_PCT = const(84)  # tan 40 deg: between 40 and 50 deg off the heading it is neither


class Direction:
    """Splits a displacement into fore-aft and lateral about the stride's mean heading, and names it."""

    def __init__(self):
        self.fore_mm = self.lateral_mm = 0

    def judge(self, forward_mm: int, left_mm: int, turn_cos: int, turn_sin: int) -> int:
        """Return the direction code and set fore_mm, lateral_mm.

        forward_mm, left_mm: displacement in the heading at its start [mm].
        turn_cos, turn_sin: heading at its end against that at its start, Q14.
        """
        along = ONE_Q14 + turn_cos
        length = max(1, isqrt((along >> 1) * (along >> 1) + (turn_sin >> 1) * (turn_sin >> 1)) << 1)
        cos = (along << 13) // length
        sin = (turn_sin << 13) // length
        self.fore_mm = (forward_mm * cos + left_mm * sin) >> 13
        self.lateral_mm = (left_mm * cos - forward_mm * sin) >> 13
        if turn_cos < _TURN_COS_Q14:
            return TURN
        fore = abs(self.fore_mm)
        lateral = abs(self.lateral_mm)
        if lateral * 100 <= fore * _SURE_PCT:
            return FORWARD if self.fore_mm > 0 else BACKWARD
        if fore * 100 <= lateral * _SURE_PCT:
            return LEFT if self.lateral_mm > 0 else RIGHT
        return UNKNOWN
