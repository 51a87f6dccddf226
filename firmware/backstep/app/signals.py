"""What the tasks wait for: a flag that a pin interrupt sets, and the queue of the events that detecting finds."""

import asyncio
from array import array

from ..core.events import FIELD_COUNT


class PinFlag:
    """A flag that an interrupt sets and a task waits for.

    It refers to nothing else: MicroPython's scheduler keeps its last callbacks, with all they refer to, for ever.
    rose: whether the interrupt came since somebody last put it back to False.
    """

    def __init__(self):
        self.rose = False
        self._flag = asyncio.ThreadSafeFlag()
        self.set = self._flag.set
        self.clear = self._flag.clear
        self.wait = self._flag.wait

    def on_edge(self, pin) -> None:
        """Serve the interrupt."""
        self.rose = True
        self._flag.set()


class EventQueue:
    """Holds up to `capacity` events in buffers made once; one producer, one consumer."""

    def __init__(self, capacity: int):
        self.posted = asyncio.Event()
        self.fields = array("i", [0] * FIELD_COUNT)
        self.sample = 0
        self._capacity = capacity
        self._codes = bytearray(capacity)
        self._samples = array("i", [0] * capacity)
        self._rows = array("i", [0] * (capacity * FIELD_COUNT))
        self._count = 0
        self._next = 0

    def put(self, code: int, sample: int, fields) -> bool:
        """Append one event; False when the queue is full.  fields: FIELD_COUNT integers, copied."""
        if self._count == self._capacity:
            return False
        slot = (self._next + self._count) % self._capacity
        self._codes[slot] = code
        self._samples[slot] = sample
        at = slot * FIELD_COUNT
        for i in range(FIELD_COUNT):
            self._rows[at + i] = fields[i]
        self._count += 1
        self.posted.set()
        return True

    def take(self) -> int:
        """Take the oldest event: its code, with self.sample and self.fields set; 0 = the queue is empty."""
        if not self._count:
            return 0
        slot = self._next
        self.sample = self._samples[slot]
        at = slot * FIELD_COUNT
        for i in range(FIELD_COUNT):
            self.fields[i] = self._rows[at + i]
        self._next = (slot + 1) % self._capacity
        self._count -= 1
        return self._codes[slot]
