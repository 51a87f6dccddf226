"""Kernel of the stance detection, see stance.py, over one array("i") that the indices below name."""

from ..compat import const, ptr32, viper

MOVING = const(0)
MARK = const(1)  # the quietest moment of this stance so far
CLOSE = const(2)  # the mark stands: the stride ended there
REST = const(3)  # at rest, long enough to be sure
LEAVE = const(4)  # the first sample after rest
WAIT = const(5)  # a mark stands, unless a quieter moment follows

WINDOW = const(0)  # samples
_AT = const(1)  # the oldest of them
ENERGY = const(2)  # sums over the window
CALM = const(3)
STATE = const(4)
PEAK = const(5)  # energy and squared speed, highest of this swing
_TOP = const(6)
_LEAST = const(7)  # energy, lowest of this stance
_WAITED = const(8)
_RESTING = const(9)
_QUIET = const(10)
_LANDED = const(11)  # 1 after a contact, 2 with a mark after it
MARK_CALM = const(12)
LAST_CALM = const(13)
REST_CAP = const(14)  # limits, times the window
QUIET_CAP = const(15)
LOW_CAP = const(16)
HOLD = const(17)
SURE = const(18)
PATIENCE = const(19)
JOLT = const(20)
SWING = const(21)
BLIND = const(22)  # 1: a reading was cut off since the last mark, and speed says nothing
RECENT = const(23)  # energies of the window, then those of its calm

_LOW_BITS = const(6)  # swing's peak over stance, 8 in amplitude: with a slow foot a stance
_QUIET_BITS = const(8)  # 16 with any foot
_SLOW = const(9)  # speed^2 at stance below the swing's highest by this
_BELIED = const(4)  # energy at the last mark above this moment's by this
_SWINGS = const(4)  # and in the next swing above it by this


@viper
def watch(state, motion2: int, calm2: int, speed2: int) -> int:
    """Take one sample's motion energies and squared speed; return what the foot does."""
    p = ptr32(state)
    i = p[_AT]
    p[_AT] = i + 1 if i + 1 < p[WINDOW] else 0
    i += RECENT
    p[ENERGY] += motion2 - p[i]
    p[i] = motion2
    i += p[WINDOW]
    p[CALM] += calm2 - p[i]
    p[i] = calm2
    if p[CALM] < p[REST_CAP]:
        p[_RESTING] += 1
        if p[STATE] == REST:
            return REST
    else:
        p[_RESTING] = 0
    energy = p[ENERGY]
    if p[STATE] == MOVING:
        return int(_moving(state, motion2, speed2))
    if p[STATE] == MARK:
        if p[_RESTING] >= p[HOLD]:
            p[STATE] = REST
            return CLOSE
        p[_WAITED] += 1
        if energy < p[_LEAST]:
            p[_LEAST] = energy
            p[MARK_CALM] = p[CALM]
            p[_WAITED] = 0
            return MARK
        if p[_WAITED] <= p[PATIENCE]:
            return WAIT
    code = CLOSE if p[STATE] == MARK else LEAVE
    _leave(state, energy)
    return code


@viper
def _moving(state, motion2: int, speed2: int) -> int:
    p = ptr32(state)
    energy = p[ENERGY]
    calm = p[CALM]
    if energy > p[PEAK]:
        p[PEAK] = energy
    if speed2 > p[_TOP]:
        p[_TOP] = speed2
    quiet = p[PEAK] >> _QUIET_BITS
    quiet = p[REST_CAP] if quiet < p[REST_CAP] else p[QUIET_CAP] if quiet > p[QUIET_CAP] else quiet
    p[_QUIET] = p[_QUIET] + 1 if calm < quiet else 0
    # The foot is far calmer than at its last mark: that was no rest, and so this is not fast.
    long = p[HOLD] >> 1 if p[BLIND] else p[SURE]
    if p[_QUIET] < long and not (calm < p[LOW_CAP] and calm * _BELIED < p[LAST_CALM]):
        if speed2 * _SLOW > p[_TOP]:
            return int(_fast(state, speed2))
        low = p[PEAK] >> _LOW_BITS
        low = p[REST_CAP] if low < p[REST_CAP] else p[LOW_CAP] if low > p[LOW_CAP] else low
        if energy >= low:
            return int(_rolling(state, motion2))
    p[STATE] = MARK
    p[_WAITED] = 0
    p[_LEAST] = energy
    p[MARK_CALM] = calm
    return MARK


@viper
def _fast(state, speed2: int) -> int:
    """The foot moves; if it was slow after a contact without a rest, and now swings, that was the stance."""
    p = ptr32(state)
    if p[_LANDED] and speed2 * _SWINGS > p[_TOP]:
        landed = p[_LANDED]
        p[_LANDED] = 0
        if landed > 1:
            _leave(state, p[PEAK])
            return CLOSE
    return MOVING


@viper
def _rolling(state, motion2: int) -> int:
    """The foot is slow but not at rest: the quietest moment after a contact is the best there may be."""
    p = ptr32(state)
    if not p[_LANDED]:
        if motion2 > p[JOLT] and p[_TOP] > p[SWING]:
            p[_LANDED] = 1
            p[_LEAST] = p[ENERGY]
    elif p[ENERGY] < p[_LEAST]:
        p[_LANDED] = 2
        p[_LEAST] = p[ENERGY]
        p[MARK_CALM] = p[CALM]
        return MARK
    return MOVING


@viper
def _leave(state, energy: int):
    p = ptr32(state)
    p[STATE] = MOVING
    p[PEAK] = energy
    p[_TOP] = 0
    p[_LANDED] = 0
    p[BLIND] = 0
    p[LAST_CALM] = p[MARK_CALM]
