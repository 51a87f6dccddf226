"""Kernel of a foot on its way, over one array("i") that the indices below name.

Foot-off: the foot's last rise to walking speed before its fastest; a foot that is never twice as fast as that
has left when it rose to a quarter of it. Contact: a jolt, acceleration against the mean of the last, of a foot
that is slower than 0.7 of its fastest and not yet at rest; the first that no later one passes eightfold, since
a heel's comes before the sole's, which may be harder. How a foot slows down says when it lands, too (landing.py).
"""

from array import array

from ..compat import const, ptr32, viper

START = const(0)  # foot-off [sample]
JOLTED = const(1)  # [sample]
SIZE2 = const(2)  # acceleration squared [(4 mg)^2], highest since the foot was fastest
OFF = const(3)  # squared speed that says the foot has left
_TOP = const(4)  # squared speed, highest
_JOLT = const(5)  # at the contact, squared [(4 mg)^2]
_RISE = const(6)  # [sample]
_SLOW_RISE = const(7)
_ABOVE = const(8)
_SLOW_ABOVE = const(9)
_X = const(10)  # mean of the last accelerations [4 mg]
_Y = const(11)
_Z = const(12)
SLOWED = const(13)  # half as fast as it was [sample], 0 before that
_SIZE = const(14)


def made(off_speed2: int):
    """Return a state.  off_speed2: the squared speed that says the foot has left, as Strapdown gives it."""
    state = array("i", bytearray(4 * _SIZE))
    state[OFF] = off_speed2
    return state


def begin(state, n: int) -> None:
    """Begin a stride at sample n."""
    for i in range(SIZE2, _SIZE):
        if i != OFF:
            state[i] = 0
    state[START] = state[JOLTED] = state[_RISE] = state[_SLOW_RISE] = n


@viper
def swing(state, n: int, speed2: int, ax: int, ay: int, az: int) -> int:
    """Take sample n: squared speed, acceleration [mg]; return whether it may be the contact."""
    p = ptr32(state)
    if speed2 <= p[OFF] >> 4:
        p[_SLOW_ABOVE] = 0
    elif not p[_SLOW_ABOVE]:
        p[_SLOW_ABOVE] = 1
        p[_SLOW_RISE] = n
    if not p[_ABOVE]:
        p[_RISE] = n
    p[_ABOVE] = 1 if speed2 > p[OFF] else 0
    ax >>= 2
    ay >>= 2
    az >>= 2
    size2 = ax * ax + ay * ay + az * az
    mean = p[_X]
    p[_X] = (mean + ax) >> 1
    ax -= mean
    mean = p[_Y]
    p[_Y] = (mean + ay) >> 1
    ay -= mean
    mean = p[_Z]
    p[_Z] = (mean + az) >> 1
    az -= mean
    jolt2 = ax * ax + ay * ay + az * az
    if speed2 > p[_TOP]:
        p[_TOP] = speed2
        p[START] = p[_RISE] if speed2 > p[OFF] << 2 else p[_SLOW_RISE]
        p[SIZE2] = size2
        p[SLOWED] = 0
    elif not p[SLOWED] and speed2 < p[_TOP] >> 2:
        p[SLOWED] = n
    p[SIZE2] = size2 if size2 > p[SIZE2] else p[SIZE2]
    if speed2 > p[_TOP] >> 1:
        jolt2 = 0
    elif not p[_SLOW_ABOVE] or jolt2 >> 3 <= p[_JOLT]:
        return 0
    p[JOLTED] = n
    p[_JOLT] = jolt2
    return 1
