"""Which way somebody walks, from the phase of the trunk's motion fore and aft against its rise and fall.

A walker is an inverted pendulum, fastest where the trunk is lowest (Cavagna, Heglund and Taylor, Am. J. Physiol.
1977): walking forward the acceleration ahead leads the upward one by about a quarter of a step, walking backward
it lags by as much. A runner is a spring, slowest where lowest, and the phase turns round: jogging forward looks
like walking backward. On stairs it is anywhere, and a slope takes the pendulum away little by little (Dewolf et
al., PLoS ONE 2017). So only what is walking on the level beyond doubt is judged: even steps of a walk's cadence, a
rise and fall no larger than a walk's, a surge that is not small beside it, one phase for many steps. All else is
unknown.

Nobody has recorded backward gait at a belt: that forward gait is never called backward was seen on recordings,
that backward gait is called backward only on forward gait played in reverse.
"""

from array import array

from ..compat import const
from ..events import BACKWARD, FORWARD, UNKNOWN
from ..fixed import isqrt, samples, saturate

_SLOT_HZ = const(34)
_MASK = const(63)  # the past is a ring of 64 slots
_CLIP_MG = const(2047)
_QUICKEST_MS = const(460)  # joggers step faster, most walkers slower
_SLOWEST_MS = const(1100)
_UNEVEN_PCT = const(30)
_AVERAGED = const(4)  # steps
_ALIKE = const(8)  # so many steps in a row go one way
_ALIKE_TENTHS = const(3)  # each with this sine of its phase
_MEAN_TENTHS = const(6)  # and their mean with this one
_LIVELY_MG = const(300)  # amplitude of the upward acceleration at the step's frequency: above it who knows
_RISE_MM = const(25)  # and of the rise itself; stairs and jogging have more
_RISE_SCALE = const(4)  # (2 pi)^2 / 9.81: mm of amplitude to mg * (samples / rate)^2
_SURGE_HALVES = const(1)  # the surge is at least this part of it; less on stairs
# cos(2 pi i / 64) * 127 + 128
_COS = (
    b"\xff\xfe\xfd\xfa\xf5\xf0\xea\xe2\xda\xd1\xc7\xbc\xb1\xa5\x99\x8c\x80\x74\x67\x5b\x4f\x44\x39\x2f\x26\x1e\x16\x10\x0b\x06\x03\x02"
    b"\x01\x02\x03\x06\x0b\x10\x16\x1e\x26\x2f\x39\x44\x4f\x5b\x67\x74\x80\x8c\x99\xa5\xb1\xbc\xc7\xd1\xda\xe2\xea\xf0\xf5\xfa\xfd\xfe"
)


class TrunkDirection:
    """Feed it every sample, tell it every contact."""

    def __init__(self, rate_hz: int):
        self.every = max(1, rate_hz // _SLOT_HZ)
        self._quickest = samples(_QUICKEST_MS, rate_hz)
        self._slowest = samples(_SLOWEST_MS, rate_hz)
        self._rise = _RISE_SCALE * _RISE_MM * rate_hz * rate_hz
        self._lifts = array("h", bytearray(2 * (_MASK + 1)))
        self._fores = array("h", bytearray(2 * (_MASK + 1)))
        self.restart()

    def restart(self, n=0) -> None:
        """Forget the past; the next sample is n."""
        self._since = n
        self._contact = self._apart = 0
        self._begin()

    def feed(self, n, lift_mg, fore_mg) -> None:
        """Take what of sample n is acceleration upwards and ahead [mg], of Lean; only of each `every`th sample."""
        slot = n // self.every & _MASK
        self._lifts[slot] = saturate(lift_mg, _CLIP_MG)
        self._fores[slot] = saturate(fore_mg, _CLIP_MG)

    def contact(self, n, contact) -> int:
        """Return the direction of the steps up to a contact: FORWARD, BACKWARD or UNKNOWN.

        n: sample fed last.  contact: sample of the contact.
        """
        apart = contact - self._contact
        self._contact = contact
        last = self._apart
        self._apart = 0
        if not self._quickest <= apart <= self._slowest:
            self._begin()
            return UNKNOWN
        self._apart = apart
        every = self.every
        first = (contact - apart) // every
        count = apart // every
        if contact - apart < self._since or n // every - first > _MASK:
            self._begin()
            return UNKNOWN
        if abs(apart - last) * 100 > _UNEVEN_PCT * max(apart, last):
            self._begin()
        self._fit(first, count)
        return self._judge(apart)

    def _begin(self) -> None:
        self._steps = self._alike = self._way = 0
        self._cross = self._up = self._ahead = 0

    def _fit(self, first, count) -> None:
        """Average in what the slots of one step are at its frequency."""
        lift_re = lift_im = fore_re = fore_im = 0
        for i in range(count):
            turn = (i << 6) // count
            re = _COS[turn] - 128
            im = _COS[(turn + 16) & _MASK] - 128
            lift = self._lifts[(first + i) & _MASK]
            fore = self._fores[(first + i) & _MASK]
            lift_re += lift * re
            lift_im += lift * im
            fore_re += fore * re
            fore_im += fore * im
        scale = 127 * count // 2
        lift_re //= scale
        lift_im //= scale
        fore_re //= scale
        fore_im //= scale
        self._average(
            fore_im * lift_re - fore_re * lift_im,
            lift_re * lift_re + lift_im * lift_im,
            fore_re * fore_re + fore_im * fore_im,
        )

    def _average(self, cross, up, ahead) -> None:
        way = 0
        if abs(cross) * 10 > _ALIKE_TENTHS * isqrt(up) * isqrt(ahead):
            way = 1 if cross > 0 else -1
        self._alike = self._alike + 1 if way == self._way else 1
        self._way = way
        if self._steps < _AVERAGED:
            self._steps += 1
        steps = self._steps
        self._cross += (cross - self._cross) // steps
        self._up += (up - self._up) // steps
        self._ahead += (ahead - self._ahead) // steps

    def _judge(self, apart) -> int:
        up = isqrt(self._up)
        ahead = isqrt(self._ahead)
        way = self._way
        if (
            not way
            or self._alike < _ALIKE
            or up > _LIVELY_MG
            or up * apart * apart > self._rise
            or 2 * ahead < _SURGE_HALVES * up
            or way * self._cross * 10 < _MEAN_TENTHS * up * ahead
        ):
            return UNKNOWN
        return FORWARD if way > 0 else BACKWARD
