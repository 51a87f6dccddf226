"""Models of ST's LSM6DSO and LSM6DSOX: register map and tagged FIFO.

Registers from the datasheets DS12140 (LSM6DSO) and DS12814 (LSM6DSOX), sections 8 and 9; the FIFO also from the
application notes AN5192 and AN5272. Embedded functions, OIS, sensor hub, compression, triggered
FIFO modes, temperature and timestamp batching are not modelled, so asking for them stops the run.
"""

from collections import deque

from host_tools.virtual_pod.chips.lsm6ds import BYPASS, FIFO, Lsm6ds, Source
from host_tools.virtual_pod.chips.register_chip import register_table
from host_tools.virtual_pod.chips.wake_up import TAP_CFG0, WakeUp

FIFO_CTRL1, FIFO_CTRL2, FIFO_CTRL3, FIFO_CTRL4 = 0x07, 0x08, 0x09, 0x0A
FIFO_STATUS1, FIFO_STATUS2 = 0x3A, 0x3B
INTERNAL_FREQ_FINE, FIFO_DATA_OUT_TAG, FIFO_DATA_OUT_Z_H = 0x63, 0x78, 0x7E

WTM_IA, OVR_IA, FULL_IA, OVR_LATCHED = 0x80, 0x40, 0x20, 0x08  # FIFO_STATUS2
STOP_ON_WTM = 0x80
FIFO_WORDS = 512  # 3 kbyte of 7-byte words without compression
TAG_GYRO, TAG_ACCEL = 1, 2  # [FIFO_DATA_OUT_TAG]

# (address, name, reset, writable bits, bits modelled)
_COMMON = (
    (0x01, "FUNC_CFG_ACCESS", 0x00, 0xC0, 0x00),
    (0x02, "PIN_CTRL", 0x3F, 0xC0, 0xC0),
    (0x07, "FIFO_CTRL1"),
    (0x08, "FIFO_CTRL2", 0x00, 0xD7, 0x81),
    (0x09, "FIFO_CTRL3"),
    (0x0A, "FIFO_CTRL4", 0x00, 0xF7, 0x07),
    (0x0B, "COUNTER_BDR_REG1", 0x00, 0xE7, 0x00),
    (0x0C, "COUNTER_BDR_REG2", 0x00, 0xFF, 0x00),
    (0x0D, "INT1_CTRL", 0x00, 0xFF, 0x3B),
    (0x0E, "INT2_CTRL", 0x00, 0x7F, 0x00),
    (0x0F, "WHO_AM_I", 0x6C, 0x00),
    (0x10, "CTRL1_XL", 0x00, 0xFE),
    (0x11, "CTRL2_G", 0x00, 0xFE),
    (0x12, "CTRL3_C", 0x04, 0xFD, 0xED),
    (0x13, "CTRL4_C", 0x00, 0x6E, 0x0A),
    (0x14, "CTRL5_C", 0x00, 0xEF, 0x0F),
    (0x15, "CTRL6_C", 0x00, 0xFF, 0x1F),
    (0x16, "CTRL7_G", 0x00, 0xF7, 0xF0),
    (0x17, "CTRL8_XL", 0x00, 0xFF, 0xE8),
    (0x18, "CTRL9_XL", 0xE0, 0xFE, 0xE2),
    (0x19, "CTRL10_C", 0x00, 0x20),
    (0x1A, "ALL_INT_SRC", 0x00, 0x00),
    (0x1B, "WAKE_UP_SRC", 0x00, 0x00),
    (0x1C, "TAP_SRC", 0x00, 0x00),
    (0x1D, "D6D_SRC", 0x00, 0x00),
    (0x1E, "STATUS_REG", 0x00, 0x00),
    *((address, f"OUT_{address:02X}", 0x00, 0x00) for address in range(0x20, 0x2E)),
    (0x35, "EMB_FUNC_STATUS_MAINPAGE", 0x00, 0x00),
    (0x36, "FSM_STATUS_A_MAINPAGE", 0x00, 0x00),
    (0x37, "FSM_STATUS_B_MAINPAGE", 0x00, 0x00),
    (0x39, "STATUS_MASTER_MAINPAGE", 0x00, 0x00),
    (0x3A, "FIFO_STATUS1", 0x00, 0x00),
    (0x3B, "FIFO_STATUS2", 0x00, 0x00),
    (0x40, "TIMESTAMP0", 0x00, 0x00),
    (0x41, "TIMESTAMP1", 0x00, 0x00),
    (0x42, "TIMESTAMP2", 0x00, 0xFF, 0xFF),
    (0x43, "TIMESTAMP3", 0x00, 0x00),
    (0x56, "TAP_CFG0", 0x00, 0x7F, 0x01),
    (0x57, "TAP_CFG1", 0x00, 0xFF, 0x00),
    (0x58, "TAP_CFG2", 0x00, 0xFF, 0x80),
    (0x59, "TAP_THS_6D", 0x00, 0xFF, 0x00),
    (0x5A, "INT_DUR2", 0x00, 0xFF, 0x00),
    (0x5B, "WAKE_UP_THS", 0x00, 0xFF, 0x3F),
    (0x5C, "WAKE_UP_DUR", 0x00, 0xFF, 0x10),
    (0x5D, "FREE_FALL", 0x00, 0xFF, 0x00),
    (0x5E, "MD1_CFG", 0x00, 0xFF, 0x20),
    (0x5F, "MD2_CFG", 0x00, 0xFF, 0x00),
    (0x62, "I3C_BUS_AVB", 0x00, 0x19, 0x01),
    (INTERNAL_FREQ_FINE, "INTERNAL_FREQ_FINE", 0x00, 0x00),
    (0x73, "X_OFS_USR", 0x00, 0xFF, 0x00),
    (0x74, "Y_OFS_USR", 0x00, 0xFF, 0x00),
    (0x75, "Z_OFS_USR", 0x00, 0xFF, 0x00),
    *((address, f"FIFO_DATA_OUT_{address:02X}", 0x00, 0x00) for address in range(0x78, 0x7F)),
)
_OIS_STATUS = tuple((address, f"UI_OIS_{address:02X}", 0x00, 0x00) for address in range(0x49, 0x56))
_SOX_ONLY = (
    (0x01, "FUNC_CFG_ACCESS", 0x00, 0xC1, 0x00),
    (0x04, "S4S_TPH_L", 0x00, 0xFF, 0x00),
    (0x05, "S4S_TPH_H", 0x00, 0xFF, 0x00),
    (0x06, "S4S_RR", 0x00, 0x03, 0x00),
    (0x14, "CTRL5_C", 0x00, 0xFF, 0x0F),
    (0x38, "MLC_STATUS_MAINPAGE", 0x00, 0x00),
    (0x60, "S4S_ST_CMD_CODE", 0x00, 0xFF, 0x00),
    (0x61, "S4S_DT_REG", 0x00, 0xFF, 0x00),
)


def tag_byte(sensor: int, slot: int) -> int:
    """Return FIFO_DATA_OUT_TAG: sensor in [7:3], time-slot counter in [2:1], even parity in [0]."""
    tag = sensor << 3 | (slot & 3) << 1
    return tag | tag.bit_count() & 1


class Lsm6dso(Lsm6ds):
    """LSM6DSO; source: what its sensors sense."""

    part = "lsm6dso"
    registers = register_table(_COMMON)
    reserved_fifo_modes = (2, 5)

    def __init__(self, address: int, source: Source):
        super().__init__(address, source)
        self._words: deque[bytes] = deque()
        self._slot = 0
        self._overrun = False
        self._overrun_latched = False
        self._slot_words = 0

    def make_wake_up(self) -> WakeUp:
        return WakeUp(TAP_CFG0, may_be_fine=True)

    def fifo_runs(self) -> bool:
        return self.values[FIFO_CTRL4] & 7 != BYPASS

    def restart_fifo(self) -> None:
        self._words.clear()
        self._slot = self._slot_words = 0
        self._overrun = self._overrun_latched = False

    def _watermark(self) -> int:
        return self.values[FIFO_CTRL1] | (self.values[FIFO_CTRL2] & 1) << 8

    def watermark_samples(self) -> int:
        return self._watermark() // 2

    def _depth(self) -> int:
        limited = self.values[FIFO_CTRL2] & STOP_ON_WTM
        return min(FIFO_WORDS, self._watermark()) if limited else FIFO_WORDS

    def batch(self, accel: bool, gyro: bool) -> None:
        if not self.fifo_runs():
            return
        accel_code, gyro_code = self._codes()
        rates = self.values[FIFO_CTRL3]
        slot = []
        if gyro and self._due(rates >> 4, gyro_code):
            slot.append((TAG_GYRO, 0x22))
        if accel and self._due(rates & 15, accel_code):
            slot.append((TAG_ACCEL, 0x28))
        if not slot:
            return
        for sensor, first in slot:
            self._put(bytes((tag_byte(sensor, self._slot),)) + self.words(first))
        self._slot = (self._slot + 1) & 3
        self._slot_words = len(slot)

    def _due(self, batch_code: int, rate_code: int) -> bool:
        """Return whether a sensor is batched at this tick; it is at most at its own rate [FIFO_CTRL3]."""
        if not batch_code:
            return False
        every = 1 << max(0, rate_code - batch_code)
        every_tick = 1 << (max(self._codes()) - rate_code)
        return (self._ticks // every_tick) % every == 0

    def _put(self, word: bytes) -> None:
        if len(self._words) < self._depth():
            self._words.append(word)
            return
        if self.values[FIFO_CTRL4] & 7 == FIFO:
            return
        self._words.popleft()
        self._words.append(word)
        self.overruns += not self._overrun
        self._overrun = self._overrun_latched = True

    def _status2(self) -> int:
        held = len(self._words)
        watermark = self._watermark()
        flags = WTM_IA if watermark and held >= watermark else 0
        flags |= FULL_IA if held and held + self._slot_words >= self._depth() else 0
        flags |= OVR_IA if self._overrun else 0
        flags |= OVR_LATCHED if self._overrun_latched else 0
        return flags | held >> 8

    def fifo_flags(self) -> int:
        status = self._status2()
        return (status & WTM_IA) >> 4 | (status & OVR_IA) >> 2 | status & FULL_IA

    def load(self, address: int, now_us: int) -> int:
        if FIFO_DATA_OUT_TAG <= address <= FIFO_DATA_OUT_Z_H:
            return self._load_word(address)
        if address == INTERNAL_FREQ_FINE:
            return self.freq_fine & 0xFF
        if address == FIFO_STATUS1:
            return len(self._words) & 0xFF
        if address == FIFO_STATUS2:
            status = self._status2()
            self._overrun_latched = False  # reset when this register is read [FIFO_STATUS2]
            return status
        return super().load(address, now_us)

    def _load_word(self, address: int) -> int:
        """Return a byte of the oldest word; its last byte frees it [AN5272, retrieving data]."""
        if not self._words:
            self.refuse(f"read of {self.named(address)} while the FIFO is empty")
        value = self._words[0][address - FIFO_DATA_OUT_TAG]
        if address == FIFO_DATA_OUT_Z_H:
            self._words.popleft()
            self._overrun = False
        return value

    def following(self, address: int) -> int:
        """Return the next address; the FIFO's output registers go round by themselves [AN5272, rounding]."""
        return FIFO_DATA_OUT_TAG if address == FIFO_DATA_OUT_Z_H else super().following(address)

    def store(self, address: int, value: int, now_us: int) -> None:
        super().store(address, value, now_us)
        if address == FIFO_CTRL4 and value & 7 == BYPASS:
            self.restart_fifo()

    def _check_value(self, address: int, value: int) -> None:
        super()._check_value(address, value)
        if address == FIFO_CTRL4:
            self.check_fifo_mode(address, value)
        if address == FIFO_CTRL3 and (value >> 4 > 10 or value & 15 > 10):
            self.refuse(f"write of 0x{value:02x} to {self.named(address)}: no such batch rate in the model")


class Lsm6dsox(Lsm6dso):
    """LSM6DSOX: the LSM6DSO with a machine learning core and sensor synchronisation registers."""

    part = "lsm6dsox"
    registers = register_table((*_COMMON, *_OIS_STATUS, *_SOX_ONLY))
