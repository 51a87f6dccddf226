"""Calibration as a person does it: stand level for two seconds, then, with a shoe, walk eight steps forward.

Standing gives where up is as the sensor lies, and the bias of its gyro; walking gives forward, and what a level
stride seems to climb. What a foot shows in its stances must fit what it showed standing, and the strides must
agree: else it is refused, and nothing is changed.
"""

from array import array

from ..compat import const
from ..events import STRIDE
from ..fixed import hypot, samples
from .wearing import cosine_q14

PASSING = True  # see app/passing.py

WAIT = const(0)  # for a still moment
STAND = const(1)  # still, not yet for long enough
WALK = const(2)
DONE = const(3)
FAILED = const(4)
STEPS = ("wait", "stand", "walk", "done", "failed")

MOVED = const(1)
SHAKEN = const(2)
TILTED = const(3)
NO_STRIDES = const(4)
NO_GAIT = const(5)
DISAGREE = const(6)
SLANTED = const(7)
SLOPED = const(8)
CANCELLED = const(9)
REASONS = (
    "",
    "not still for two seconds within a minute",
    "gravity reads otherwise than 0.9 to 1.1 g, or the gyro more than 30 deg/s, at rest: is the sensor sound?",
    "the pod hangs more than 45 deg off upright: its z axis must point up",
    "no strides within 40 s",
    "that was no even walk forward",
    "the strides did not go the same way",
    "the foot stood otherwise than it does in the walk: stand and walk on the same level floor",
    "the strides climb or descend: walk on a level floor",
    "cancelled",
)

STRIDES = const(4)  # of one shoe: eight steps
_SETTLED_MS = const(500)
_STAND_MS = const(2000)
PATIENCE_S = const(60)
WALK_S = const(40)
# (placement, accelerations alike within [mg], rates within [0.1 deg/s]): feet stand, a trunk sways, an arm hangs
_STILL = (("shoe", 60, 80), ("belt", 100, 150), ("wrist", 120, 250))
_BIAS_LIMIT_DDPS = const(300)
_GRAVITY_LOW_MG = const(900)
_GRAVITY_HIGH_MG = const(1100)
_COS_45_Q14 = const(11585)
_ODD = const(2)  # strides not learnt from: the first is half a one
_FASTEST_MS = const(600)
_SLOWEST_MS = const(2400)
_AGREE_PCT = const(97)  # length of the sum of the strides against the sum of their lengths: a spread of 14 deg
_COS_SLANTED_Q14 = const(15848)  # 14.7 deg
_GRADE_ZERO_MAX_PERMILLE = const(60)  # an offset of 60 mg


class Calibration:
    """Feed it every sample, then what the detector found in it, and look at `step` and `why`.

    step: WAIT and on.  why: it FAILED, MOVED and on, else 0.  moves: how often standing was broken off.
    up: world-up as the sensor sees it [Q14].  bias: of the gyro [0.1 deg/s / 16].  heading: a shoe's, its axis is
    forward, and its grade_zero_permille what the level strides seemed to climb.  All of it holds when it is DONE.
    """

    def __init__(self, rate_hz: int, placement: str, heading=None):
        """rate_hz: [Hz].  placement: of the pod.  heading: a shoe's own Heading, which learns forward anew."""
        for name, accel_mg, gyro_ddps in _STILL:
            if name == placement:
                self._accel = accel_mg
                self._gyro = gyro_ddps
        self._belt = placement == "belt"
        self._fastest = samples(_FASTEST_MS, rate_hz)
        self._slowest = samples(_SLOWEST_MS, rate_hz)
        self._settled = samples(_SETTLED_MS, rate_hz)
        self._stand = samples(_STAND_MS, rate_hz)
        self._left = PATIENCE_S * rate_hz
        self._walk = WALK_S * rate_hz
        self._first = array("i", bytearray(24))
        self._sum = array("i", bytearray(24))
        self._feet = array("i", bytearray(12))  # sum of world-up in the stances [Q14]
        self._climbs = array("i", bytearray(4 * STRIDES))  # of each stride [permille]
        self._count = self._learnt = self._odd = self._contact = 0
        self.up = array("i", bytearray(12))
        self.bias = array("i", bytearray(12))
        self.step = WAIT
        self.why = self.moves = 0
        self.heading = heading
        if heading:
            self._before = heading.known, tuple(heading.axis), heading.grade_zero_permille
            heading.grade_zero_permille = 0
            heading.forget()

    @property
    def strides(self) -> int:
        """How many strides there are already, of STRIDES."""
        return self._learnt

    def cancel(self, why: int = CANCELLED) -> None:
        """End it without a result; nothing when it is over.  why: of MOVED and on."""
        if self.step >= DONE:
            return
        self.step = FAILED
        self.why = why
        if self.heading:
            self._put_back()

    def _put_back(self) -> None:
        heading = self.heading
        heading.forget()
        heading.known, axis, heading.grade_zero_permille = self._before
        if heading.known:
            heading.left = 0
        for i in range(3):
            heading.axis[i] = axis[i]

    def gap(self, missing: int) -> None:
        """Take note that samples were lost: standing begins anew."""
        self._count = 0
        if self.step == STAND:
            self.step = WAIT

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> None:
        """Take one sample [mg, 0.1 deg/s]."""
        if self.step >= DONE:
            return
        self._left -= 1
        if self._left < 0:
            self.cancel(NO_STRIDES if self.step == WALK else MOVED)
        elif self.step < WALK:
            if not self._count or not self._alike(ax, ay, az, gx, gy, gz):
                self._begin(ax, ay, az, gx, gy, gz)
            self._add(ax, ay, az, gx, gy, gz)
            if self._count == self._settled:
                self.step = STAND
            elif self._count == self._stand:
                self._judge_stand()

    def hear(self, code: int, fields) -> None:
        """Take an event of the detector, a stride's heading having learnt from it or not.  code, fields: of it."""
        if self.step == WALK and code == STRIDE:
            self._stride(fields)

    def _stride(self, fields) -> None:
        heading = self.heading
        took = fields[1] - self._contact
        self._contact = fields[1]
        if heading.learnt < self._learnt:
            self.cancel(DISAGREE)
        elif heading.learnt == self._learnt:
            self._odd += 1
            if self._odd > _ODD:
                self.cancel(NO_GAIT)
        elif self._learnt and not self._fastest <= took <= self._slowest:
            self.cancel(NO_GAIT)
        else:
            self._learn(fields)

    def _learn(self, fields) -> None:
        heading = self.heading
        self._climbs[self._learnt] = fields[4] * 1000 // fields[3]
        self._learnt = heading.learnt
        for i in range(3):
            self._feet[i] += heading.up[i]
        if self._learnt == STRIDES:
            self._judge_walk()

    def _alike(self, ax, ay, az, gx, gy, gz) -> bool:
        first = self._first
        accel = self._accel
        gyro = self._gyro
        return (
            -accel <= ax - first[0] <= accel
            and -accel <= ay - first[1] <= accel
            and -accel <= az - first[2] <= accel
            and -gyro <= gx - first[3] <= gyro
            and -gyro <= gy - first[4] <= gyro
            and -gyro <= gz - first[5] <= gyro
        )

    def _begin(self, ax, ay, az, gx, gy, gz) -> None:
        first = self._first
        first[0] = ax
        first[1] = ay
        first[2] = az
        first[3] = gx
        first[4] = gy
        first[5] = gz
        for i in range(6):
            self._sum[i] = 0
        self._count = 0
        if self.step == STAND:
            self.step = WAIT
            self.moves += 1

    def _add(self, ax, ay, az, gx, gy, gz) -> None:
        total = self._sum
        total[0] += ax
        total[1] += ay
        total[2] += az
        total[3] += gx
        total[4] += gy
        total[5] += gz
        self._count += 1

    def _judge_stand(self) -> None:
        total = self._sum
        count = self._count
        up = self.up
        sound = True
        for i in range(3):
            up[i] = total[i] * 16 // count
            self.bias[i] = total[i + 3] * 16 // count
            sound = sound and -_BIAS_LIMIT_DDPS * 16 < self.bias[i] < _BIAS_LIMIT_DDPS * 16
        length = hypot(hypot(up[0], up[1]), up[2])
        if not sound or not _GRAVITY_LOW_MG * 16 < length < _GRAVITY_HIGH_MG * 16:
            self.cancel(SHAKEN)
            return
        for i in range(3):
            up[i] = (up[i] << 14) // length
        if self._belt and up[2] < _COS_45_Q14:
            self.cancel(TILTED)
        elif self.heading:
            self.step = WALK
            self.heading.forget()
            self._left = self._walk
        else:
            self.step = DONE

    def _judge_walk(self) -> None:
        heading = self.heading
        climbs = self._climbs
        # One of them may be off: the mean of the others but the two at the ends.
        grade_permille = (sum(climbs) - min(climbs) - max(climbs)) // (STRIDES - 2)
        if heading.agreed_mm * 100 < _AGREE_PCT * heading.way_mm:
            self.cancel(DISAGREE)
        elif cosine_q14(self._feet, self.up) < _COS_SLANTED_Q14:
            self.cancel(SLANTED)
        elif not -_GRADE_ZERO_MAX_PERMILLE <= grade_permille <= _GRADE_ZERO_MAX_PERMILLE:
            self.cancel(SLOPED)
        else:
            heading.left = 0
            heading.grade_zero_permille = grade_permille
            self.step = DONE
