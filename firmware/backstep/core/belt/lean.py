"""Where up is, seen from the trunk: turned by the gyro, drawn slowly to the accelerometer.

World-up is a unit vector held as Q28 with its upper Q14 part multiplied. The accelerometer's pull is linear, so
that a fall's weightlessness hardly moves it and the to and fro of a stride averages out (Mahony et al., Nonlinear
complementary filters on the special orthogonal group, IEEE TAC 2008, without the integral term).
"""

from array import array

from ..angle import angle_ddeg
from ..compat import const, ptr32, viper
from ..fixed import isqrt, samples, saturate
from ..still import BIAS, Still, alike

_TURN_Q26 = const(117128)  # pi / 1800 * 2^26: 0.1 deg/s to rad/s
_HALF_Q14 = const(1 << 13)
_ONE_Q28 = const(1 << 28)
_SPIN_LIMIT = const(23000 * 16)  # past the full scale of any +-2000 deg/s gyro
_ACCEL_LIMIT_MG = const(3000)
_PULL_MS = const(2000)
_SETTLE_MS = const(500)
_SETTLE_FIRST = const(8)  # the n-th sample after a start pulls by 1 / (n + this)
_STEEP_Q14 = const(8192)  # past 60 deg the rate of the angle is no longer scaled up


BACK_DDEG = const(0)  # backward lean of the sensor's own axes [0.1 deg]
BACK_DDPS = const(1)  # its rate of change [0.1 deg/s]
LIFT_MG = const(2)  # acceleration upwards, gravity taken off [mg]
FORE_MG = const(3)  # acceleration along the x axis less its share of the upward one [mg]
UP_Q14 = const(4)  # cosine between z axis, y axis and world-up [Q14]
SIDE_Q14 = const(5)
_UX = const(6)  # world-up [Q28]
_BIAS = const(9)  # of the gyro [0.1 deg/s / 16]
_TURN = const(12)  # 0.1 deg/s / 16 to the angle of one sample [rad Q16], as Q14
_PULL = const(13)
_AX = const(14)  # the sample, held in bounds
_SX = const(17)  # [0.1 deg/s / 16]
_TX = const(20)  # turned in it [rad Q16]
_SIZE = const(23)


@viper
def _follow(state, ax: int, ay: int, az: int, gx: int, gy: int, gz: int):
    """Put down a sample and how far it turned, held in bounds, and turn up by it."""
    p = ptr32(state)
    p[_AX] = ax
    p[_AX + 1] = ay
    p[_AX + 2] = az
    p[_SX] = gx
    p[_SX + 1] = gy
    p[_SX + 2] = gz
    i = 0
    while i < 3:
        accel = p[_AX + i]
        if accel > _ACCEL_LIMIT_MG:
            p[_AX + i] = _ACCEL_LIMIT_MG
        elif accel < -_ACCEL_LIMIT_MG:
            p[_AX + i] = -_ACCEL_LIMIT_MG
        spin = (p[_SX + i] << 4) - p[_BIAS + i]
        spin = _SPIN_LIMIT if spin > _SPIN_LIMIT else -_SPIN_LIMIT if spin < -_SPIN_LIMIT else spin
        p[_SX + i] = spin
        p[_TX + i] = (spin * p[_TURN] + _HALF_Q14) >> 14
        i += 1
    _turn(state)


@viper
def _turn(state):
    """Turn up against the rotation to second order, and pull it to the acceleration."""
    p = ptr32(state)
    tx = p[_TX]
    ty = p[_TX + 1]
    tz = p[_TX + 2]
    pull = p[_PULL]
    x = p[_UX] >> 14
    y = p[_UX + 1] >> 14
    z = p[_UX + 2] >> 14
    cx = y * tz - z * ty
    cy = z * tx - x * tz
    cz = x * ty - y * tx
    # 131 / 8 is 2^14 / 1000
    p[_UX] += (((p[_AX] * 131) >> 3) - x) * pull + (cx >> 2) + (((cy >> 16) * tz - (cz >> 16) * ty) >> 3)
    p[_UX + 1] += (((p[_AX + 1] * 131) >> 3) - y) * pull + (cy >> 2) + (((cz >> 16) * tx - (cx >> 16) * tz) >> 3)
    p[_UX + 2] += (((p[_AX + 2] * 131) >> 3) - z) * pull + (cz >> 2) + (((cx >> 16) * ty - (cy >> 16) * tx) >> 3)
    x = p[_UX] >> 14
    y = p[_UX + 1] >> 14
    z = p[_UX + 2] >> 14
    error = (_ONE_Q28 - (x * x + y * y + z * z)) >> 15
    p[_UX] += x * error
    p[_UX + 1] += y * error
    p[_UX + 2] += z * error
    upward = (p[_AX] * x + p[_AX + 1] * y + p[_AX + 2] * z) >> 14
    p[LIFT_MG] = upward - 1000
    p[FORE_MG] = p[_AX] - ((upward * x) >> 14)
    p[SIDE_Q14] = y
    p[UP_Q14] = z
    p[BACK_DDEG] = int(angle_ddeg(x))
    cosine = (1 << 14) - ((x * x) >> 15)
    if cosine < _STEEP_Q14:
        cosine = _STEEP_Q14
    p[BACK_DDPS] = ((p[_SX + 2] >> 4) * y - (p[_SX + 1] >> 4) * z) // cosine


class Lean:
    """Tracks world-up; `state` has, after each sample, the outputs that the indices above name."""

    def __init__(self, rate_hz: int):
        self.state = array("i", bytearray(4 * _SIZE))
        self.state[_TURN] = (_TURN_Q26 + rate_hz // 2) // rate_hz
        self._slow_pull = max(1, (1000 << 14) // (_PULL_MS * rate_hz))
        self._settle = samples(_SETTLE_MS, rate_hz)
        self._still = Still(rate_hz)
        self._still_state = self._still.state
        self.restart()

    @property
    def up_q14(self) -> int:
        """Cosine between z axis and world-up [Q14]."""
        return self.state[UP_Q14]

    def restart(self) -> None:
        """Look for up afresh in the next sample; the gyro's bias stays."""
        self._still.restart()
        self._count = 0
        state = self.state
        for i in range(_UX + 2):
            state[i] = 0
        state[_UX + 2] = _ONE_Q28
        state[UP_Q14] = 1 << 14
        state[_PULL] = self._slow_pull

    def feed(self, ax, ay, az, gx, gy, gz) -> None:
        """Take one sample and set the outputs."""
        state = self.state
        if alike(self._still_state, ax, ay, az, gx, gy, gz) == BIAS and self._still.plausible():
            for axis in range(3):
                state[_BIAS + axis] = self._still.rate_q4(axis)
        if self._count <= self._settle:
            self._begin(ax, ay, az)
        _follow(state, ax, ay, az, gx, gy, gz)

    def _begin(self, ax, ay, az) -> None:
        """Take up from the first sample, and let the next ones pull hard."""
        state = self.state
        if not self._count:
            ax = saturate(ax, _ACCEL_LIMIT_MG)
            ay = saturate(ay, _ACCEL_LIMIT_MG)
            az = saturate(az, _ACCEL_LIMIT_MG)
            length = isqrt(ax * ax + ay * ay + az * az)
            if length:
                state[_UX] = ((ax << 14) // length) << 14
                state[_UX + 1] = ((ay << 14) // length) << 14
                state[_UX + 2] = ((az << 14) // length) << 14
        self._count += 1
        hard = (1 << 14) // (self._count + _SETTLE_FIRST)
        state[_PULL] = hard if self._slow_pull < hard and self._count <= self._settle else self._slow_pull
