"""What the DRV2605L does on the bench only, never beside a session: ROM effects and auto-calibration.

Section numbers in brackets are of the datasheet SLOS854D.
"""

from errno import EIO

from ..core.compat import const
from .waiting import wait_clear

PASSING = True  # see app/passing.py

_STATUS = const(0x00)  # DIAG_RESULT[3] OVER_TEMP[1] OC_DETECT[0]
_MODE = const(0x01)  # MODE[2:0]
_SEQUENCE_1 = const(0x04)  # effect 1..123
_SEQUENCE_2 = const(0x05)  # 0 = end
_GO = const(0x0C)
_A_CAL_COMP = const(0x18)  # then A_CAL_BEMF and the feedback register with BEMF_GAIN

_MODE_ROM = const(0)
_MODE_AUTO_CAL = const(7)
_DIAG_RESULT = const(0x08)
_OVER_TEMP = const(0x02)
_OC_DETECT = const(0x01)
_EFFECT_MAX = const(123)

_STEP_MS = const(20)
_EFFECT_STEPS = const(100)
_CALIBRATION_STEPS = const(75)  # AUTO_CAL_TIME lasts 1200 ms at the most


def effect(haptic, number: int) -> None:
    """Play ROM effect 1..123 to its end, at most two seconds, waiting.

    haptic: a Drv2605l that was started; it stands ready again afterwards.
    ValueError for another number; OSError when the chip fails.
    """
    registers = haptic.registers
    try:
        if not 1 <= number <= _EFFECT_MAX:
            raise ValueError("haptic effect: %d is outside 1..%d" % (number, _EFFECT_MAX))
        registers.write(_SEQUENCE_1, number)
        registers.write(_SEQUENCE_2, 0)
        registers.write(_MODE, _MODE_ROM)
        _go(haptic, _EFFECT_STEPS, "effect %d" % number)
    finally:
        haptic.stand_ready()


def auto_calibrate(haptic) -> bytes:
    """Measure the motor, firmly mounted, for about a second [8.5.6].

    haptic: a Drv2605l that was started; it stands ready again afterwards.
    Returns three bytes for its start(), which an LRA's closed loop uses; an ERM only passes the test.
    OSError with the chip's diagnosis when it does not converge.
    """
    registers = haptic.registers
    try:
        registers.write(_MODE, _MODE_AUTO_CAL)
        _go(haptic, _CALIBRATION_STEPS, "auto-calibration")
        status = registers.read(_STATUS)
        if status & (_DIAG_RESULT | _OVER_TEMP | _OC_DETECT):
            raise registers.failure(EIO, "auto-calibration failed: " + _diagnosis(status))
        return bytes([registers.read(_A_CAL_COMP + k) for k in range(3)])
    finally:
        haptic.stand_ready()


def _go(haptic, steps, what):
    registers = haptic.registers
    try:
        registers.write(_GO, 1)
        wait_clear(registers, _GO, 1, haptic.sleep_ms, _STEP_MS, steps, what)
    finally:
        registers.write(_GO, 0)


def _diagnosis(status):
    if status & _OC_DETECT:
        return "over-current, is the motor shorted?"
    if status & _OVER_TEMP:
        return "too hot"
    return "did not converge, is the motor connected and mounted?"
