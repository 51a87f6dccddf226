"""The FIFO of the LSM6DSO and LSM6DSOX: 512 words of a tag and three axes, accelerometer and gyroscope apart.

The tag holds the sensor and a two-bit counter of sample times. Words with one count are one sample; a jump of
the count is a loss, exact to a multiple of four, and the timestamp tells which multiple.
"""

from ..core.compat import const
from .lsm6ds_fifo import Fifo

_FIFO_CTRL1 = const(0x07)  # [9.3] WTM[7:0], words
_FIFO_CTRL2 = const(0x08)  # [9.4] WTM8[0]
_FIFO_CTRL3 = const(0x09)  # [9.5] BDR_GY[7:4] BDR_XL[3:0], codes as in CTRL1_XL
_FIFO_CTRL4 = const(0x0A)  # [9.6] FIFO_MODE[2:0]
_FIFO_STATUS1 = const(0x3A)  # [9.38] DIFF_FIFO[7:0]; [9.39] FIFO_OVR_LATCHED[3] DIFF_FIFO[9:8]
_FIFO_DATA_OUT_TAG = const(0x78)  # [9.60] SENSOR[7:3] CNT[2:1]; past 7Eh comes the next word [AN5192 9]

_BYPASS = const(0)
_CONTINUOUS = const(6)
_OVERRUN_LATCHED = const(0x08)
_GYRO = const(1)
_ACCEL = const(2)

_WORD_BYTES = const(7)
_CHUNK_WORDS = const(16)
_ROUNDS = const(8)  # of a whole FIFO each; a chip that never reads empty must not hold the pod up
_NO_ESTIMATE = const(-1000)


class TaggedFifo(Fifo):
    """Drains accelerometer and gyroscope words into samples."""

    watermark_max = 255

    def __init__(self, registers, axes):
        super().__init__(registers, axes, _WORD_BYTES, _CHUNK_WORDS)
        self._status = bytearray(2)
        self._forget()

    def _forget(self):
        self._half = 0
        self._half_count = 0
        self._last_count = -1
        self._estimate = _NO_ESTIMATE
        self._unsure = False

    def configure(self, odr: int, watermark: int) -> None:
        """Set batch rates and watermark.  odr: CTRL1_XL's code.  watermark: samples, two words each."""
        words = 2 * watermark
        write = self._registers.write
        write(_FIFO_CTRL1, words & 0xFF)
        write(_FIFO_CTRL2, words >> 8)
        write(_FIFO_CTRL3, odr << 4 | odr)
        self._set_rate(odr)

    def start(self) -> None:
        """Begin with an empty FIFO that overwrites its oldest words."""
        self._forget()
        self._registers.write(_FIFO_CTRL4, _CONTINUOUS)
        self._restart_clock()

    def stop(self) -> None:
        """Empty the FIFO and keep it so."""
        self._registers.write(_FIFO_CTRL4, _BYPASS)

    def drain_into(self, ring) -> int:
        """Put all whole samples into ring and return how many; a lone word waits for its other half.

        Losses become ring.gap() before the next sample. On OSError the next call sorts out what was lost.
        """
        unsure = self._unsure
        self._unsure = True
        samples = 0
        for _ in range(_ROUNDS):
            words = self._level()
            if self._status[1] & _OVERRUN_LATCHED:
                self.overflows += 1
                unsure = True
            if not words:
                break
            if unsure:
                self._estimate = self._unaccounted() - words // 2
                self._half = 0
                unsure = False
            samples += self._take(words, ring)
        self._unsure = unsure
        if not (words or unsure or self._half):
            self._keep_clock_short()
        return samples

    def _level(self):
        status = self._status
        self._registers.read_into(_FIFO_STATUS1, status)
        return status[0] | (status[1] & 3) << 8

    def _take(self, words, ring):
        samples = 0
        while words:
            chunk = min(words, _CHUNK_WORDS)
            self._registers.read_into(_FIFO_DATA_OUT_TAG, self._views[chunk - 1])
            for i in range(chunk):
                samples += self._word(i * _WORD_BYTES, ring)
            words -= chunk
        return samples

    def _word(self, at, ring):
        """Take in the word at buffer[at]; return 1 when it made a sample whole."""
        tag = self._buffer[at]
        sensor = tag >> 3
        if sensor == _ACCEL:
            self._sense_accel(at + 1)
        elif sensor == _GYRO:
            self._sense_gyro(at + 1)
        else:
            return 0
        count = tag >> 1 & 3
        if self._half != _ACCEL + _GYRO - sensor or count != self._half_count:
            self._half = sensor
            self._half_count = count
            return 0
        self._half = 0
        self._state_loss(count, ring)
        self._last_count = count
        self._put(ring)
        return 1

    def _state_loss(self, count, ring):
        lost = 0 if self._last_count < 0 else (count - self._last_count - 1) & 3
        if self._estimate != _NO_ESTIMATE:
            lost = self._nearest(lost)
            self._estimate = _NO_ESTIMATE
        if lost:
            self._accounted += lost
            ring.gap(lost)

    def _nearest(self, lost):
        """Return the number next to the estimate that equals `lost` modulo 4 and is not negative."""
        if self._last_count < 0:
            return max(0, self._estimate)
        near = self._estimate + ((lost - self._estimate + 1) & 3) - 1
        return near if near >= 0 else near + 4
