"""Bytes from one room into another, and bytes in others, as an interrupt moves and looks for them."""

from ..compat import ptr8, viper


@viper
def copy_bytes(source, count: int, target, to: int):
    """Copy source[0] .. source[count - 1] to target[to] on; both are bytes of some kind, target a bytearray."""
    one = ptr8(source)
    other = ptr8(target)
    k = 0
    while k < count:
        other[to + k] = one[k]
        k += 1


@viper
def holds_bytes(source, count: int, wanted, size: int) -> int:
    """Return whether wanted[0] .. wanted[size - 1] stand anywhere in source[0] .. source[count - 1], 1 or 0."""
    one = ptr8(source)
    other = ptr8(wanted)
    at = 0
    while at + size <= count:
        k = 0
        while k < size and one[at + k] == other[k]:
            k += 1
        if k == size:
            return 1
        at += 1
    return 0
