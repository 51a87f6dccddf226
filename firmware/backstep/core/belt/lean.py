"""Where up is, seen from the trunk: turned by the gyro, drawn slowly to the accelerometer.

World-up is a unit vector held as Q28 with its upper Q14 part multiplied. The accelerometer's pull is linear, so
that a fall's weightlessness hardly moves it and the to and fro of a stride averages out (Mahony et al., Nonlinear
complementary filters on the special orthogonal group, IEEE TAC 2008, without the integral term).
"""

from ..angle import angle_ddeg
from ..compat import const
from ..fixed import isqrt, samples, saturate
from ..still import BIAS, Still

_TURN_Q26 = const(117128)  # pi / 1800 * 2^26: 0.1 deg/s to rad/s
_HALF_Q14 = const(1 << 13)
_ONE_Q28 = const(1 << 28)
_SPIN_LIMIT = const(23000 * 16)  # past the full scale of any +-2000 deg/s gyro
_ACCEL_LIMIT_MG = const(3000)
_PULL_MS = const(2000)
_SETTLE_MS = const(500)
_SETTLE_FIRST = const(8)  # the n-th sample after a start pulls by 1 / (n + this)
_STEEP_Q14 = const(8192)  # past 60 deg the rate of the angle is no longer scaled up


class Lean:
    """Tracks world-up and sets, with each sample, its outputs:

    back_ddeg: backward lean of the sensor's own axes [0.1 deg];  back_ddps: its rate of change [0.1 deg/s];
    lift_mg: acceleration upwards, gravity taken off [mg];  fore_mg: acceleration along the x axis less its share
    of the upward one [mg];  up_q14, side_q14: cosine between z axis, y axis and world-up [Q14].
    """

    def __init__(self, rate_hz: int):
        self._turn = (_TURN_Q26 + rate_hz // 2) // rate_hz
        self._slow_pull = max(1, (1000 << 14) // (_PULL_MS * rate_hz))
        self._settle = samples(_SETTLE_MS, rate_hz)
        self._still = Still(rate_hz)
        self._bias_x = self._bias_y = self._bias_z = 0  # [0.1 deg/s / 16]
        self.restart()

    def restart(self) -> None:
        """Look for up afresh in the next sample; the gyro's bias stays."""
        self._still.restart()
        self._count = 0
        self._pull = self._slow_pull
        self._ux = self._uy = 0
        self._uz = _ONE_Q28
        self.back_ddeg = self.back_ddps = self.lift_mg = self.fore_mg = self.side_q14 = 0
        self.up_q14 = 1 << 14

    def feed(self, ax, ay, az, gx, gy, gz) -> None:
        """Take one sample and set the outputs."""
        if self._still.feed(ax, ay, az, gx, gy, gz) == BIAS:
            self._learn_bias()
        if not -_ACCEL_LIMIT_MG < ax < _ACCEL_LIMIT_MG:
            ax = saturate(ax, _ACCEL_LIMIT_MG)
        if not -_ACCEL_LIMIT_MG < ay < _ACCEL_LIMIT_MG:
            ay = saturate(ay, _ACCEL_LIMIT_MG)
        if not -_ACCEL_LIMIT_MG < az < _ACCEL_LIMIT_MG:
            az = saturate(az, _ACCEL_LIMIT_MG)
        if self._count <= self._settle:
            self._begin(ax, ay, az)
        self._follow(ax, ay, az, (gx << 4) - self._bias_x, (gy << 4) - self._bias_y, (gz << 4) - self._bias_z)

    def _follow(self, ax, ay, az, sx, sy, sz) -> None:
        """Turn up against a rotation to second order, and pull it to the acceleration; s: [0.1 deg/s / 16]."""
        if not -_SPIN_LIMIT < sx < _SPIN_LIMIT:
            sx = saturate(sx, _SPIN_LIMIT)
        if not -_SPIN_LIMIT < sy < _SPIN_LIMIT:
            sy = saturate(sy, _SPIN_LIMIT)
        if not -_SPIN_LIMIT < sz < _SPIN_LIMIT:
            sz = saturate(sz, _SPIN_LIMIT)
        turn = self._turn
        tx = (sx * turn + _HALF_Q14) >> 14  # turned in this sample [rad Q16]
        ty = (sy * turn + _HALF_Q14) >> 14
        tz = (sz * turn + _HALF_Q14) >> 14
        x = self._ux >> 14
        y = self._uy >> 14
        z = self._uz >> 14
        cx = y * tz - z * ty
        cy = z * tx - x * tz
        cz = x * ty - y * tx
        pull = self._pull
        # 131 / 8 is 2^14 / 1000
        ux = (((ax * 131) >> 3) - x) * pull + (cx >> 2) + (((cy >> 16) * tz - (cz >> 16) * ty) >> 3) + self._ux
        uy = (((ay * 131) >> 3) - y) * pull + (cy >> 2) + (((cz >> 16) * tx - (cx >> 16) * tz) >> 3) + self._uy
        uz = (((az * 131) >> 3) - z) * pull + (cz >> 2) + (((cx >> 16) * ty - (cy >> 16) * tx) >> 3) + self._uz
        x = ux >> 14
        y = uy >> 14
        z = uz >> 14
        error = (_ONE_Q28 - (x * x + y * y + z * z)) >> 15
        self._ux = ux + x * error
        self._uy = uy + y * error
        self._uz = uz + z * error
        upward = (ax * x + ay * y + az * z) >> 14
        self.lift_mg = upward - 1000
        self.fore_mg = ax - ((upward * x) >> 14)
        self.side_q14 = y
        self.back_ddeg = angle_ddeg(x)
        cosine = max(_STEEP_Q14, (1 << 14) - ((x * x) >> 15))
        self.back_ddps = ((sz >> 4) * y - (sy >> 4) * z) // cosine
        self.up_q14 = z

    def _begin(self, ax, ay, az) -> None:
        """Take up from the first sample, and let the next ones pull hard."""
        if not self._count:
            length = isqrt(ax * ax + ay * ay + az * az)
            if length:
                self._ux = ((ax << 14) // length) << 14
                self._uy = ((ay << 14) // length) << 14
                self._uz = ((az << 14) // length) << 14
        self._count += 1
        hard = (1 << 14) // (self._count + _SETTLE_FIRST)
        self._pull = hard if self._slow_pull < hard and self._count <= self._settle else self._slow_pull

    def _learn_bias(self) -> None:
        still = self._still
        self._bias_x = (still.sum_gx << 4) // still.count
        self._bias_y = (still.sum_gy << 4) // still.count
        self._bias_z = (still.sum_gz << 4) // still.count
