"""The FIFO of the LSM6DSO and LSM6DSOX: 512 words of a tag and three axes, accelerometer and gyroscope apart.

The tag holds the sensor and a two-bit counter of sample times. Words with one count are one sample; a jump of
the count is a loss, exact to a multiple of four, and the timestamp tells which multiple.
"""

import time
from array import array

from ..core.compat import const, ptr8, ptr32, viper
from ..core.rows import copy
from .lsm6ds_fifo import FEW, RESTART_AFTER, Fifo, sense

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
_CHUNK_WORDS = const(24)
_ROUNDS = const(8)  # of a whole FIFO each; a chip that never reads empty must not hold the pod up
_NO_ESTIMATE = const(-1000)

_WORDS = const(0)  # of the pairing's state: words in the buffer
_AT = const(1)  # the next of them
_HALF = const(2)  # sensor of the word that waits for its other half, its values in row 0; 0 = none does
_HALF_COUNT = const(3)  # and its counter
_LAST = const(4)  # counter of the last whole sample, -1 = there was none
_UNTOLD = const(5)  # 1: before the next sample a loss is to be told by the timestamp
_NEXT = const(6)  # counter of the sample before which something was lost


@viper
def pair(state, axes, buffer, rows) -> int:
    """Put words into rows and return how many samples they made; stops where a loss is to be told before one."""
    p = ptr32(state)
    b = ptr8(buffer)
    made = 0
    while p[_AT] < p[_WORDS]:
        at = p[_AT] * _WORD_BYTES
        sensor = b[at] >> 3
        count = b[at] >> 1 & 3
        if _GYRO <= sensor <= _ACCEL:
            other = _ACCEL + _GYRO - sensor
            if p[_HALF] == other and p[_HALF_COUNT] == count:
                p[_NEXT] = count
                if p[_UNTOLD] or (p[_LAST] >= 0 and (count - p[_LAST] - 1) & 3):
                    break
                p[_LAST] = count
                p[_HALF] = 0
            else:
                p[_HALF] = sensor
                p[_HALF_COUNT] = count
            sense(axes, buffer, at + 1, rows, made, _ACCEL - sensor)
            if not p[_HALF]:
                made += 1
        p[_AT] += 1
    return made


class TaggedFifo(Fifo):
    """Drains accelerometer and gyroscope words into samples."""

    watermark_max = 255

    def __init__(self, registers, axes):
        super().__init__(registers, axes, _WORD_BYTES, _CHUNK_WORDS, _CHUNK_WORDS // 2 + 1)
        self._status = bytearray(2)
        self._pairing = array("i", bytearray(28))
        self._forget()

    def _forget(self):
        self._pairing[_HALF] = self._pairing[_UNTOLD] = 0
        self._pairing[_LAST] = -1
        self._estimate = _NO_ESTIMATE
        self._unsure = False

    def configure(self, odr: int, watermark: int) -> None:
        """Set batch rates and watermark.  odr: CTRL1_XL's code.  watermark: samples, two words each."""
        self.set_watermark(watermark)
        self._registers.write(_FIFO_CTRL3, odr << 4 | odr)
        self._set_rate(odr)

    def set_watermark(self, watermark: int) -> None:
        """Set how many samples raise INT1, while it runs too."""
        words = 2 * watermark
        self._few = FEW * words
        self._registers.write(_FIFO_CTRL1, words & 0xFF)
        self._registers.write(_FIFO_CTRL2, words >> 8)

    def start(self) -> None:
        """Begin with an empty FIFO that overwrites its oldest words."""
        self._forget()
        self._registers.write(_FIFO_CTRL4, _CONTINUOUS)
        self._restart_clock()

    def stop(self) -> None:
        """Empty the FIFO and keep it so."""
        self._registers.write(_FIFO_CTRL4, _BYPASS)

    def drain_into(self, taker) -> int:
        """Give whole samples to taker and return how many; a lone word waits for its other half.

        What it has no room for stays in the FIFO. Losses become taker.gap() before the next sample. On OSError the
        next call sorts out what was lost.  taker: as Detecting, with room, behind, drain_began_us,
        extend() and gap().
        """
        unsure = self._unsure
        self._unsure = True
        status = self._status
        i2c, address = self._registers.i2c, self._registers.address
        samples = 0
        for _ in range(_ROUNDS):
            taker.drain_began_us = time.ticks_us()
            i2c.readfrom_mem_into(address, _FIFO_STATUS1, status)
            words = status[0] | (status[1] & 3) << 8
            if status[1] & _OVERRUN_LATCHED:
                self.overflows += 1
                unsure = True
            if not words:
                break
            if unsure:
                self._estimate = self._unaccounted() - words // 2
                self._pairing[_HALF] = 0
                self._pairing[_UNTOLD] = 1
                unsure = False
            fits = min(words, 2 * taker.room)
            if fits <= 0:
                break
            samples += self._take(fits, taker)
            if words <= self._few and self._accounted < RESTART_AFTER:
                break
        self._unsure = unsure
        if not (words or unsure or self._pairing[_HALF]):
            self._keep_clock_short()
        return samples

    def _take(self, words, taker):
        samples = 0
        state, rows = self._pairing, self._rows
        i2c, address = self._registers.i2c, self._registers.address
        while words:
            chunk = min(words, _CHUNK_WORDS)
            i2c.readfrom_mem_into(address, _FIFO_DATA_OUT_TAG, self._views[chunk - 1])
            words -= chunk
            taker.behind = words >> 1
            state[_WORDS] = chunk
            state[_AT] = 0
            while state[_AT] < chunk:
                made = pair(state, self._axes, self._buffer, rows)
                self._accounted += made
                samples += made
                taker.extend(rows, made)
                if state[_HALF] and made:  # the half lies behind them
                    copy(rows, 6 * made, rows, 0)
                if state[_AT] < chunk:
                    self._state_loss(taker)
        return samples

    def _state_loss(self, taker):
        state = self._pairing
        count, last = state[_NEXT], state[_LAST]
        lost = 0 if last < 0 else (count - last - 1) & 3
        if self._estimate != _NO_ESTIMATE:
            lost = self._nearest(lost)
            self._estimate = _NO_ESTIMATE
        state[_UNTOLD] = 0
        state[_LAST] = (count - 1) & 3
        if lost:
            self._accounted += lost
            taker.gap(lost)

    def _nearest(self, lost):
        """Return the number next to the estimate that equals `lost` modulo 4 and is not negative."""
        if self._pairing[_LAST] < 0:
            return max(0, self._estimate)
        near = self._estimate + ((lost - self._estimate + 1) & 3) - 1
        return near if near >= 0 else near + 4
