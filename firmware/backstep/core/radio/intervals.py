"""How often the radio is on the air, by what the wearer does."""

from ..compat import const

JUST_ON = const(0)
WALKING = const(1)
STANDING = const(2)
IDLE = const(3)
TAKEN = const(4)

# (name, between two advertisements [ms]) while a phone may connect; those that a phone finds soonest [Apple,
# Accessory Design Guidelines, 35.5]. A phone that is connected chooses its interval: the pod cannot ask for one.
ADVERTISING = (
    ("new", 152),  # a minute from a start, a press or a lost phone on
    ("walking", 546),
    ("standing", 1022),  # no step for a while
    ("idle", 1285),
    ("taken", 2000),  # a phone is there already, and a watch may come
)
MEASURED_MS = const(1000)  # between two measurements while walking, which a phone is sent
RESTING_MS = const(5000)  # while not
# Of the heart strap: between two connection events, and listening until it is found: soon, then for good [ms].
STRAP_MS = const(300)
SEEK_SOON = (400, 60)
SEEK_LATER = (2000, 60)
_NEW_S = const(60)
_IDLE_S = const(300)


def state(gait: bool, resting_s: int, fresh_s: int, taken: bool) -> int:
    """Return which row of ADVERTISING holds.

    gait: whether a step was recent.  resting_s: since one was [s].  fresh_s: since a start or a lost phone [s].
    taken: whether a phone is connected.
    """
    if taken:
        return TAKEN
    if fresh_s < _NEW_S:
        return JUST_ON
    if gait:
        return WALKING
    return STANDING if resting_s < _IDLE_S else IDLE
