"""What an LSM6DS needs once: its identity, reset, rates and scales.  For the brackets see lsm6ds.py.

Filters stay as a reset leaves them, high-performance mode with the accelerometer's LPF1 at ODR/2 and the
gyroscope's LPF1 and both high-passes off [CTRL4_C, CTRL6_C, CTRL7_G, CTRL8_XL]: integrating twice over a swing
wants the initial contact neither cut nor smeared, and the shortest and most equal delays of the two sensors.
"""

from ..core.compat import const
from .lsm6ds_fifo import ACCEL_FULL_SCALE_G, GYRO_FULL_SCALE_DPS
from .waiting import wait_clear

PASSING = True  # see app/passing.py

_CTRL1_XL = const(0x10)  # [9.12 / 9.13] ODR[7:4] FS[3:2]
_CTRL2_G = const(0x11)  # [9.13 / 9.14] ODR[7:4] FS[3:2]
_CTRL3_C = const(0x12)  # [9.14 / 9.15] BDU[6] IF_INC[2] SW_RESET[0]
_CTRL9_XL = const(0x18)  # [9.20] DEN[7:5] I3C_disable[1]
_CTRL10_C = const(0x19)  # [9.21 / 9.22] TIMESTAMP_EN[5]
_WAKE_UP_DUR = const(0x5C)  # [/ 9.79] TIMER_HR[4]
_INTERNAL_FREQ_FINE = const(0x63)  # [9.52] signed, 0.15 % a step; the LSM6DS3TR-C has none
_INT1_CTRL = const(0x0D)  # [9.9 / 9.10] FIFO_TH[3]

_BDU_IF_INC = const(0x44)
_SW_RESET = const(0x01)
_FIFO_THRESHOLD = const(0x08)
_TIMESTAMP_EN = const(0x20)
_TIMER_25_US = const(0x10)
_DEN_DEFAULT_NO_I3C = const(0xE2)

_WHO_AM_I_OF = {"lsm6dso": 0x6C, "lsm6dsox": 0x6C, "lsm6ds3trc": 0x6A}
_ODR_BY_HZ = {26: 2, 52: 3, 104: 4, 208: 5, 416: 6, 833: 7}  # [9.12 / 9.13 table 52]
_ACCEL_FS_BY_G = {2: 0x00, 4: 0x08, 8: 0x0C, 16: 0x04}  # [9.12 / 9.13] FS_XL[3:2]
_GYRO_FS_BY_DPS = {1000: 0x08, 2000: 0x0C}  # [9.13 / 9.14] FS_G[3:2]

_RESET_STEPS = const(10)  # of 1 ms; it takes 50 us [AN5130 5.7]
_TURN_ON_MS = const(70)  # gyroscope out of power-down [AN5192 3.11, AN5130 table 14]
_SETTLE_SAMPLES = const(7)  # 3 without the gyroscope's LPF1, 9 at the most with it [AN5130 tables 13, 15, 16]


def identity(part: str) -> int:
    """Return what a part answers as who_am_i; ValueError for an unknown part."""
    if part not in _WHO_AM_I_OF:
        raise ValueError("imu.part: %s is unknown, want one of %s" % (part, ", ".join(sorted(_WHO_AM_I_OF))))
    return _WHO_AM_I_OF[part]


def make_fifo(imu, axes):
    """Return the reader of an IMU's FIFO; only the one that its part needs is loaded.  axes: see Lsm6ds."""
    if imu.is_tagged:
        from .lsm6ds_tagged import TaggedFifo

        return TaggedFifo(imu.registers, axes)
    from .lsm6ds_pattern import PatternFifo

    return PatternFifo(imu.registers, axes)


def start(imu, rate_hz: int, watermark: int) -> None:
    """Start an IMU; see Lsm6ds.start."""
    odr = _odr(rate_hz)
    if not 1 <= watermark <= imu.fifo.watermark_max:
        raise ValueError("imu watermark: %d is outside 1..%d samples" % (watermark, imu.fifo.watermark_max))
    write = imu.registers.write
    reset(imu)
    if not imu.is_tagged:
        write(_WAKE_UP_DUR, _TIMER_25_US)  # before the timestamp is enabled [AN5130 6.5]
    write(_CTRL10_C, _TIMESTAMP_EN)
    write(_CTRL1_XL, odr << 4 | _ACCEL_FS_BY_G[ACCEL_FULL_SCALE_G])
    write(_CTRL2_G, odr << 4 | _GYRO_FS_BY_DPS[GYRO_FULL_SCALE_DPS])
    imu.sleep_ms(_TURN_ON_MS + _SETTLE_SAMPLES * 1000 // rate_hz + 1)
    imu.fifo.configure(odr, watermark)
    write(_INT1_CTRL, _FIFO_THRESHOLD)
    imu.rate_permille = _rate_permille(imu)
    imu.fifo.start()


def _rate_permille(imu):
    """Return the true sample rate over the nominal one [0.1 %], as trimmed in the factory; 0 = not known.

    ODR = (6667 + 0.0015 * INTERNAL_FREQ_FINE * 6667) / a power of two [9.52].
    """
    if not imu.is_tagged:
        return 0
    fine = imu.registers.read(_INTERNAL_FREQ_FINE)
    return 1000 + (fine - 256 if fine & 0x80 else fine) * 3 // 2


def reset(imu) -> None:
    """Bring every control register to its default [AN5130 5.7: gyroscope off first]; OSError as Lsm6ds.probe."""
    imu.probe()
    write = imu.registers.write
    write(_CTRL2_G, 0)
    write(_CTRL3_C, _SW_RESET)
    wait_clear(imu.registers, _CTRL3_C, _SW_RESET, imu.sleep_ms, 1, _RESET_STEPS, "software reset")
    write(_CTRL3_C, _BDU_IF_INC)
    if imu.is_tagged:
        write(_CTRL9_XL, _DEN_DEFAULT_NO_I3C)


def _odr(rate_hz):
    if rate_hz not in _ODR_BY_HZ:
        rates = ", ".join(str(hz) for hz in sorted(_ODR_BY_HZ))
        raise ValueError("imu rate: %s Hz is not one of %s" % (rate_hz, rates))
    return _ODR_BY_HZ[rate_hz]
