"""What a session adds up to: steps by direction, cadence, grade, distance, warnings, falls, marks."""

from array import array

from .. import events
from ..compat import const

_RECENT = const(8)
_GRADE_STRIDES = const(20)
_PAUSE_S = const(3)


class Session:
    """Counters fed with every event of a detector; numbers only, no clock."""

    def __init__(self, rate_hz: int):
        self.rate_hz = rate_hz
        self.steps = array("i", [0] * len(events.DIRECTIONS))
        self.backward_mm = 0
        self.forward_mm = 0
        self.ascent_mm = 0
        self.descent_mm = 0
        self.strides = 0
        self.sways = 0
        self.cautions = 0
        self.falls = 0
        self.fall_alarms = 0
        self.near_falls = 0
        self.foot_cues = 0
        self.postures = 0
        self.marks = 0
        self.false_alarms = 0
        self.missing = 0
        self.direction = events.UNKNOWN
        self.cadence_spm = 0
        self._directions = array("b", [0] * _RECENT)
        self._contact = -1
        self._lengths = array("i", [0] * _GRADE_STRIDES)
        self._heights = array("i", [0] * _GRADE_STRIDES)
        self._grade_slot = 0
        self._advanced = events.UNKNOWN

    @property
    def backward(self) -> int:
        """Backward steps."""
        return self.steps[events.BACKWARD]

    @property
    def forward(self) -> int:
        """Forward steps."""
        return self.steps[events.FORWARD]

    @property
    def other(self) -> int:
        """Steps neither backward nor forward."""
        return sum(self.steps) - self.backward - self.forward

    @property
    def grade_permille(self) -> int:
        """Mean grade [0.1 %] over up to the last 20 strides walked forward, or backward."""
        length = sum(self._lengths)
        return sum(self._heights) * 1000 // length if length else 0

    def add(self, code: int, fields) -> None:
        """Count one event.  code: event number.  fields: the detector's fields for it."""
        if code == events.STRIDE:
            self._add_stride(fields[1], fields[2], fields[3], fields[4], fields[6])
        elif code == events.STEP:
            self._pace(fields[0], 1)
            self.direction = fields[1]
            self.steps[fields[1]] += fields[2]
        elif code == events.SWAY:
            self.sways += 1
        elif code == events.CAUTION:
            self.cautions += 1
        elif code == events.FALL:
            self.falls += 1
        elif code == events.FALL_ALARM:
            self.fall_alarms += 1
        elif code == events.NEAR_FALL:
            self.near_falls += 1
        elif events.SLIDE <= code <= events.RECOVERY:
            self.foot_cues += 1
        elif code == events.POSTURE:
            self.postures += 1
        elif code == events.MARK:
            self.marks += 1
            self.false_alarms += fields[0]
        elif code == events.GAP:
            self.missing += fields[0]

    def pause(self, sample: int) -> None:
        """Tell the time [sample]; after 3 s without a step there is no cadence."""
        if self._contact >= 0 and sample - self._contact > _PAUSE_S * self.rate_hz:
            self.cadence_spm = 0

    def _add_stride(self, contact, direction, stride_mm, height_mm, steps):
        self._pace(contact, 2)
        slot = self.strides % _RECENT
        self._directions[slot] = direction
        self.strides += 1
        self.direction = direction
        for back in range(min(steps // 2, _RECENT, self.strides)):
            self.steps[self._directions[(slot - back) % _RECENT]] += 2
        if direction in (events.FORWARD, events.BACKWARD):
            self._advance(direction, stride_mm, height_mm)

    def _advance(self, direction, stride_mm, height_mm):
        if direction == events.BACKWARD:
            self.backward_mm += stride_mm
        else:
            self.forward_mm += stride_mm
        if height_mm > 0:
            self.ascent_mm += height_mm
        else:
            self.descent_mm -= height_mm
        if direction != self._advanced:
            self._advanced = direction
            for i in range(_GRADE_STRIDES):
                self._lengths[i] = self._heights[i] = 0
        self._lengths[self._grade_slot] = stride_mm
        self._heights[self._grade_slot] = height_mm
        self._grade_slot = (self._grade_slot + 1) % _GRADE_STRIDES

    def _pace(self, contact, steps):
        apart = contact - self._contact
        if self._contact >= 0 and 0 < apart <= _PAUSE_S * self.rate_hz:
            now = (60 * steps * self.rate_hz + apart // 2) // apart
            self.cadence_spm = (self.cadence_spm + now) // 2 if self.cadence_spm else now
        self._contact = contact
