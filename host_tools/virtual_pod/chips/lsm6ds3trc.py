"""Model of ST's LSM6DS3TR-C: register map and its untagged FIFO of 16-bit words in a repeating pattern.

Registers from the datasheet DocID030071 (sections 8 and 9), the FIFO also from AN5130 section 8. Embedded
functions, sensor hub, third and fourth data set, triggered FIFO modes are not modelled: asking for them stops
the run.
"""

import math
from collections import deque

from host_tools.virtual_pod.chips.lsm6ds import BYPASS, FIFO, RATE_HZ, Lsm6ds, Source
from host_tools.virtual_pod.chips.register_chip import register_table
from host_tools.virtual_pod.chips.wake_up import TAP_CFG2, WakeUp

FIFO_CTRL1, FIFO_CTRL2, FIFO_CTRL3, FIFO_CTRL4, FIFO_CTRL5 = 0x06, 0x07, 0x08, 0x09, 0x0A
FIFO_STATUS1, FIFO_STATUS2, FIFO_STATUS3, FIFO_STATUS4 = 0x3A, 0x3B, 0x3C, 0x3D
FIFO_DATA_OUT_L, FIFO_DATA_OUT_H = 0x3E, 0x3F
WAKE_UP_DUR = 0x5C

WATERM, OVER_RUN, FULL_SMART, EMPTY = 0x80, 0x40, 0x20, 0x10  # FIFO_STATUS2
STOP_ON_FTH, TIMER_HR = 0x80, 0x10
FIFO_WORDS = 2048  # 4 kbyte of 16-bit words
DECIMATION = (0, 1, 2, 3, 4, 8, 16, 32)  # tables 33 and 34

# (address, name, reset, writable bits, bits modelled)
_REGISTERS = (
    (0x01, "FUNC_CFG_ACCESS", 0x00, 0xA0, 0x00),
    (0x04, "SENSOR_SYNC_TIME_FRAME", 0x00, 0x0F, 0x00),
    (0x05, "SENSOR_SYNC_RES_RATIO", 0x00, 0x03, 0x00),
    (0x06, "FIFO_CTRL1"),
    (0x07, "FIFO_CTRL2", 0x00, 0xCF, 0x07),
    (0x08, "FIFO_CTRL3", 0x00, 0x3F),
    (0x09, "FIFO_CTRL4", 0x00, 0xFF, 0x80),
    (0x0A, "FIFO_CTRL5", 0x00, 0x7F),
    (0x0B, "DRDY_PULSE_CFG_G", 0x00, 0x81, 0x00),
    (0x0D, "INT1_CTRL", 0x00, 0xFF, 0x3B),
    (0x0E, "INT2_CTRL", 0x00, 0xFF, 0x00),
    (0x0F, "WHO_AM_I", 0x6A, 0x00),
    (0x10, "CTRL1_XL"),
    (0x11, "CTRL2_G", 0x00, 0xFE),
    (0x12, "CTRL3_C", 0x04, 0xFF, 0xED),
    (0x13, "CTRL4_C", 0x00, 0xFE, 0x0A),
    (0x14, "CTRL5_C", 0x00, 0xFF, 0x0F),
    (0x15, "CTRL6_C", 0x00, 0xFB, 0x1B),
    (0x16, "CTRL7_G", 0x00, 0xF4, 0xF0),
    (0x17, "CTRL8_XL", 0x00, 0xFD, 0xE8),
    (0x18, "CTRL9_XL", 0xE0, 0xF4, 0xE0),  # [9.21]; table 19 has 00h
    (0x19, "CTRL10_C", 0x00, 0xBF, 0x20),
    (0x1A, "MASTER_CONFIG", 0x00, 0xDF, 0x00),
    (0x1B, "WAKE_UP_SRC", 0x00, 0x00),
    (0x1C, "TAP_SRC", 0x00, 0x00),
    (0x1D, "D6D_SRC", 0x00, 0x00),
    (0x1E, "STATUS_REG", 0x00, 0x00),
    *((address, f"OUT_{address:02X}", 0x00, 0x00) for address in range(0x20, 0x2E)),
    *((address, f"SENSORHUB_{address:02X}", 0x00, 0x00) for address in range(0x2E, 0x3A)),
    (0x3A, "FIFO_STATUS1", 0x00, 0x00),
    (0x3B, "FIFO_STATUS2", 0x00, 0x00),
    (0x3C, "FIFO_STATUS3", 0x00, 0x00),
    (0x3D, "FIFO_STATUS4", 0x00, 0x00),
    (0x3E, "FIFO_DATA_OUT_L", 0x00, 0x00),
    (0x3F, "FIFO_DATA_OUT_H", 0x00, 0x00),
    (0x40, "TIMESTAMP0_REG", 0x00, 0x00),
    (0x41, "TIMESTAMP1_REG", 0x00, 0x00),
    (0x42, "TIMESTAMP2_REG"),
    *((address, f"STEP_{address:02X}", 0x00, 0x00) for address in range(0x49, 0x4D)),
    *((address, f"SENSORHUB_{address:02X}", 0x00, 0x00) for address in range(0x4D, 0x53)),
    (0x53, "FUNC_SRC1", 0x00, 0x00),
    (0x54, "FUNC_SRC2", 0x00, 0x00),
    (0x55, "WRIST_TILT_IA", 0x00, 0x00),
    (0x58, "TAP_CFG", 0x00, 0xFF, 0x81),
    (0x59, "TAP_THS_6D", 0x00, 0xFF, 0x00),
    (0x5A, "INT_DUR2", 0x00, 0xFF, 0x00),
    (0x5B, "WAKE_UP_THS", 0x00, 0xBF, 0x3F),
    (0x5C, "WAKE_UP_DUR", 0x00, 0xFF, 0x10),
    (0x5D, "FREE_FALL", 0x00, 0xFF, 0x00),
    (0x5E, "MD1_CFG", 0x00, 0xFF, 0x20),
    (0x5F, "MD2_CFG", 0x00, 0xFF, 0x00),
    (0x60, "MASTER_CMD_CODE", 0x00, 0xFF, 0x00),
    (0x61, "SENS_SYNC_SPI_ERROR_CODE", 0x00, 0xFF, 0x00),
    *((address, f"OUT_MAG_RAW_{address:02X}", 0x00, 0x00) for address in range(0x66, 0x6C)),
    (0x73, "X_OFS_USR", 0x00, 0xFF, 0x00),
    (0x74, "Y_OFS_USR", 0x00, 0xFF, 0x00),
    (0x75, "Z_OFS_USR", 0x00, 0xFF, 0x00),
)


class Lsm6ds3trc(Lsm6ds):
    """LSM6DS3TR-C; source: what its sensors sense."""

    part = "lsm6ds3trc"
    who_am_i = 0x6A
    registers = register_table(_REGISTERS)
    reserved_fifo_modes = (2, 5, 7)
    timestamp_bytes = 3
    boot_us = 15_000  # [AN5130 5.7]

    def __init__(self, address: int, source: Source):
        super().__init__(address, source)
        self._words: deque[tuple[int, int]] = deque()  # (16-bit word, its place in the pattern)
        self._triggers = 0
        self._place = 0
        self._set_words = 0
        self._overrun = False

    def timestamp_step_us(self) -> int:
        return 25 if self.values[WAKE_UP_DUR] & TIMER_HR else 6400

    def make_wake_up(self) -> WakeUp:
        return WakeUp(TAP_CFG2, may_be_fine=False)

    def fifo_runs(self) -> bool:
        control = self.values[FIFO_CTRL5]
        return control & 7 != BYPASS and bool(control >> 3)

    def restart_fifo(self) -> None:
        self._words.clear()
        self._triggers = self._place = self._set_words = 0
        self._overrun = False

    def _decimations(self) -> tuple[int, int]:
        control = self.values[FIFO_CTRL3]
        return DECIMATION[control >> 3 & 7], DECIMATION[control & 7]

    def _watermark(self) -> int:
        return self.values[FIFO_CTRL1] | (self.values[FIFO_CTRL2] & 7) << 8

    def watermark_samples(self) -> int:
        return self._watermark() // 6

    def _depth(self) -> int:
        limited = self.values[FIFO_CTRL4] & STOP_ON_FTH
        return min(FIFO_WORDS, self._watermark()) if limited else FIFO_WORDS

    def batch(self, accel: bool, gyro: bool) -> None:
        """Write the data sets due at this trigger, gyroscope first [AN5130 8.5]."""
        fastest = max(self._codes())
        every = 1 << max(0, fastest - (self.values[FIFO_CTRL5] >> 3))
        if not self.fifo_runs() or self._ticks % every:
            return
        sets = []
        for present, decimation, first in zip((gyro, accel), self._decimations(), (0x22, 0x28), strict=True):
            if present and decimation and self._triggers % decimation == 0:
                sets.append(self.words(first))
        self._triggers += 1
        words = [int.from_bytes(data[i : i + 2], "little") for data in sets for i in (0, 2, 4)]
        self._put(words)
        used = [decimation for decimation in self._decimations() if decimation]
        if used and self._triggers % math.lcm(*used) == 0:
            self._triggers = self._place = 0

    def _put(self, words: list[int]) -> None:
        self._set_words = max(self._set_words, len(words))
        if len(self._words) + len(words) > self._depth() and self.values[FIFO_CTRL5] & 7 == FIFO:
            return
        for word in words:
            self._words.append((word, self._place))
            self._place += 1
        while len(self._words) > self._depth():
            self.overruns += not self._overrun
            self._overrun = True
            for _ in range(min(3, len(self._words))):
                self._words.popleft()

    def _status2(self) -> int:
        held = len(self._words)
        watermark = self._watermark()
        flags = WATERM if watermark and held >= watermark else 0
        flags |= FULL_SMART if held and held + self._set_words >= self._depth() else 0
        flags |= OVER_RUN if self._overrun else 0
        flags |= 0 if held else EMPTY
        return flags | self._unread() >> 8

    def _unread(self) -> int:
        """Return DIFF_FIFO, which is 0 while OVER_RUN is set [AN5130 8.1.7]."""
        return 0 if self._overrun else len(self._words)

    def fifo_flags(self) -> int:
        status = self._status2()
        return (status & WATERM) >> 4 | (status & OVER_RUN) >> 2 | status & FULL_SMART

    def load(self, address: int, now_us: int) -> int:
        if address in (FIFO_DATA_OUT_L, FIFO_DATA_OUT_H):
            return self._load_word(address)
        if address == FIFO_STATUS1:
            return self._unread() & 0xFF
        if address == FIFO_STATUS2:
            return self._status2()
        if address in (FIFO_STATUS3, FIFO_STATUS4):
            place = self._words[0][1] if self._words else self._place
            return place & 0xFF if address == FIFO_STATUS3 else place >> 8
        return super().load(address, now_us)

    def _load_word(self, address: int) -> int:
        """Return a byte of the oldest word; its high byte frees it. Empty must not be read [AN5130 8.4]."""
        if not self._words:
            self.refuse(f"read of {self.named(address)} while the FIFO is empty")
        word = self._words[0][0]
        if address == FIFO_DATA_OUT_L:
            return word & 0xFF
        self._words.popleft()
        self._overrun = False
        return word >> 8

    def following(self, address: int) -> int:
        """Return the next address; the FIFO's two output registers go round by themselves [AN5130 4.7.1]."""
        return FIFO_DATA_OUT_L if address == FIFO_DATA_OUT_H else super().following(address)

    def store(self, address: int, value: int, now_us: int) -> None:
        super().store(address, value, now_us)
        if address == FIFO_CTRL5 and value & 7 == BYPASS:
            self.restart_fifo()

    def _check_value(self, address: int, value: int) -> None:
        super()._check_value(address, value)
        if address == FIFO_CTRL5:
            self.check_fifo_mode(address, value)
        if address == FIFO_CTRL5 and value >> 3 and value >> 3 not in RATE_HZ:
            self.refuse(f"write of 0x{value:02x} to {self.named(address)}: no such FIFO rate")
