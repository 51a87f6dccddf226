"""The raw seconds around an event: a ring of samples that holds still after it, until they are taken."""

from array import array

from ..compat import const, ptr16, ptr32, viper
from ..events import FIELD_COUNT
from ..rows import AXES, copy

# In place of ax, where samples are missing, of which ay is the number. No sensor says it: +-16 g are +-16000 mg.
BREAK = const(-32768)

_CAPACITY = const(0)  # of the state
_PATIENCE = const(1)
_NEXT = const(2)
_HELD = const(3)
_ROW = const(4)
_LEFT = const(5)  # samples until it begins anew, once an event is noted
_SIZE = const(6)


@viper
def take(state, ring, rows, at: int, wanted: int) -> int:
    """Take six int16 of rows[at:], kept unless the ring holds still; return whether patience with it is over."""
    p = ptr32(state)
    to = ptr16(ring)
    of = ptr16(rows)
    left = p[_LEFT]
    if 0 < left <= p[_PATIENCE]:
        if not wanted:
            if left == 1:
                return 1
            p[_LEFT] = left - 1
        return 0
    if p[_HELD] < p[_CAPACITY]:
        p[_HELD] += 1
    elif left:
        p[_ROW] -= 1
    if left:
        p[_LEFT] = left - 1
    at_ring = p[_NEXT] * AXES
    k = 0
    while k < AXES:
        to[at_ring + k] = of[at + k]
        k += 1
    p[_NEXT] = 0 if p[_NEXT] == p[_CAPACITY] - 1 else p[_NEXT] + 1
    return 0


class RawRing:
    """The last `capacity` samples of six int16 [mg, 0.1 deg/s].

    note() an event and it goes on for `after` samples, its own the first of them; then it holds still. Unless it
    is `wanted` within `patience` more it forgets and begins anew, or, where it keeps every event, wants it itself.
    code, sample, fields: the event noted, code 0 = none.
    marked: for whoever wants it to say why.
    """

    def __init__(self, capacity: int, after: int, patience: int, keeps: bool = False):
        """capacity, after, patience: [samples].  keeps: want every event that is noted."""
        self.keeps = keeps
        self.fields = array("i", bytearray(4 * FIELD_COUNT))
        self.rows = array("h", bytearray(2 * AXES * capacity))
        self.state = array("i", bytearray(4 * _SIZE))
        self.state[_CAPACITY] = capacity
        self.state[_PATIENCE] = patience
        self._after = after
        self.release()

    @property
    def count(self) -> int:
        """Samples in it."""
        return self.state[_HELD]

    @property
    def row(self) -> int:
        """Where the event's sample is."""
        return self.state[_ROW]

    @property
    def still(self) -> bool:
        """Whether it holds still: all is there."""
        return 0 < self.state[_LEFT] <= self.state[_PATIENCE]

    def release(self) -> None:
        """Forget everything and begin anew."""
        self.code = self.sample = 0
        self.wanted = self.marked = False
        for i in range(_NEXT, _SIZE):
            self.state[i] = 0

    def note(self, code: int, sample: int, fields) -> None:
        """Keep what is around the next sample to be put; nothing while another event is kept.

        code, fields: of the event.  sample: its index.
        """
        state = self.state
        if state[_LEFT]:
            return
        self.code = code
        self.sample = sample
        for i in range(FIELD_COUNT):
            self.fields[i] = fields[i]
        state[_ROW] = state[_HELD]
        state[_LEFT] = state[_PATIENCE] + self._after

    def suspect(self, code: int, sample: int) -> None:
        """Keep what is around the next sample to be put until confirm(); a later call takes its place.

        code: of the event it may become.  sample: its index.
        """
        if self.wanted:
            return
        state = self.state
        missing = state[_PATIENCE] - state[_LEFT] if self.still else 0
        state[_LEFT] = 0
        if missing:
            self._resume(missing)
        self.note(code, sample, self.fields)

    def confirm(self, fields) -> None:
        """Want what was suspected last, if it is kept still.  fields: of the event."""
        if self.code:
            self.wanted = True
            for i in range(FIELD_COUNT):
                self.fields[i] = fields[i]

    def put(self, rows, at: int = 0) -> None:
        """Take one sample, the six of rows[at:], an array("h").  Who is in a hurry asks take() and tire()."""
        if take(self.state, self.rows, rows, at, self.wanted):
            self.tire()

    def tire(self) -> None:
        """Take note that patience is over."""
        if self.keeps:
            self.wanted = True
        else:
            self.release()

    def _resume(self, missing):
        """Begin to put samples again, after so many that it was still for."""
        at = self.state[_NEXT] * AXES
        for k in range(2, AXES):
            self.rows[at + k] = 0
        self.rows[at] = BREAK
        self.rows[at + 1] = missing
        take(self.state, self.rows, self.rows, at, 0)

    def gap(self) -> None:
        """Take note that samples were lost: what is kept ends there, what is not kept is forgotten."""
        state = self.state
        if state[_LEFT]:
            state[_LEFT] = min(state[_LEFT], state[_PATIENCE])
        else:
            self.release()

    def row_into(self, index: int, out) -> None:
        """Copy row `index`, 0 = the oldest, into out, an array("h") of six; BREAK in it: some are missing."""
        state = self.state
        copy(self.rows, (state[_NEXT] - state[_HELD] + index) % state[_CAPACITY] * AXES, out, 0)
