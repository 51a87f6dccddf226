"""The raw seconds around an event: a ring of samples that holds still after it, until they are taken."""

from array import array

from ..compat import const
from ..events import FIELD_COUNT
from ..ring import copy

_AXES = const(6)
# In place of ax, where samples are missing, of which ay is the number. No sensor says it: +-16 g are +-16000 mg.
BREAK = const(-32768)


class RawRing:
    """The last `capacity` samples of six int16 [mg, 0.1 deg/s].

    note() an event and it goes on for `after` samples, its own the first of them; then it holds still. Unless it
    is `wanted` within `patience` more it forgets and begins anew, or, where it keeps every event, wants it itself.
    count: samples in it.  code, sample, fields: the event noted, code 0 = none.  row: where its sample is.
    marked: for whoever wants it to say why.
    """

    def __init__(self, capacity: int, after: int, patience: int, keeps: bool = False):
        """capacity, after, patience: [samples].  keeps: want every event that is noted."""
        self.keeps = keeps
        self.fields = array("i", bytearray(4 * FIELD_COUNT))
        self._capacity = capacity
        self._rows = array("h", bytearray(2 * _AXES * capacity))
        self._after = after
        self._patience = patience
        self.release()

    @property
    def still(self) -> bool:
        """Whether it holds still: all is there."""
        return 0 < self._left <= self._patience

    def release(self) -> None:
        """Forget everything and begin anew."""
        self.code = self.sample = self.row = self.count = 0
        self.wanted = self.marked = False
        self._next = 0
        self._left = 0  # samples until it begins anew, once an event is noted

    def note(self, code: int, sample: int, fields) -> None:
        """Keep what is around the next sample to be put; nothing while another event is kept.

        code, fields: of the event.  sample: its index.
        """
        if self._left:
            return
        self.code = code
        self.sample = sample
        for i in range(FIELD_COUNT):
            self.fields[i] = fields[i]
        self.row = self.count
        self._left = self._patience + self._after

    def suspect(self, code: int, sample: int) -> None:
        """Keep what is around the next sample to be put until confirm(); a later call takes its place.

        code: of the event it may become.  sample: its index.
        """
        if self.wanted:
            return
        if self.still:
            self._resume(self._patience - self._left)
        self._left = 0
        self.note(code, sample, self.fields)

    def confirm(self, fields) -> None:
        """Want what was suspected last, if it is kept still.  fields: of the event."""
        if self.code:
            self.wanted = True
            for i in range(FIELD_COUNT):
                self.fields[i] = fields[i]

    def put(self, sample) -> None:
        """Take one sample, an array("h") of six."""
        left = self._left
        if 0 < left <= self._patience:
            if not self.wanted:
                self._wait(left)
            return
        copy(sample, 0, self._rows, self._next * _AXES)
        self._step_on()
        if left:
            self._left = left - 1

    def _resume(self, missing):
        at = self._next * _AXES
        for k in range(_AXES):
            self._rows[at + k] = 0
        self._rows[at] = BREAK
        self._rows[at + 1] = missing
        self._step_on()

    def _step_on(self):
        following = self._next + 1
        self._next = 0 if following == self._capacity else following
        if self.count < self._capacity:
            self.count += 1
        elif self._left:
            self.row -= 1

    def _wait(self, left):
        if left > 1:
            self._left = left - 1
        elif self.keeps:
            self.wanted = True
        else:
            self.release()

    def gap(self) -> None:
        """Take note that samples were lost: what is kept ends there, what is not kept is forgotten."""
        if self._left:
            self._left = min(self._left, self._patience)
        else:
            self.release()

    def row_into(self, index: int, out) -> None:
        """Copy row `index`, 0 = the oldest, into out, an array("h") of six; BREAK in it: some are missing."""
        at = (self._next - self.count + index) % self._capacity * _AXES
        for k in range(_AXES):
            out[k] = self._rows[at + k]
