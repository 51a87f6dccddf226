"""Contacts of the feet, from the rise and fall of the trunk."""

from array import array

from ..compat import const, ptr32, viper
from ..fixed import samples

_LEAK_MS = const(300)
_SMOOTH_MS = const(75)
_LATER_MS = const(30)  # what is left of the way from fastest fall to contact after the smoothing's delay
_LEAST_MM_S = const(50)  # a slow walk's trunk rises and falls at +-50 mm/s
_LEAST_STRUCK_MM_S = const(30)  # and a shuffling one's at less, but there a foot strikes
_STRIKE_MG_PER_MS = const(6)  # jerk upwards or downwards of the lightest foot that strikes
_STRUCK_MS = const(100)  # so long it counts
_SHARE = const(5)  # a turn back by 1 / this of the usual bounce is a turning point
_USUAL_STEPS = const(4)
_STALE_MS = const(2000)  # no turning point for so long: a knock has made the usual bounce too large

_SPEED = const(0)  # of the state: lift integrated with a leak [mg sample]
_SMOOTH = const(1)  # and smoothed [Q4]
_USUAL = const(2)  # how far it swings
_LOWEST = const(3)
_HIGHEST = const(4)
_LOWEST_AT = const(5)  # [sample]
_RISING = const(6)
_LIFT = const(7)  # the last [mg]
_TURNED_AT = const(8)  # [sample]
_STRUCK_AT = const(9)  # [sample]
_LEAK_N = const(10)
_SMOOTH_N = const(11)
_LATER = const(12)
_STALE = const(13)
_LEAST = const(14)  # [mg sample]
_LEAST_STRUCK = const(15)
_STRIKE = const(16)  # [mg]
_STRUCK_N = const(17)
_SIZE = const(18)


@viper
def bounce(state, n: int, lift_mg: int) -> int:
    """Take the lift of sample n [mg]; return the sample of a contact just found, or -1."""
    p = ptr32(state)
    speed = p[_SPEED] + lift_mg
    speed -= speed // p[_LEAK_N]
    p[_SPEED] = speed
    p[_SMOOTH] += ((speed << 4) - p[_SMOOTH]) // p[_SMOOTH_N]
    speed = p[_SMOOTH] >> 4
    if n - p[_TURNED_AT] > p[_STALE]:
        p[_TURNED_AT] = n
        p[_USUAL] >>= 1
    if not -p[_STRIKE] < lift_mg - p[_LIFT] < p[_STRIKE]:
        p[_STRUCK_AT] = n
    p[_LIFT] = lift_mg
    back = p[_LEAST_STRUCK] if n - p[_STRUCK_AT] < p[_STRUCK_N] else p[_LEAST]
    if p[_USUAL] // _SHARE > back:
        back = p[_USUAL] // _SHARE
    if p[_RISING]:
        if speed > p[_HIGHEST]:
            p[_HIGHEST] = speed
        elif speed < p[_HIGHEST] - back:
            p[_RISING] = 0
            p[_TURNED_AT] = n
            p[_USUAL] += (p[_HIGHEST] - p[_LOWEST] - p[_USUAL]) // _USUAL_STEPS
            p[_LOWEST] = speed
            p[_LOWEST_AT] = n
    elif speed < p[_LOWEST]:
        p[_LOWEST] = speed
        p[_LOWEST_AT] = n
    elif speed > p[_LOWEST] + back:
        p[_RISING] = 1
        p[_TURNED_AT] = n
        p[_HIGHEST] = speed
        later = p[_LOWEST_AT] + p[_LATER]
        return later if later < n else n
    return -1


class Bounce:
    """Finds contacts, by bounce() of `state`: a foot catches the trunk just after it falls fastest.

    Vertical velocity is lift, integrated with a leak and smoothed: its lowest point is the contact (McCamley et
    al., An enhanced estimate of initial contact and final contact instants of time using lower trunk inertial
    sensor data, Gait & Posture 2012; on the trunk's vertical motion: Zijlstra and Hof, Gait & Posture 2003). A
    bounce too small for a walk's is one all the same when a foot has just struck.
    """

    def __init__(self, rate_hz: int):
        self.state = array("i", bytearray(4 * _SIZE))
        state = self.state
        state[_LEAK_N] = samples(_LEAK_MS, rate_hz)
        state[_SMOOTH_N] = samples(_SMOOTH_MS, rate_hz)
        state[_LATER] = samples(_LATER_MS, rate_hz)
        state[_STALE] = samples(_STALE_MS, rate_hz)
        state[_LEAST] = _LEAST_MM_S * rate_hz * 100 // 981
        state[_LEAST_STRUCK] = _LEAST_STRUCK_MM_S * rate_hz * 100 // 981
        state[_STRIKE] = _STRIKE_MG_PER_MS * 1000 // rate_hz
        state[_STRUCK_N] = samples(_STRUCK_MS, rate_hz)
        self.restart()

    def restart(self) -> None:
        """Start at rest."""
        for i in range(_LEAK_N):
            self.state[i] = 0
        self.state[_STRUCK_AT] = -self.state[_STRUCK_N]
