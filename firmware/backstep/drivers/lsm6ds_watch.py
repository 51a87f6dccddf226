"""An LSM6DS that watches for movement while its pod is switched off.  For the brackets see lsm6ds.py."""

from ..core.compat import const
from .lsm6ds_start import reset

PASSING = True  # see app/passing.py

_CTRL1_XL = const(0x10)  # [9.12 / 9.13] ODR[7:4] FS[3:2]
_CTRL6_C = const(0x15)  # [9.17 / 9.18] XL_HM_MODE[4]
_TAP_CFG0 = const(0x56)  # [9.54] LIR[0]
_TAP_CFG2 = const(0x58)  # [9.56 / TAP_CFG 9.75] INTERRUPTS_ENABLE[7], of the LSM6DS3TR-C LIR[0] too
_WAKE_UP_THS = const(0x5B)  # [9.59 / 9.78] WK_THS[5:0]
_MD1_CFG = const(0x5E)  # [9.62 / 9.81] INT1_WU[5]
_WAKE_UP_SRC = const(0x1B)  # [9.24 / 9.29] reading it ends a latched interrupt

_26_HZ_2_G = const(0x20)
_LOW_POWER = const(0x10)
_LATCHED = const(0x01)
_INTERRUPTS_ENABLE = const(0x80)
_62_MG = const(2)  # in 64ths of 2 g, the change from one sample to the next being halved [AN5192 5.3, AN5130 5.3]
_WAKE_UP = const(0x20)
_SETTLE_MS = const(120)  # three samples: the first one would differ from nothing


def watch(imu) -> None:
    """Keep the accelerometer alone on, at low power; INT1 rises at a movement and stays high.

    imu: Lsm6ds.  OSError as Lsm6ds.probe.
    """
    reset(imu)
    write = imu.registers.write
    write(_CTRL6_C, _LOW_POWER)
    write(_CTRL1_XL, _26_HZ_2_G)
    write(_WAKE_UP_THS, _62_MG)
    imu.sleep_ms(_SETTLE_MS)
    if imu.is_tagged:
        write(_TAP_CFG0, _LATCHED)
        write(_TAP_CFG2, _INTERRUPTS_ENABLE)
    else:
        write(_TAP_CFG2, _INTERRUPTS_ENABLE | _LATCHED)
    imu.registers.read(_WAKE_UP_SRC)
    write(_MD1_CFG, _WAKE_UP)
