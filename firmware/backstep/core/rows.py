"""Samples in rows of six int16, as kernels move them."""

from .compat import const, ptr16, viper

AXES = const(6)


@viper
def copy(source, at: int, target, to: int):
    """Copy six int16 from source[at] on to target[to] on, both array("h")."""
    one = ptr16(source)
    other = ptr16(target)
    k = 0
    while k < AXES:
        other[to + k] = one[at + k]
        k += 1


@viper
def renew(source, at: int, row) -> int:
    """Copy six int16 from source[at] on to row, both array("h"); return whether any of them changed by that."""
    one = ptr16(source)
    other = ptr16(row)
    changed = k = 0
    while k < AXES:
        if other[k] != one[at + k]:
            other[k] = one[at + k]
            changed = 1
        k += 1
    return changed


@viper
def approach(row, after, count: int):
    """Move row to the first of `count` lost samples between it and `after`: along the straight line, to nearest.

    row, after: array("h") that begin with six int16.  count: 1 .. 1000.
    """
    one = ptr16(row)
    other = ptr16(after)
    k = 0
    while k < AXES:
        way = (other[k] & 0xFFFF ^ 0x8000) - (one[k] & 0xFFFF ^ 0x8000)  # of signed numbers, however they come
        one[k] = one[k] + (2 * way + count + 1) // (2 * count + 2)
        k += 1
