"""How sure a stride's direction is: its length against all that may have led it astray."""

from ..compat import const

# With more drift taken out than this share of a stride's length, its direction is anyone's guess. Drift of a level
# off by less than _LEANT_MG goes out whole; of one that the gyro's bias made a third is left, and what names a
# direction bears 0.7 of a stride.
_LEANT_MG = const(100)
_EVEN_DRIFT_PCT = const(200)
_DRIFT_PCT = const(75)
_ASTRAY_PCT = const(50)  # and so it is where what was cut off may have made this share of it
_SCRAP_MM = const(200)
_SCRAPS = const(5)  # such a short one has to be so many times as long as its error
_ARM_MM = const(150)  # a foot that turns about its heel or toe carries the pod along on it


def sure_pct(stride_mm: int, drift_mm: int, leant_mg: int, astray_mm: int) -> int:
    """Return how sure the direction of a stride is [%], 0 where it is not.

    stride_mm: its length, at least 1.  drift_mm: what was taken out of it.  leant_mg: the steady acceleration that
    explains the drift.  astray_mm: what a level that jumped has left.
    """
    if drift_mm * 100 > stride_mm * (_EVEN_DRIFT_PCT if leant_mg <= _LEANT_MG else _DRIFT_PCT):
        return 0
    if astray_mm * 100 > stride_mm * _ASTRAY_PCT:
        return 0
    off = drift_mm * 10000 // (stride_mm * _EVEN_DRIFT_PCT) + astray_mm * 10000 // (stride_mm * _ASTRAY_PCT)
    return max(1, 100 - off)


def is_scrap(stride_mm: int, drift_mm: int, turn_sin: int) -> bool:
    """Return whether a stride is too short against its error to have gone anywhere.

    stride_mm, drift_mm: as of sure_pct.  turn_sin: of the foot's turning [Q14].
    """
    return stride_mm < _SCRAP_MM and (drift_mm + (abs(turn_sin) * _ARM_MM >> 14)) * _SCRAPS > stride_mm
