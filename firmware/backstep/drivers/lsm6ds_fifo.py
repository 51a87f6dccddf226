"""What both generations of LSM6DS FIFO share: scales, body axes, read buffers, and the count of lost samples.

Lost samples are counted with the chip's own timestamp, 25 us a tick. It runs off the oscillator that also makes
the sample rate, 6667 Hz divided by a power of two: a sample lasts 6 << (10 - ODR code) ticks, whatever the
temperature [9.52 INTERNAL_FREQ_FINE; not stated of the LSM6DS3TR-C]. It is restarted every few hundred samples
and read only after a loss.
"""

from array import array

from ..core.compat import const, ptr8, ptr16, ptr32, viper

ACCEL_FULL_SCALE_G = const(16)
_UG_PER_LSB = const(ACCEL_FULL_SCALE_G * 61 // 2)  # 0.061 mg at +-2 g [table 2 / 3]
GYRO_FULL_SCALE_DPS = const(2000)
_MDPS_PER_LSB = const(GYRO_FULL_SCALE_DPS * 35 // 1000)  # 35 mdps at +-1000 deg/s [table 2 / 3]

_TIMESTAMP0 = const(0x40)  # [9.40 / 9.59] little-endian, 25 us
_TIMESTAMP2 = const(0x42)  # [9.40 / 9.61] writing AAh restarts it [ST's lsm6dso_timestamp_rst()]
_RESTART_TIMESTAMP = const(0xAA)
RESTART_AFTER = const(256)  # samples
FEW = const(4)  # watermarks; reading so many samples takes far less time than one comes in: INT1 has fallen then


@viper
def sense(axes, buffer, at: int, rows, sample: int, is_gyro: int):
    """Turn the three words at buffer[at:] into body axes, in the unit of core, in row `sample` of rows."""
    p = ptr32(axes)
    b = ptr8(buffer)
    target = ptr16(rows)
    to = 6 * sample + 3 * is_gyro
    k = 0
    while k < 3:
        i = at + p[k]
        raw = (b[i] | b[i + 1] << 8) - ((b[i + 1] & 0x80) << 9)
        unit = (raw * _MDPS_PER_LSB + 50) // 100 if is_gyro else (raw * _UG_PER_LSB + 500) // 1000
        target[to + k] = p[3 + k] * unit
        k += 1


class Fifo:
    """Base of the FIFO readers: turns raw words into body axes and knows how many samples there have been."""

    def __init__(self, registers, axes, unit_bytes: int, units: int, samples: int):
        """registers: the IMU's.  axes: see Lsm6ds.

        One read takes up to `units` units of unit_bytes each, which make, with what was there, up to `samples`.
        """
        self._registers = registers
        self._axes = array("i", [2 * axis for axis, _ in axes] + [sign for _, sign in axes])
        self._buffer = bytearray(unit_bytes * units)
        whole = memoryview(self._buffer)
        self._views = tuple([whole[: unit_bytes * n] for n in range(1, units + 1)])
        self._rows = array("h", bytearray(12 * samples))  # samples of one read, one behind the other
        self._ticks = bytearray(3)
        self._period_ticks = 1
        self._accounted = 0
        self._unsure = False
        self._few = 0  # of what status tells; after no more than that it need not be asked again
        self.overflows = 0

    def _set_rate(self, odr):
        self._period_ticks = 6 << (10 - odr)

    def _restart_clock(self):
        self._registers.write(_TIMESTAMP2, _RESTART_TIMESTAMP)
        self._accounted = 0

    def _keep_clock_short(self):
        if self._accounted >= RESTART_AFTER:
            self._restart_clock()

    def _unaccounted(self) -> int:
        """Return samples sensed, to one, since the last one accounted for; a stall over 7 minutes wraps."""
        ticks = self._ticks
        self._registers.read_into(_TIMESTAMP0, ticks)
        return (ticks[0] | ticks[1] << 8 | ticks[2] << 16) // self._period_ticks - self._accounted
