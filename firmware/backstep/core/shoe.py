"""Shoe placement: strides with direction, length and height from one foot's inertial sensor."""

from array import array

from .compat import const
from .events import FIELD_COUNT, NOTHING, FORWARD, STRIDE, TURN, UNKNOWN
from .fixed import hypot, samples, saturate
from .stance import CLOSE, LEAVE, MARK, MOVING, REST, Stance
from .still import BIAS, Still
from .strapdown import Strapdown, speed2_of
from .stride_count import StepCount
from .stride_direction import Direction
from .stride_heading import Heading
from .stride_times import Times

_SHORTEST_MM = const(120)  # a foot shifted less has not stepped
_SHORTEST_MS = const(200)
_LONGEST_MS = const(2400)  # past it the integral's error is a stride's own size
_OFF_MM_S = const(500)
_TILT_MS = const(250)  # too short a stride says nothing about the level
_TILT_LIMIT_MGQ8 = const(50 << 8)
_CLIP_MG = const(15900)
_CLIP_DDPS = const(19900)
_CLIPS_MAX_MS = const(40)


class Shoe:
    """Feed it samples, read `fields` whenever it returns an event code."""

    def __init__(self, rate_hz: int, settings: dict, frame: str):
        """rate_hz: sample rate [Hz].  settings: from settings.check.  frame: "body" or "sensor"."""
        self.fields = array("i", bytearray(4 * FIELD_COUNT))
        self.n = 0
        self._strapdown = Strapdown(rate_hz)
        self._stance = Stance(rate_hz)
        self._still = Still(rate_hz)
        # [mm] = [mg sample^2] * 9.80665 / rate^2, as displacement * 8 // divisor
        self._mm_divisor = (rate_hz * rate_hz * 800000 + 490332) // 980665
        self._times = Times(speed2_of(_OFF_MM_S, rate_hz))
        self._count = StepCount(rate_hz)
        self._direction = Direction()
        self._heading = Heading(frame == "body")
        self._axis = self._heading.axis
        self._marked = 0
        self._clips = 0
        self._clips_max = samples(_CLIPS_MAX_MS, rate_hz)
        self._shortest = samples(_SHORTEST_MS, rate_hz)
        self._longest = samples(_LONGEST_MS, rate_hz)
        self._tilt_least = samples(_TILT_MS, rate_hz)

    def gap(self, missing: int) -> None:
        """Take note that samples were lost: what was being measured is void."""
        self.n += missing
        self._strapdown.level = False
        self._strapdown.zero()
        self._stance.restart()
        self._still.restart()
        self._times.restart(self.n)

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg, 0.1 deg/s] in the pod's axes; return an event code, 0 for nothing."""
        n = self.n
        self.n = n + 1
        strapdown = self._strapdown
        motion2 = strapdown.feed(ax, ay, az, gx, gy, gz)
        speed2 = strapdown.speed2 if strapdown.level else 0
        code = self._stance.feed(motion2, strapdown.calm2, speed2)
        if code == REST:
            if not strapdown.level:
                self._heading.aim(ax, ay, az)
                strapdown.set_up(ax, ay, az, self._axis)
            strapdown.follow(ax, ay, az)
            strapdown.zero()
        elif code == MARK:
            strapdown.mark()
            self._marked = n
        elif code == CLOSE:
            return self._close(n)
        elif code == LEAVE:
            self._leave(n)
        elif code == MOVING:
            self._times.feed(n, speed2, motion2)
            if motion2 > 1000000 and (
                not -_CLIP_MG < ax < _CLIP_MG
                or not -_CLIP_MG < ay < _CLIP_MG
                or not -_CLIP_MG < az < _CLIP_MG
                or not -_CLIP_DDPS < gx < _CLIP_DDPS
                or not -_CLIP_DDPS < gy < _CLIP_DDPS
                or not -_CLIP_DDPS < gz < _CLIP_DDPS
            ):
                self._clips += 1
        if motion2 < 40000:
            found = self._still.feed(ax, ay, az, gx, gy, gz)
            if found:
                self._settle(found)
        return NOTHING

    def _settle(self, found) -> None:
        """The sensor stands still: level, and after longer the bias of its gyro."""
        still = self._still
        strapdown = self._strapdown
        count = still.count
        if found == BIAS:
            strapdown.bias_x = 16 * still.sum_gx // count
            strapdown.bias_y = 16 * still.sum_gy // count
            strapdown.bias_z = 16 * still.sum_gz // count
        strapdown.set_gravity(still.gravity_mg())
        self._heading.aim(still.sum_ax, still.sum_ay, still.sum_az)
        strapdown.set_up(still.sum_ax, still.sum_ay, still.sum_az, self._axis)
        strapdown.zero()
        strapdown.mark()

    def _leave(self, n) -> None:
        strapdown = self._strapdown
        strapdown.mark()
        strapdown.point(self._axis)
        strapdown.rebase()
        self._times.restart(n)
        self._clips = 0

    def _close(self, n) -> int:
        strapdown = self._strapdown
        pointed = strapdown.point(self._axis)
        count = strapdown.marked_count
        event = NOTHING
        if strapdown.level and pointed and count >= self._shortest:
            event = self._stride(count)
        self._relevel(count)
        strapdown.rebase()
        self._times.restart(n)
        self._clips = 0
        return event

    def _stride(self, count) -> int:
        strapdown = self._strapdown
        forward = self._mm(strapdown.marked_pf, strapdown.marked_vf, count)
        left = self._mm(strapdown.marked_pl, strapdown.marked_vl, count)
        stride_mm = hypot(forward, left)
        if stride_mm < _SHORTEST_MM:
            return NOTHING
        direction = self._direction.judge(forward, left, strapdown.turn_cos, strapdown.turn_sin)
        if count > self._longest or self._clips > self._clips_max:
            direction = UNKNOWN
        elif direction != TURN:
            heading = self._heading
            if heading.learn(self._direction.fore_mm, self._direction.lateral_mm, strapdown):
                direction = FORWARD
            elif not heading.known:
                direction = UNKNOWN
        fields = self.fields
        fields[0] = self._times.start
        fields[1] = self._times.contact
        fields[2] = direction
        fields[3] = stride_mm
        # the velocity left over says how far the level leant: that part of the way was no height
        up = self._mm(strapdown.marked_pu, strapdown.marked_vu, count)
        fields[4] = up
        fields[5] = self._direction.lateral_mm
        self.debug = (hypot(strapdown.marked_vf, strapdown.marked_vl) * 981 // 20800, count / 208, self._clips, (self._stance._least/8)**.5*4, (self._stance._top)**.5*128*9.81/208)
        fields[6] = self._count.stride(self._times.contact)
        return STRIDE

    def _mm(self, displacement, velocity, count) -> int:
        """Return a displacement [mm] with the velocity left over at rest taken out as a linear drift."""
        return saturate(displacement - velocity * (count + 1) // 2, 1 << 26) * 8 // self._mm_divisor

    def _lean(self, velocity, count) -> int:
        """Return the tilt of the level [rad Q14] that explains a velocity left over at rest."""
        lean = saturate((velocity << 8) // count, _TILT_LIMIT_MGQ8)
        return (lean * 4194) >> 16

    def _relevel(self, count) -> None:
        """Half of what velocity is left over at rest, read as a tilt of the level."""
        if count < self._tilt_least or self._clips:
            return
        strapdown = self._strapdown
        strapdown.tilt(self._lean(strapdown.marked_vf, count) >> 1, self._lean(strapdown.marked_vl, count) >> 1)
