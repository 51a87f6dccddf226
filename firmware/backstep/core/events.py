"""Every event the pod can report, numbered once for log, console, radio and host."""

from .compat import const

NOTHING = const(0)
STRIDE = const(1)
STEP = const(2)
SWAY = const(3)
FALL = const(4)
GAP = const(5)
CAUTION = const(6)
FALL_OVER = const(7)
FALL_ALARM = const(8)
SLIDE = const(9)
CATCH = const(10)
TOE_LIFT = const(11)
RECOVERY = const(12)
NEAR_FALL = const(13)
MARK = const(14)
SNOOZE = const(15)
AWAKE = const(16)
POSTURE = const(17)
GOAL = const(18)
DOSE_STOP = const(19)
LAP = const(20)
HEART = const(21)
LINK = const(22)
BAND = const(23)

UNKNOWN = const(0)
FORWARD = const(1)
BACKWARD = const(2)
LEFT = const(3)
RIGHT = const(4)
TURN = const(5)

FIELD_COUNT = const(13)

DIRECTIONS = ("unknown", "forward", "backward", "left", "right", "turn")
