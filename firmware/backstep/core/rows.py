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
def between(before, after, number: int, count: int, row):
    """Set row to sample `number` of `count` lost ones between two: on the straight line, to nearest.

    before, after, row: array("h") that begin with six int16.  number: 1 .. count.  count: up to 1000.
    """
    one = ptr16(before)
    other = ptr16(after)
    line = ptr16(row)
    k = 0
    while k < AXES:
        first = one[k]
        last = other[k]
        first = first - 65536 if first > 32767 else first
        last = last - 65536 if last > 32767 else last
        line[k] = first + (2 * (last - first) * number + count + 1) // (2 * count + 2)
        k += 1
