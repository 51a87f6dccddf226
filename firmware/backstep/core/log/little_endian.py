"""Unsigned integers as bytes, the lowest first."""


def put_int(data, at: int, size: int, value: int) -> None:
    """Write the lowest `size` bytes of a value at data[at]."""
    for i in range(size):
        data[at + i] = value >> 8 * i & 0xFF


def get_int(data, at: int, size: int) -> int:
    """Return the integer of `size` bytes at data[at]."""
    value = 0
    for i in range(size):
        value |= data[at + i] << 8 * i
    return value
