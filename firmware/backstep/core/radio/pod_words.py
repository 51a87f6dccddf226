"""The pod's own service, byte by byte; PROTOCOL.md has the tables. Little-endian, whole as long as they are."""

from array import array

from ..compat import const
from .rsc import put16

# Flags of counts.
RUNNING = const(1)
LEVEL = const(2)  # the pod was calibrated on a level floor: its grade counts
SNOOZED = const(4)
COUNTS_BYTES = const(17)
STRIDE_BYTES = const(15)
ALERT_BYTES = const(8)
DOSE_BYTES = const(12)
_LOW = const(0xFFFF)


def counts_into(room, steps: tuple, direction: int, cadence_spm: int, grade_permille: int, flags: int) -> None:
    """Put the counts of the session into a bytearray of COUNTS_BYTES.  steps: backward, forward, other."""
    for k in range(3):
        put32(room, 4 * k, steps[k])
    room[12] = direction
    room[13] = min(255, cadence_spm)
    put16(room, 14, _within(grade_permille))
    room[16] = flags


def stride_into(room, number: int, fields) -> None:
    """Put a stride into a bytearray of STRIDE_BYTES.

    number: of strides since the start; its low 16 bits are told.  fields: of the event.
    """
    put16(room, 0, number)
    room[2] = fields[2]
    put16(room, 3, min(_LOW, fields[3]))
    put16(room, 5, _within(fields[4]))
    put16(room, 7, _within(fields[5]))
    room[9] = min(255, fields[7])
    room[10] = fields[9]
    put16(room, 11, _within(fields[10]))
    put16(room, 13, min(_LOW, fields[11]))


def alert_into(room, number: int, code: int, first: int, second: int, left_s: int) -> None:
    """Put a warning into a bytearray of ALERT_BYTES.

    number: of warnings since the start; its low 8 bits are told.  code: of the event.
    first, second: its fields, 0 where it has none.  left_s: of a fall's countdown [s].
    """
    room[0] = number & 0xFF
    room[1] = code
    put16(room, 2, _within(first))
    put16(room, 4, _within(second))
    put16(room, 6, left_s)


def dose_into(room, goals: tuple, done: int, done_s: int) -> None:
    """Put the dose into a bytearray of DOSE_BYTES.

    goals: backward steps and minutes of a session, 0 = none.  done: backward steps so far.
    done_s: time spent stepping backward [s].
    """
    put16(room, 0, goals[0])
    put16(room, 2, goals[1])
    put32(room, 4, done)
    put32(room, 8, done_s)


def put32(room, at: int, value: int) -> None:
    """Put a value of 0 .. 2^30 into four bytes, the lowest first."""
    put16(room, at, value)
    put16(room, at + 2, value >> 16)


def _within(value):
    return max(-32768, min(32767, value))


class Alerts:
    """Warnings that wait to be told, one of each code; a sample's own step notes, a task takes.

    code, first, second: of the one that was taken last.
    """

    def __init__(self, codes: int):
        """codes: one more than the highest code, at most 30."""
        self.code = self.first = self.second = 0
        self._waiting = 0  # a bit a code
        self._fields = array("i", [0] * (2 * codes))

    def note(self, code: int, fields) -> None:
        """Note a warning; one of the same code that still waits is told as this one.  It takes no memory."""
        at = 2 * code
        self._fields[at] = fields[0]
        self._fields[at + 1] = fields[1]
        self._waiting |= 1 << code

    def take(self) -> bool:
        """Take the warning with the lowest code of all; False when none waits."""
        code = 0
        waiting = self._waiting
        while waiting:
            if waiting & 1:
                self._waiting &= ~(1 << code)
                self.code = code
                self.first = self._fields[2 * code]
                self.second = self._fields[2 * code + 1]
                return True
            waiting >>= 1
            code += 1
        return False
