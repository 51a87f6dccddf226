"""Running Speed and Cadence: what a foot pod tells a watch [Bluetooth RSCS 1.0, 3]."""

from ..compat import const

_SPM_MAX = const(255)
_SPEED_MAX = const(65535)
_STRIDE = const(0x01)  # of flags and features alike: the length of a stride is told
_DISTANCE = const(0x02)  # the way so far is
_LOCATIONS = const(0x10)  # of features alone: where it is worn may be told to it
# Places of the list [Bluetooth GATT supplement, sensor location]; a wrist is in none of it: other.
_OTHER = const(0)
_SHOE_PLACES = b"\x01\x02"  # top of the shoe, in it
_HIP = const(3)
# Requests, and answers to them [RSCS 1.0, table 3.3].
_SET_DISTANCE = const(1)
_SET_PLACE = const(3)
_LIST_PLACES = const(4)
_ANSWER = const(16)
_DONE = const(1)
_UNKNOWN = const(2)
_INVALID = const(3)
_MM_PER_DM = const(100)
_LOW = const(0xFFFF)


class Rsc:
    """What is told of the way and the cadence; what a watch sets holds until the next start.

    measures: whether strides are measured, as on a shoe: else only cadence is told, and there is nothing to set.
    value: the measurement.  features, place: as they are read.
    """

    def __init__(self, placement: str, in_strides: bool):
        """placement: of the pod.  in_strides: cadence in strides of one foot, else in steps of both."""
        self.measures = placement == "shoe"
        self.features = bytes((_STRIDE | _DISTANCE | _LOCATIONS if self.measures else 0, 0))
        self.place = bytes((_SHOE_PLACES[0] if self.measures else _HIP if placement == "belt" else _OTHER,))
        self.value = bytearray(10 if self.measures else 4)
        if self.measures:
            self.value[0] = _STRIDE | _DISTANCE
        self._halves = in_strides
        self._low = self._high = 0  # the way [0.1 m], halves of 16 bits
        self._mm = 0  # and what is over

    def walk(self, way_mm: int) -> None:
        """Take note of a way walked [mm], whichever its direction, less than a kilometre at once."""
        self._mm += way_mm
        self._low += self._mm // _MM_PER_DM
        self._mm %= _MM_PER_DM
        self._high = (self._high + (self._low >> 16)) & _LOW
        self._low &= _LOW

    def fill(self, stride_mm: int, cadence_spm: int) -> None:
        """Have value tell how it goes.

        stride_mm: of one foot, from contact to contact [mm].  cadence_spm: steps of both feet a minute, 0 = none.
        """
        value = self.value
        put16(value, 1, speed(stride_mm, cadence_spm) if self.measures else 0)
        value[3] = min(_SPM_MAX, cadence_spm // 2 if self._halves else cadence_spm)
        if self.measures:
            put16(value, 4, min(_LOW, (stride_mm + 5) // 10) if cadence_spm else 0)
            put16(value, 6, self._low)
            put16(value, 8, self._high)

    def answer(self, request: bytes) -> bytes:
        """Return the answer to what was written to the control point, b"" to nothing."""
        if not request:
            return b""
        code, length = request[0], len(request)
        if code == _SET_DISTANCE:
            if length != 5:
                return self._answered(code, _INVALID)
            self._low = request[1] | request[2] << 8
            self._high = request[3] | request[4] << 8
            self._mm = 0
        elif code == _SET_PLACE:
            if length != 2 or request[1:] not in (_SHOE_PLACES[:1], _SHOE_PLACES[1:]):
                return self._answered(code, _INVALID)
            self.place = request[1:]
        elif code == _LIST_PLACES:
            if length != 1:
                return self._answered(code, _INVALID)
            return self._answered(code, _DONE) + _SHOE_PLACES
        else:
            return self._answered(code, _UNKNOWN)
        return self._answered(code, _DONE)

    def _answered(self, code, how):
        return bytes((_ANSWER, code, how))


def speed(stride_mm: int, cadence_spm: int) -> int:
    """Return the speed [m/s / 256].  stride_mm: [mm], up to 30000.  cadence_spm: steps a minute, up to 1000."""
    return min(_SPEED_MAX, (min(stride_mm, 30000) * min(cadence_spm, 1000) * 32 + 7500) // 15000)


def put16(room, at: int, value: int) -> None:
    """Put the low 16 bits of a value into two bytes, the lower first."""
    room[at] = value & 0xFF
    room[at + 1] = value >> 8 & 0xFF
