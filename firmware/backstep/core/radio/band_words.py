"""The words that the pods of a band say to each other: a kind, then numbers, the lowest byte first.

A word has at most 8 bytes: sealed (app/radio/seal.py) it fits the 20 that every link takes at once.
"""

from .. import events
from ..compat import const
from ..log.little_endian import get_int, put_int

BAND_VERSION = const(1)  # of these words, the sealing and the patterns' numbers
LONGEST = const(8)
VALUES = const(4)
VALUE_MAX = const(0x3FFFFFFF)  # of four bytes; a larger one would be no small int on a pod

# Kinds, and their values:
BEAT = const(
    1
)  # ms: the hub's clock as it was sent, or what the pod takes it for; flags: 0; battery [%], 255 = unknown
SESSION = const(
    2
)  # id: of the band's session; flags: RUNS; from a pod WISH: its wearer has begun or ended it there; or RESTS
PATTERN = const(3)  # index: of core/patterns.py; ms: when it began, by the hub's clock; pod: whose it is
EVENT = const(4)  # code: of core/events.py; ms: of its contact, by the hub's clock; way: the direction; steps
ORDER = const(5)  # order: one of those below

RUNS = const(1)
WISH = const(2)
RESTS = const(4)  # the pod goes off now: its link ends, and is not lost
RECENT = const(8)  # the hub was in this session a moment ago, and the beat before this word has its clock of then

LAP = const(1)
MARK = const(2)
SNOOZE = const(3)
AWAKE = const(4)
PRESS = const(5)  # ends countdown and alarm of a fall

# Bytes of each value, by kind.
_SIZES = (b"", b"\x04\x01\x01", b"\x04\x01", b"\x01\x04\x01", b"\x01\x04\x01\x01", b"\x01")


def sizes(kind: int) -> bytes:
    """Return how many bytes each value of a kind has."""
    return _SIZES[kind]


def write_word(word, kind: int, *values) -> int:
    """Write a word into the beginning of a buffer of LONGEST bytes; return its length.  ValueError for no kind."""
    if not 0 < kind < len(_SIZES) or len(values) != len(_SIZES[kind]):
        raise ValueError("band: kind %r with %d values is no word" % (kind, len(values)))
    word[0] = kind
    at = 1
    for i, size in enumerate(_SIZES[kind]):
        put_int(word, at, size, values[i])
        at += size
    return at


def read_word(word, length: int, values) -> int:
    """Read a word; return its kind with its values in `values`, 0 for what is none.

    word: buffer whose first `length` bytes are the word.  values: VALUES integers, written to.
    """
    kind = word[0] if length else 0
    if not 0 < kind < len(_SIZES):
        return 0
    at = 1
    for size in _SIZES[kind]:
        at += size
    if at != length:
        return 0
    at = 1
    for i, size in enumerate(_SIZES[kind]):
        if size == 4 and word[at + 3] > 0x3F:
            return 0
        values[i] = get_int(word, at, size)
        at += size
    return kind


def order_of(code: int) -> int:
    """Return the order that an event is to the other pods, 0 = none.  code: of core/events.py."""
    if code == events.MARK:
        return MARK
    if code == events.LAP:
        return LAP
    if code == events.SNOOZE:
        return SNOOZE
    return AWAKE if code == events.AWAKE else 0
