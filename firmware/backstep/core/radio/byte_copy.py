"""Bytes from one room into another, as an interrupt moves them."""

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
