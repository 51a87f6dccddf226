"""Shoe placement: strides with direction, length and height from one foot's inertial sensor."""

from array import array

from ..compat import const
from ..detector import Detector
from ..events import FIELD_COUNT, FORWARD, NOTHING, STRIDE, TURN, UNKNOWN
from ..fixed import hypot, samples, saturate
from ..still import BIAS, SUM, Still, alike
from .clipping import Clipping
from .landing import Landing
from .stance import Stance
from .stance_kernel import BLIND, CALM, CLOSE, LEAVE, MARK, MOVING, REST, WINDOW, watch
from .strapdown import Strapdown, speed2_of
from .strapdown_kernel import (
    CALM2,
    COUNT,
    LEVEL,
    MCOUNT,
    MPF,
    MPL,
    MPU,
    MRF,
    MRL,
    MVF,
    MVL,
    MVU,
    SPEED2,
    follow,
    mark,
    move,
    turn,
    zero,
)  # fmt: skip
from .stride_count import StepCount
from .stride_direction import Direction
from .stride_last import LastDirection
from .stride_sure import is_scrap, sure_pct
from .swing_kernel import SIZE2, START, begin, made, swing

_SHORTEST_MM = const(100)  # a foot shifted less has not stepped
_SHORTEST_MS = const(350)  # sprinters take 2.5 strides a second
_LONGEST_MS = const(2400)  # past it the integral's error is a stride's own size
_SPAN_MS = const(50)  # a longer gap may hide where the foot comes to rest
_OFF_MM_S = const(500)
_POD_MM = const(75)  # above the ground, as on the laces: a foot that rolls over it at rest moves the pod
_ROLLED_Q20 = const(915)  # of two rates [0.1 deg/s] the mean [rad/s], in 2^-20
_ROLL_LIMIT = const(4000)
_GUESS_PCT = const(20)
_TILT_LIMIT_MG = const(50)
_RAD_PER_G_Q14 = const(4194)  # 2^14 / 1000 * 2^16 / 2^8: lean of a level that feels 1 mg sideways
_FAR = const(1 << 26)
_STILL2 = const(40000)  # nothing stands still above


class Shoe(Detector):
    """Strides, by the contract of Detector."""

    def __init__(self, rate_hz: int, settings: dict, frame: str):
        """rate_hz: sample rate [Hz].  settings: from settings.check.  frame: "body" or "sensor"."""
        from . import mounting

        self.fields = array("i", bytearray(4 * FIELD_COUNT))
        self.n = 0
        self._strapdown = Strapdown(rate_hz)
        self._state = self._strapdown.state
        self._stance = Stance(rate_hz)
        self._watched = self._stance.state
        self._still = Still(rate_hz)
        self._still_state = self._still.state
        self._rate_hz = rate_hz
        self.true_rate(1000)
        self._swing = made(speed2_of(_OFF_MM_S, rate_hz))
        self._clipping = Clipping(rate_hz)
        self.ranged = self._clipping.ranged  # type: ignore[method-assign]
        self._landing = Landing(rate_hz)
        self._count = StepCount(rate_hz)
        self._direction = Direction()
        self._last = LastDirection(rate_hz)
        self.heading = mounting.heading(settings, frame)
        mounting.put_bias(self._strapdown, settings)
        self._shortest = samples(_SHORTEST_MS, rate_hz)
        self._longest = samples(_LONGEST_MS, rate_hz)
        self.spans = samples(_SPAN_MS, rate_hz)
        self._gap_at = 0
        self._cues = None
        if settings["slide_mm_s"] or settings["catch_pct"] or settings["toe_lift_deg"] or settings["recovery_pct"]:
            from .shoe_cues import ShoeCues

            self._cues = ShoeCues(rate_hz, settings, self._state, self.heading, self.fields)

    def true_rate(self, permille: int) -> None:  # type: ignore[override]
        """Measure lengths and turns by the sensor's true sample rate over the nominal one [0.1 %]."""
        rate = self._rate_hz * permille  # [mHz]
        # [mm] = [mg sample^2] * 9.80665 / rate^2, as displacement * 8 // divisor
        self._mm_divisor = (rate * rate * 8 // 10 + 490332) // 980665
        self._rolled_q20 = _POD_MM * _ROLLED_Q20 * 1000 // rate
        self._strapdown.pace(rate)

    def gap(self, missing: int) -> None:
        """Take note that samples were lost: what was being measured is void."""
        self.n += missing
        if self._cues:
            self._cues.restart()
        self._strapdown.restart()
        self._stance.restart()
        self._still.restart()
        self._clipping.restart()
        begin(self._swing, self.n)
        self._landing.restart()
        self._last.restart()

    def bridged(self) -> None:  # type: ignore[override]
        """Take note that the last samples were lost, and lines put in their place."""
        self._gap_at = self.n

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg, 0.1 deg/s] in the pod's axes; return an event code, 0 for nothing."""
        n = self.n
        self.n = n + 1
        state = self._state
        motion2 = move(state, ax, ay, az, turn(state, gx, gy, gz))
        clipping = self._clipping
        if motion2 >= clipping.hard2 and clipping.take(ax, ay, az, gx, gy, gz):
            self._watched[BLIND] = 1
        code = watch(self._watched, motion2, state[CALM2], state[SPEED2])
        cue = self._cues.feed(code) if self._cues else NOTHING
        if code == MOVING:
            if swing(self._swing, n, state[SPEED2], ax, ay, az):
                self._landing.touch(self._strapdown.rise_q14(self.heading.axis))
        elif code == REST:
            follow(state, ax, ay, az)
            zero(state)
        elif code == MARK:
            if not state[LEVEL]:
                zero(state)  # what was summed up without a level is no way
                self.heading.aim(ax, ay, az)
                self._strapdown.set_up(ax, ay, az, self.heading.axis)
            mark(state)
            clipping.mark()
        elif code == CLOSE:
            return self._close(n)
        elif code == LEAVE:
            mark(state)
            self._strapdown.point(self.heading.axis)
            self._begin(n)
            clipping.begin()
        if clipping.doubt_mg and state[LEVEL]:
            watched = self._watched
            axis = self.heading.axis
            clipping.regain(self._strapdown, axis, code == REST, watched[CALM], watched[WINDOW], ax, ay, az)
        if motion2 < _STILL2:
            found = alike(self._still_state, ax, ay, az, gx, gy, gz)
            if found and self._still.plausible():
                self._settle(found)
        return cue

    def _settle(self, found) -> None:
        """The sensor stands still: level, and after longer the bias of its gyro."""
        still = self._still
        strapdown = self._strapdown
        if found == BIAS:
            strapdown.set_bias(still.rate_q4(0), still.rate_q4(1), still.rate_q4(2))
        strapdown.set_gravity(still.gravity_mg())
        x = still.state[SUM]
        y = still.state[SUM + 1]
        z = still.state[SUM + 2]
        self.heading.aim(x, y, z)
        strapdown.set_up(x, y, z, self.heading.axis)
        self._clipping.restart()
        zero(self._state)
        mark(self._state)

    def _begin(self, n) -> None:
        """The next stride begins at the mark."""
        self._stance.begin()
        self._strapdown.rebase()
        begin(self._swing, n)
        self._landing.begin(self._strapdown.rise_q14(self.heading.axis))

    def _close(self, n) -> int:
        state = self._state
        event = NOTHING
        pointed = self._strapdown.point(self.heading.axis)
        if state[LEVEL] and state[MCOUNT] >= self._shortest:
            event = self._stride(pointed)
            if not self._clipping.clips():
                self._relevel()
        self._begin(n)
        if self._clipping.close():
            self._watched[BLIND] = 1
        return event

    def _stride(self, pointed) -> int:
        strapdown = self._strapdown
        state = self._state
        swung = self._swing
        drift_forward = self._drift_mm(state[MVF])
        drift_left = self._drift_mm(state[MVL])
        forward_mm = self._mm(state[MPF]) - drift_forward
        forward_mm += self._rolled_mm(strapdown.begun_rf + state[MRF])
        left_mm = self._mm(state[MPL]) - drift_left
        left_mm += self._rolled_mm(strapdown.begun_rl + state[MRL])
        stride_mm = hypot(forward_mm, left_mm)
        drift_mm = hypot(drift_forward, drift_left)
        if stride_mm < _SHORTEST_MM:
            return NOTHING
        sure = 0
        sound = self._stance.sound(self.n - self._gap_at <= state[COUNT])
        if pointed and sound and state[MCOUNT] <= self._longest and not self._clipping.lost():
            astray_mm = self._mm(self._clipping.astray(state[MCOUNT]))
            leant_mg = hypot(state[MVF], state[MVL]) // state[MCOUNT]
            sure = sure_pct(stride_mm, drift_mm, leant_mg, astray_mm)
        strapdown.marked_up_into(self.heading.up)
        fields = self.fields
        fields[0] = swung[START]
        fields[1] = self._landing.contact(swung, self.n - 1)
        fields[3] = stride_mm
        fields[2] = self._judge(forward_mm, left_mm, drift_mm, sure)
        fields[4] = self._mm(state[MPU]) - self._drift_mm(state[MVU])
        fields[4] -= self._direction.fore_mm * self.heading.grade_zero_permille // 1000
        fields[5] = self._direction.lateral_mm if self.heading.known else 0
        fields[6] = self._count.stride(fields[1])
        fields[7] = 0
        if fields[2]:
            fields[7] = sure or _GUESS_PCT
            if sure:
                self._last.sure(fields[2], stride_mm, fields[1])
        self._land()
        if self._cues:
            self._cues.stride(fields[1], fields[2], stride_mm)
        return STRIDE

    def _land(self) -> None:
        landing, fields, swung = self._landing, self.fields, self._swing
        landing.close(fields[0], fields[1], swung[SIZE2], self.heading.known)
        fields[8] = landing.stance_ms
        fields[9] = landing.landing
        fields[10] = landing.pitch_ddeg
        fields[11] = landing.impact_mg
        fields[12] = self._clipping.clips()

    def _judge(self, forward_mm, left_mm, drift_mm, sure) -> int:
        """Return the direction, of an unsure stride a guess; a mounting not yet known learns from it."""
        fields = self.fields
        strapdown = self._strapdown
        judged = self._direction
        direction = judged.judge(forward_mm, left_mm, strapdown.turn_cos, strapdown.turn_sin)
        if not sure:
            return self._last.guess(direction, fields[3], fields[1])
        if direction == TURN:
            return TURN
        if is_scrap(fields[3], drift_mm, strapdown.turn_sin):
            return UNKNOWN
        if self.heading.learn(judged.fore_mm, judged.lateral_mm, strapdown):
            return FORWARD
        return direction if self.heading.known else UNKNOWN

    def _mm(self, displacement) -> int:
        return saturate(displacement, _FAR) * 8 // self._mm_divisor

    def _drift_mm(self, velocity) -> int:
        """Return how far a velocity left over at rest, grown evenly since the start, has led astray [mm]."""
        return self._mm(velocity * (self._state[MCOUNT] + 1) // 2)

    def _rolled_mm(self, rates) -> int:
        """Return how far the speeds of a rolling foot, which rest was taken for, carry the pod in a stride [mm].

        rates: about one axis at both its ends, summed [0.1 deg/s].
        """
        return (saturate(rates, _ROLL_LIMIT) * self._state[MCOUNT] * self._rolled_q20) >> 20

    def _relevel(self) -> None:
        """Take half of what velocity is left over at rest for a tilt of the level."""
        state = self._state
        self._strapdown.tilt(self._lean(state[MVF]) // 2, self._lean(state[MVL]) // 2)

    def _lean(self, velocity) -> int:
        """Return the tilt [rad Q14] that explains a velocity left over at rest."""
        mean_mg_q8 = saturate((velocity << 8) // self._state[MCOUNT], _TILT_LIMIT_MG << 8)
        return (mean_mg_q8 * _RAD_PER_G_Q14) >> 16
