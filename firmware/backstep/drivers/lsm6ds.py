"""ST's LSM6DSO, LSM6DSOX and LSM6DS3TR-C six-axis IMUs on I2C: start, stop, drain the FIFO, self-test.

Section numbers in brackets are of the LSM6DSO datasheet DS12140 (the LSM6DSOX has the same registers) or, after
a slash, of the LSM6DS3TR-C datasheet DocID030071.

Filters stay as a reset leaves them, high-performance mode with the accelerometer's LPF1 at ODR/2 and the
gyroscope's LPF1 and both high-passes off [CTRL4_C, CTRL6_C, CTRL7_G, CTRL8_XL]: integrating twice over a swing
wants the initial contact neither cut nor smeared, and the shortest and most equal delays of the two sensors.
"""

from ..core.compat import const
from .lsm6ds_fifo import ACCEL_FULL_SCALE_G, GYRO_FULL_SCALE_DPS
from .registers import Registers

_WHO_AM_I = const(0x0F)  # [9.11 / 9.12]
_CTRL1_XL = const(0x10)  # [9.12 / 9.13] ODR[7:4] FS[3:2]
_CTRL2_G = const(0x11)  # [9.13 / 9.14] ODR[7:4] FS[3:2]
_CTRL3_C = const(0x12)  # [9.14 / 9.15] BDU[6] IF_INC[2] SW_RESET[0]
_CTRL9_XL = const(0x18)  # [9.20] DEN[7:5] I3C_disable[1]
_CTRL10_C = const(0x19)  # [9.21 / 9.22] TIMESTAMP_EN[5]
_WAKE_UP_DUR = const(0x5C)  # [/ 9.79] TIMER_HR[4]
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
_TURN_ON_MS = const(70)  # gyroscope out of power-down [AN5130 table 14]
_SETTLE_SAMPLES = const(7)  # 3 without LPF1, 9 at the most with it [AN5130 tables 13, 15, 16]


class Lsm6ds:
    """One IMU; samples come in body axes, mg and 0.1 deg/s."""

    def __init__(self, i2c, address: int, part: str, axes, sleep_ms):
        """Prepare buffers; the bus is not touched.

        i2c: machine.I2C.  address: 0x6a or 0x6b.  part: "lsm6dso", "lsm6dsox" or "lsm6ds3trc", else ValueError.
        axes: three pairs (chip axis 0..2, +1 or -1) giving body x, y, z.  sleep_ms: waits [ms].
        """
        if part not in _WHO_AM_I_OF:
            raise ValueError("imu.part: %s is unknown, want one of %s" % (part, ", ".join(sorted(_WHO_AM_I_OF))))
        self._registers = Registers(i2c, address, part)
        self._sleep_ms = sleep_ms
        self._tagged = part != "lsm6ds3trc"
        self.fifo = self._make_fifo(axes)
        self.drain_into = self.fifo.drain_into

    @property
    def overflows(self) -> int:
        """How often the FIFO was full before it was drained."""
        return self.fifo.overflows

    def probe(self) -> None:
        """Raise OSError(ENODEV) unless the part named answers."""
        part = self._registers.part
        self._registers.expect(_WHO_AM_I, 0, _WHO_AM_I_OF[part], "who_am_i")

    def start(self, rate_hz: int, watermark: int) -> None:
        """Reset the IMU and stream into the FIFO; the first sample drained is the first settled one.

        rate_hz: 26, 52, 104, 208, 416 or 833 [Hz].  watermark: samples in the FIFO that raise INT1.
        ValueError for values that are not offered; OSError when the IMU is absent, another one or stuck.
        """
        odr = self._odr(rate_hz)
        if not 1 <= watermark <= self.fifo.watermark_max:
            raise ValueError("imu watermark: %d is outside 1..%d samples" % (watermark, self.fifo.watermark_max))
        write = self._registers.write
        self._reset()
        write(_CTRL10_C, _TIMESTAMP_EN)
        if not self._tagged:
            write(_WAKE_UP_DUR, _TIMER_25_US)
        write(_CTRL1_XL, odr << 4 | _ACCEL_FS_BY_G[ACCEL_FULL_SCALE_G])
        write(_CTRL2_G, odr << 4 | _GYRO_FS_BY_DPS[GYRO_FULL_SCALE_DPS])
        self._sleep_ms(_TURN_ON_MS + _SETTLE_SAMPLES * 1000 // rate_hz + 1)
        self.fifo.configure(odr, watermark)
        write(_INT1_CTRL, _FIFO_THRESHOLD)
        self.fifo.start()

    def stop(self) -> None:
        """Empty the FIFO and power both sensors down."""
        self.fifo.stop()
        self._power_down()

    def self_test(self) -> dict:
        """Deflect both sensors electrically and compare; the pod must lie still; ends in power-down.

        Returns accel_mg and gyro_dps, each three changes in chip axes, their limits, and passed.
        """
        from .lsm6ds_self_test import run

        self._reset()
        result = run(self._registers, self._sleep_ms, self._tagged)
        self._power_down()
        return result

    def _make_fifo(self, axes):
        """Import only the reader that this part needs."""
        if self._tagged:
            from .lsm6ds_tagged import TaggedFifo

            return TaggedFifo(self._registers, axes)
        from .lsm6ds_pattern import PatternFifo

        return PatternFifo(self._registers, axes)

    def _odr(self, rate_hz):
        if rate_hz not in _ODR_BY_HZ:
            rates = ", ".join(str(hz) for hz in sorted(_ODR_BY_HZ))
            raise ValueError("imu rate: %s Hz is not one of %s" % (rate_hz, rates))
        return _ODR_BY_HZ[rate_hz]

    def _reset(self):
        """Bring every control register to its default [AN5130 5.7: gyroscope off first]."""
        self.probe()
        write = self._registers.write
        write(_CTRL2_G, 0)
        write(_CTRL3_C, _SW_RESET)
        self._registers.wait_clear(_CTRL3_C, _SW_RESET, self._sleep_ms, 1, _RESET_STEPS, "software reset")
        write(_CTRL3_C, _BDU_IF_INC)
        if self._tagged:
            write(_CTRL9_XL, _DEN_DEFAULT_NO_I3C)

    def _power_down(self):
        self._registers.write(_CTRL2_G, 0)
        self._registers.write(_CTRL1_XL, 0)
