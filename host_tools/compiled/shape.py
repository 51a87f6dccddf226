"""What a detector is made of: its objects, their numbers and arrays; whether another one is made the same way."""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from types import FunctionType, MethodType

OURS = "backstep.core"
TYPES = {
    "b": "int8_t", "B": "uint8_t", "h": "int16_t", "H": "uint16_t", "i": "int32_t", "I": "uint32_t", "q": "int64_t"
}  # fmt: skip
Room = array | bytearray


class Untranslatable(Exception):  # noqa: N818 - no error: it is run as Python
    """Something that this translator does not know."""


class Shape:
    """All that is reached from a detector, numbered in an order that its make alone decides.

    objects: instances of core's classes, the detector first.  rooms: arrays, bytearrays, and bytes that an object
    has.  key: is equal for two detectors of the same make, whatever their numbers and what their rooms hold are.
    """

    def __init__(self, detector):
        self.objects: list = []
        self.rooms: list[Room | bytes] = []
        self._known: dict[int, tuple] = {}
        self._told: list = []
        self._place(detector)
        for owner in self.objects:  # grows meanwhile
            if "feed" in owner.__dict__:
                raise Untranslatable(f"{type(owner).__name__}.feed: put in its place by somebody")
            for name, value in owner.__dict__.items():
                self._told.append((name, self._kind(value)))
            self._told.append(type(owner))
        self.key = tuple(self._told)

    def object_at(self, value) -> int:
        """Return the number of one of the objects."""
        return self._number(value, "object")

    def room_at(self, value) -> int:
        """Return the number of one of the arrays."""
        return self._number(value, "room")

    def has(self, value) -> bool:
        """Return whether something is one of the arrays."""
        return self._known.get(id(value), ("",))[0] == "room"

    def _number(self, value, kind: str) -> int:
        match self._known.get(id(value)):
            case (known, int(number), *_) if known == kind:
                return number
        raise Untranslatable(f"{type(value).__name__}: not of the detector")

    def _place(self, value) -> Hashable:
        if id(value) not in self._known:
            self._known[id(value)] = ("object", len(self.objects))
            self.objects.append(value)
        return self._known[id(value)]

    def _kind(self, value):
        """Return what is the same of this value in two detectors of the same make."""
        if isinstance(value, bool | int):
            return int
        if isinstance(value, Room | bytes):
            if id(value) not in self._known:
                self._known[id(value)] = ("room", len(self.rooms), element(value), len(value))
                self.rooms.append(value)
            return self._known[id(value)]
        if isinstance(value, MethodType):
            return ("method", self._kind(value.__self__), value.__func__)
        if type(value).__module__.startswith(OURS):
            return self._place(value)
        is_ours = isinstance(value, FunctionType) and value.__module__.startswith(OURS)
        if value is None or is_ours or isinstance(value, str | tuple):
            return value
        raise Untranslatable(f"{type(value).__name__}: none of a detector's values")


def element(room: Room | bytes) -> str:
    """Return the C type of an array's elements."""
    code = room.typecode if isinstance(room, array) else "B"
    if code not in TYPES:
        raise Untranslatable(f"array({code!r})")
    return TYPES[code]
