"""A fall that has happened: an impact, then a body that lies otherwise than it stood, and does not move.

Only then a countdown begins, which movement or a press ends; when it runs out, that is an alarm. (The three signs:
Noury et al., Fall detection - principles and methods, IEEE EMBS 2007.)

At a wrist a single burst of blows that no such fall follows may have been a near fall: it is told, for the log.
"""

from array import array

from ..angle import angle_ddeg
from ..compat import const, ptr32, viper
from ..events import FALL, FALL_ALARM, FALL_OVER, FIELD_COUNT, NEAR_FALL, NOTHING
from ..fixed import hypot, isqrt, samples

# (placement, impact [mg], still for [ms]): feet strike and hands clap, and both come to rest oftener than a trunk
RULES = (
    ("belt", 2400, 1500),
    ("shoe", 3000, 2500),
    ("wrist", 3000, 2500),
)

_TURNED_DDEG = const(600)  # a trunk that sits leans back by less
_UPRIGHT_MG = const(300)
_BEFORE_MS = const(2000)
_TRUNK_MS = const(800)  # of a run, a trunk's gravity takes two steps to be known
_LIMB_MS = const(1200)  # and a limb's a stride and more
_FADE_MS = const(700)  # a blow is judged by what was before it for about so long
_UP_MS = const(150)
# Who lies down, however quickly, is let down by arms and bed: a trunk that lies already as the blow comes has
# fallen only if nothing held it for so long, or little for longer.
_LYING_MG = const(500)
_LOST_MS = const(35)
_SETTLE_MS = const(400)  # a body bounces
_LATEST_MS = const(8000)  # still by then, or it was no fall
_BURST_MS = const(1000)  # blows that go on are jogging, hopping or applause
_STILL_MG = const(120)  # who lies still breathes
_STILL_DDPS = const(250)
# The countdown's own buzz shakes the sensor: movement is what turns it, and a buzz averages out.
_MOVED_MG = const(250)
_MOVED_MS = const(500)
_WATCH = const(0)
_SUSPECT = const(1)
_COUNTING = const(2)
_CANCELLED = const(3)


_KNOWN = const(3)  # behind the mean acceleration [mg Q6]: of how many samples it is
_BEFORE_N = const(4)  # at most
_IMPACT2 = const(5)  # [(4 mg)^2]
_LOST = const(6)  # support lost lately: the sum of what squares of accelerations lack, fading [(4 mg)^2]
_UP = const(7)  # the vertical acceleration lately, where z is a trunk's axis [mg Q6]
_FADE_N = const(8)
_UP_N = const(9)
_BLOWS_N = const(10)  # so many samples' mean takes blows in
_HELD2 = const(50625)  # 0.9 g [(4 mg)^2]: who is held feels no less


@viper
def watch(state, ax: int, ay: int, az: int) -> int:
    """Take an acceleration [mg] into the mean and return 0; of an impact return the square [(4 mg)^2].

    Where a pod starts on a trunk that runs its blows are part of gravity: nothing else bears it up. (A limb's are
    half the swing that comes before them.)
    """
    p = ptr32(state)
    x = ax >> 2
    y = ay >> 2
    z = az >> 2
    size2 = x * x + y * y + z * z
    n = p[_KNOWN]
    if size2 >= p[_IMPACT2] and n >= p[_BLOWS_N]:
        return size2
    lost = p[_LOST]
    lost -= lost // p[_FADE_N]
    if size2 < _HELD2:
        lost += _HELD2 - size2
    p[_LOST] = lost
    p[_UP] += ((az << 6) - p[_UP]) // p[_UP_N]
    if n < p[_BEFORE_N]:
        n += 1
        p[_KNOWN] = n
    follow(state, ax, ay, az, n)
    return 0


@viper
def follow(state, ax: int, ay: int, az: int, n: int):
    """Draw the mean by 1 / n to an acceleration [mg]."""
    p = ptr32(state)
    p[0] += ((ax << 6) - p[0]) // n
    p[1] += ((ay << 6) - p[1]) // n
    p[2] += ((az << 6) - p[2]) // n


def _nothing() -> None: ...


class Fall:
    """Feed it samples, read `fields` whenever it returns an event code.

    hit: called within the feed of an impact that may turn out a fall.
    watches: whether watch() of `mean` does for feed(), and strike() for what it returns but 0: who is in a hurry.
    """

    def __init__(self, rate_hz: int, placement: str, frame: str, countdown_s: int):
        """rate_hz: [Hz].  placement, frame: of the pod.  countdown_s: from `fall` to `fall_alarm` [s]."""
        self.fields = array("i", bytearray(4 * FIELD_COUNT))
        for name, impact_mg, still_ms in RULES:
            if name == placement:
                impact2 = (impact_mg >> 2) * (impact_mg >> 2)
                self._still = samples(still_ms, rate_hz)
        self._upright = placement == "belt" and frame == "body"  # who lies already cannot fall
        self._burst_n = samples(_BURST_MS, rate_hz) if placement == "wrist" else -1  # -1: no burst is short enough
        self._settle = samples(_SETTLE_MS, rate_hz)
        self._latest = samples(_LATEST_MS, rate_hz)
        self._moved_n = samples(_MOVED_MS, rate_hz)
        self._countdown = countdown_s * rate_hz
        # gravity before a fall, where it points in a countdown
        before_n = samples(_BEFORE_MS, rate_hz)
        self.mean = array(
            "i", (0, 0, 0, 0, before_n, impact2, 0, 0, samples(_FADE_MS, rate_hz), samples(_UP_MS, rate_hz), 0)
        )
        self._lost = samples(_LOST_MS, rate_hz) * _HELD2
        self._first = array("i", bytearray(12))  # the sample that a stretch of stillness began with [mg]
        self.hit = _nothing
        self._started = samples(_TRUNK_MS if placement == "belt" else _LIMB_MS, rate_hz)
        self._restart(self._started)

    def _restart(self, needed: int) -> None:
        """Begin anew.  needed: samples of gravity before a blow may be a fall's."""
        self._needed = needed
        self.mean[_BLOWS_N] = needed if self._upright else 0
        self._state = _WATCH
        self.watches = True
        self.mean[_KNOWN] = self._since = self._count = self._peak2 = self._burst = 0

    def gap(self, missing: int) -> None:
        """Take note that samples were lost: a countdown goes on, gravity outlasts a short gap, nothing else."""
        if self._state == _COUNTING:
            self._since += missing
        elif self._state == _SUSPECT or missing > self.mean[_BEFORE_N]:
            self._restart(self._started)

    def call_off(self) -> bool:
        """End a countdown, which the next sample tells; False when none runs."""
        if self._state != _COUNTING:
            return False
        self._state = _CANCELLED
        return True

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg, 0.1 deg/s]; return an event code, 0 for nothing."""
        if self.watches:
            size2 = watch(self.mean, ax, ay, az)
            if size2:
                self.strike(size2)
            return NOTHING
        if self._state > _SUSPECT:
            return self._go_on(ax, ay, az)
        x = ax >> 2
        y = ay >> 2
        z = az >> 2
        size2 = x * x + y * y + z * z
        if size2 >= self.mean[_IMPACT2]:
            self.strike(size2)
            return NOTHING
        self._since += 1
        if self._since > self._latest:
            return self._acquit()
        if self._since > self._settle and self._rests(ax, ay, az, gx, gy, gz):
            return self._judge()
        return NOTHING

    def strike(self, size2: int) -> None:
        """Take an impact.  size2: its square [(4 mg)^2]."""
        if self.mean[_KNOWN] >= self._needed and (not self._upright or self._falls()):
            self._state = _SUSPECT
            self.watches = False
            self._burst += self._since
            self._since = self._count = 0
            self._peak2 = max(self._peak2, size2)
            self.hit()

    def _falls(self) -> bool:
        """Return whether a trunk stood before an impact, and was not let down."""
        mean = self.mean
        return mean[2] > _UPRIGHT_MG << 6 and (mean[_UP] >= _LYING_MG << 6 or mean[_LOST] >= self._lost)

    def _rests(self, ax, ay, az, gx, gy, gz) -> bool:
        """Return whether for long enough every sample was like the first of them."""
        first = self._first
        if (
            not self._count
            or not -_STILL_MG < ax - first[0] < _STILL_MG
            or not -_STILL_MG < ay - first[1] < _STILL_MG
            or not -_STILL_MG < az - first[2] < _STILL_MG
            or not -_STILL_DDPS < gx < _STILL_DDPS
            or not -_STILL_DDPS < gy < _STILL_DDPS
            or not -_STILL_DDPS < gz < _STILL_DDPS
        ):
            first[0] = ax
            first[1] = ay
            first[2] = az
            self._count = 0
        self._count += 1
        return self._count >= self._still

    def _judge(self) -> int:
        turned_ddeg = self._turned_ddeg()
        if turned_ddeg < _TURNED_DDEG:
            return self._acquit()
        self.fields[0] = isqrt(self._peak2) << 2
        self.fields[1] = turned_ddeg
        self._state = _COUNTING
        self._since = 0
        for i in range(3):
            self.mean[i] = self._first[i] << 6
        return FALL

    def _acquit(self) -> int:
        """It was no fall; a near one perhaps."""
        near = self._burst <= self._burst_n
        self.fields[0] = isqrt(self._peak2) << 2
        self._restart(self._settle)
        return NEAR_FALL if near else NOTHING

    def _turned_ddeg(self) -> int:
        """Return how far gravity has turned from before [0.1 deg]."""
        mean = self.mean
        first = self._first
        before = max(1, hypot(hypot(mean[0] >> 6, mean[1] >> 6), mean[2] >> 6))
        after = max(1, hypot(hypot(first[0], first[1]), first[2]))
        cosine_q14 = 0
        for i in range(3):
            cosine_q14 += (((mean[i] << 6) // before) * ((first[i] << 12) // after)) >> 10
        return 900 - angle_ddeg(cosine_q14)

    def _go_on(self, ax, ay, az) -> int:
        """Count down."""
        self._since += 1
        follow(self.mean, ax, ay, az, self._moved_n)
        for i in range(3):
            if not -_MOVED_MG << 6 < self.mean[i] - (self._first[i] << 6) < _MOVED_MG << 6:
                self._state = _CANCELLED
        code = NOTHING
        if self._state == _CANCELLED:
            code = FALL_OVER
        elif self._since >= self._countdown:
            code = FALL_ALARM
        if code:
            self._restart(self._settle)
        return code
