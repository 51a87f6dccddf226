"""Waiting for a chip to be done, as starting and testing it want."""

from errno import EIO

PASSING = True  # see app/passing.py


def wait_clear(registers, register: int, mask: int, sleep_ms, step_ms: int, steps: int, what: str) -> None:
    """Wait until register & mask is 0, at most steps * step_ms [ms]; OSError(EIO) naming `what` after that."""
    for _ in range(steps):
        if not registers.read(register) & mask:
            return
        sleep_ms(step_ms)
    raise registers.failure(EIO, "%s not over after %d ms" % (what, steps * step_ms))
