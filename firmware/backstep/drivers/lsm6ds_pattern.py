"""The FIFO of the LSM6DS3TR-C: 2048 words of 16 bits without tags, six to a sample, gyroscope first.

Only the pattern counter says where a sample begins. After an overrun, a failed read or a pattern out of step the
FIFO is emptied and begins anew; what was lost is counted with the timestamp, to one sample.
"""

import time

from ..core.compat import const, viper
from .lsm6ds_fifo import FEW, RESTART_AFTER, Fifo, sense

_FIFO_CTRL1 = const(0x06)  # [/ 9.4] FTH[7:0], 16-bit words
_FIFO_CTRL2 = const(0x07)  # [/ 9.5] FTH[10:8] in [2:0]
_FIFO_CTRL3 = const(0x08)  # [/ 9.6] DEC_FIFO_GYRO[5:3] DEC_FIFO_XL[2:0]
_FIFO_CTRL5 = const(0x0A)  # [/ 9.8] ODR_FIFO[6:3] FIFO_MODE[2:0]
_FIFO_STATUS1 = const(0x3A)  # [/ 9.53..9.56] DIFF_FIFO[10:0], OVER_RUN, FIFO_PATTERN[9:0]
_FIFO_DATA_OUT_L = const(0x3E)  # [/ 9.57] a longer read returns to 3Eh by itself [AN5130 4.7.1]

_NO_DECIMATION = const(0x09)
_BYPASS = const(0)
_CONTINUOUS = const(6)
_OVER_RUN = const(0x40)

_SAMPLE_WORDS = const(6)
_SAMPLE_BYTES = const(12)
_CHUNK_SAMPLES = const(10)
_ROUNDS = const(8)


@viper
def _sense_all(axes, buffer, first: int, end: int, rows):
    """Turn samples first .. end - 1 of the buffer into rows."""
    i = first
    while i < end:
        sense(axes, buffer, _SAMPLE_BYTES * i, rows, i - first, 1)
        sense(axes, buffer, _SAMPLE_BYTES * i + 6, rows, i - first, 0)
        i += 1


class PatternFifo(Fifo):
    """Drains whole samples."""

    watermark_max = 341

    def __init__(self, registers, axes):
        super().__init__(registers, axes, _SAMPLE_BYTES, _CHUNK_SAMPLES, _CHUNK_SAMPLES)
        self._status = bytearray(4)
        self._mode = 0
        self._skip = 0

    def configure(self, odr: int, watermark: int) -> None:
        """Set batch rate and watermark.  odr: CTRL1_XL's code.  watermark: samples, six words each."""
        self.set_watermark(watermark)
        self._registers.write(_FIFO_CTRL3, _NO_DECIMATION)
        self._mode = odr << 3
        self._set_rate(odr)

    def set_watermark(self, watermark: int) -> None:
        """Set how many samples raise INT1, while it runs too."""
        self._few = FEW * watermark
        words = _SAMPLE_WORDS * watermark
        self._registers.write(_FIFO_CTRL1, words & 0xFF)
        self._registers.write(_FIFO_CTRL2, words >> 8)

    def start(self) -> None:
        """Begin with an empty FIFO that overwrites its oldest words; its first sample is skipped [/ 5.5]."""
        self._registers.write(_FIFO_CTRL5, self._mode | _CONTINUOUS)
        self._restart_clock()
        self._skip = 1
        self._unsure = False

    def stop(self) -> None:
        """Empty the FIFO and keep it so."""
        self._registers.write(_FIFO_CTRL5, _BYPASS)

    def drain_into(self, taker) -> int:
        """Give whole samples to taker and return how many.

        What it has no room for stays in the FIFO. Losses become taker.gap() before the next sample. On OSError the
        next call sorts out what was lost.  taker: as Detecting, with room, behind, drain_began_us,
        extend() and gap().
        """
        samples = 0
        status = self._status
        for _ in range(_ROUNDS):
            taker.drain_began_us = time.ticks_us()
            unsure = self._unsure
            self._unsure = True
            self._registers.read_into(_FIFO_STATUS1, status)
            if status[1] & _OVER_RUN:
                self.overflows += 1
                unsure = True
            words = status[0] | (status[1] & 7) << 8
            if unsure or (words and (status[2] or status[3] & 3)):
                self._begin_anew(taker)
                break
            whole = words // _SAMPLE_WORDS
            fits = max(0, min(whole, taker.room))
            samples += self._take(fits, taker)
            self._unsure = False
            if fits < whole or 0 < whole <= self._few and self._accounted < RESTART_AFTER:
                return samples
            if not whole:
                break
        self._keep_clock_short()
        return samples

    def _begin_anew(self, taker):
        """Empty the FIFO and state all that was not read as lost, with the sample skipped next."""
        missing = max(0, self._unaccounted()) + 1
        self.stop()
        self.start()
        taker.gap(missing)

    def _take(self, samples, taker):
        taken = 0
        while samples:
            chunk = min(samples, _CHUNK_SAMPLES)
            self._registers.read_into(_FIFO_DATA_OUT_L, self._views[chunk - 1])
            skipped, self._skip = self._skip, 0
            self._accounted += skipped
            _sense_all(self._axes, self._buffer, skipped, chunk, self._rows)
            samples -= chunk
            taker.behind = samples
            made = chunk - skipped
            self._accounted += made
            taken += made
            taker.extend(self._rows, made)
        return taken
