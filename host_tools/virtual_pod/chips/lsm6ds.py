"""What ST's LSM6DS IMUs have in common: data rates, full scales, outputs, status, self-test, INT1, resets.

Brackets name the register's section in the LSM6DSOX datasheet (DS12814) or a heading of AN5272. Filters may be
set and change nothing: the input is band-limited already. Settling after power-up is not modelled.
"""

from collections.abc import Callable
from typing import Protocol

from host_tools.virtual_pod.chips.register_chip import RegisterChip
from host_tools.virtual_pod.chips.wake_up import MD1_CFG, WAKE_UP_SRC, WakeUp

INT1_CTRL, WHO_AM_I, CTRL1_XL, CTRL2_G, CTRL3_C = 0x0D, 0x0F, 0x10, 0x11, 0x12
CTRL5_C, CTRL10_C, STATUS_REG, OUT_TEMP_L, OUTX_L_G, OUTX_L_A = 0x14, 0x19, 0x1E, 0x20, 0x22, 0x28
TIMESTAMP0, TIMESTAMP2, TIMESTAMP_EN, TIMESTAMP_RESET = 0x40, 0x42, 0x20, 0xAA
BYPASS, FIFO, CONTINUOUS = 0, 1, 6
XLDA, GDA, TDA = 1, 2, 4
SW_RESET, IF_INC, H_LACTIVE, BDU, BOOT = 0x01, 0x04, 0x20, 0x40, 0x80

# ODR code -> nominal rate [Hz] [CTRL1_XL, CTRL2_G]; 12.5 Hz is the lowest
RATE_HZ = {1: 12, 2: 26, 3: 52, 4: 104, 5: 208, 6: 416, 7: 833, 8: 1667, 9: 3333, 10: 6667}
FASTEST_CODE, FASTEST_PERIOD_US = 10, 150  # 6667 Hz; each lower code halves it [INTERNAL_FREQ_FINE]
FREQ_FINE_STEP = 0.0015
ACCEL_UG_PER_LSB = {0: 61, 1: 488, 2: 122, 3: 244}  # FS_XL: 2, 16, 4, 8 g [table 2]
GYRO_UDPS_PER_LSB = {0: 8_750, 1: 17_500, 2: 35_000, 3: 70_000}  # FS_G: 250, 500, 1000, 2000 dps
GYRO_125_UDPS_PER_LSB = 4_375

SELF_TEST_MG = 400  # inside 50..1700 mg (LSM6DSO/X) [table 2] and 90..1700 mg (LSM6DS3TR-C) [its table 3]
SELF_TEST_LSB = 5_714  # 400 dps at 2000 dps (150..700), 50 dps at 250 dps (20..80)
RESET_US = 50  # [AN5272, reboot and software reset; AN5130 5.7]
TEMPERATURE_LSB_PER_C, TEMPERATURE_ZERO_C = 256, 25


class Source(Protocol):
    """What the sensors sense."""

    temperature_c: float

    def row(self, index: int, rate_hz: int) -> tuple[int, ...]:
        """Return sample `index` at a nominal rate [Hz]: ax ay az [mg], gx gy gz [0.1 deg/s] in chip axes."""


def quantised(value: int, micro_per_unit: int, micro_per_lsb: int) -> int:
    """Return a quantity as the chip's 16-bit output: rounded to the sensitivity, saturated at full scale."""
    raw = (2 * value * micro_per_unit + micro_per_lsb) // (2 * micro_per_lsb)
    return max(-32768, min(32767, raw))


class Lsm6ds(RegisterChip):
    """Base of the models; a part adds its register table and its FIFO."""

    who_am_i = 0x6C
    timestamp_bytes = 4
    boot_us = 10_000  # [AN5272 5.7]
    reserved_fifo_modes: tuple[int, ...] = ()

    def __init__(self, address: int, source: Source):
        super().__init__(address)
        self.source = source
        self.stuck = False
        self.freq_fine = 0  # how fast its own oscillator goes, in steps of 0.15 % [INTERNAL_FREQ_FINE]
        self.start_us: int | None = None  # when sample 0 was there
        self.on_start: Callable[[int], None] | None = None  # told when it is
        self.overruns = 0  # how often the FIFO began to lose words
        self._outputs = {register: 0 for register in range(OUT_TEMP_L, 0x2E, 2)}
        self._held: dict[int, int] = {}
        self._status = 0
        self._period_us = self._last_period_us = 0
        self._anchor_us = 0
        self._ticks = 0
        self._busy_until_us = 0
        self._timestamp_from_us: int | None = None  # since when it counts, None while it does not
        self._counted_us = 0  # before that
        self._pin = 0
        self.wake_up = self.make_wake_up()

    def make_wake_up(self) -> WakeUp:
        """Return the part's wake-up interrupt."""
        raise NotImplementedError

    def advance(self, now_us: int) -> None:
        while self._period_us and self._next_tick_us() <= now_us:
            self._tick(self._next_tick_us())
        if self.values[CTRL3_C] & (SW_RESET | BOOT) and now_us >= self._busy_until_us:
            self.values[CTRL3_C] &= ~(SW_RESET | BOOT)

    def next_event_us(self) -> int | None:
        wired = self.values[INT1_CTRL] or self.values[MD1_CFG]
        return self._next_tick_us() if self._period_us and wired else None

    def _next_tick_us(self) -> int:
        return self._anchor_us + (self._ticks + 1) * self._period_us

    def sample_time_us(self, index: int) -> int:
        """Return when sample `index` was, or will be, there to be read [us], at the rate set now or last."""
        return (self.start_us or 0) + index * self._last_period_us

    def _codes(self) -> tuple[int, int]:
        return self.values[CTRL1_XL] >> 4, self.values[CTRL2_G] >> 4

    def _restart_clock(self, now_us: int) -> None:
        """Begin a new grid of sample times; both sensors share the faster one's."""
        fastest = max(self._codes())
        nominal_us = FASTEST_PERIOD_US << FASTEST_CODE - fastest if fastest else 0
        self._period_us = round(nominal_us / (1 + FREQ_FINE_STEP * self.freq_fine))
        self._last_period_us = self._period_us or self._last_period_us
        self._anchor_us, self._ticks = now_us, 0

    def _tick(self, now_us: int) -> None:
        self._ticks += 1
        accel_code, gyro_code = self._codes()
        fastest = max(accel_code, gyro_code)
        accel = bool(accel_code) and self._ticks % (1 << (fastest - accel_code)) == 0
        gyro = bool(gyro_code) and self._ticks % (1 << (fastest - gyro_code)) == 0
        if self.start_us is None and self.fifo_runs():
            self.start_us = now_us
            if self.on_start:
                self.on_start(now_us)
        since_us = now_us - (self.start_us or now_us)
        row = self.source.row((since_us + self._period_us // 2) // self._period_us, RATE_HZ[fastest])
        if not self.stuck:
            self._sense(row, accel, gyro)
        if accel:
            self.wake_up.feed(self.values, [self._outputs[OUTX_L_A + 2 * axis] for axis in range(3)])
        self._status |= accel * XLDA | gyro * GDA | TDA
        self.batch(accel, gyro)
        self.settle(now_us)

    def _sense(self, row: tuple[int, ...], accel: bool, gyro: bool) -> None:
        if accel:
            shift, lsb = self._accel_self_test_mg(), ACCEL_UG_PER_LSB[self.values[CTRL1_XL] >> 2 & 3]
            for axis in range(3):
                self._outputs[OUTX_L_A + 2 * axis] = quantised(row[axis] + shift, 1000, lsb)
        if gyro:
            lsb, shift = self._gyro_udps_per_lsb(), self._gyro_self_test_lsb()
            for axis in range(3):
                raw = quantised(row[3 + axis], 100_000, lsb) + shift
                self._outputs[OUTX_L_G + 2 * axis] = max(-32768, min(32767, raw))
        degrees = self.source.temperature_c - TEMPERATURE_ZERO_C
        self._outputs[OUT_TEMP_L] = round(degrees * TEMPERATURE_LSB_PER_C)

    def _gyro_udps_per_lsb(self) -> int:
        control = self.values[CTRL2_G]
        return GYRO_125_UDPS_PER_LSB if control & 2 else GYRO_UDPS_PER_LSB[control >> 2 & 3]

    def _accel_self_test_mg(self) -> int:
        return (0, SELF_TEST_MG, -SELF_TEST_MG)[self.values[CTRL5_C] & 3]

    def _gyro_self_test_lsb(self) -> int:
        return {0: 0, 1: SELF_TEST_LSB, 3: -SELF_TEST_LSB}[self.values[CTRL5_C] >> 2 & 3]

    def words(self, first: int) -> bytes:
        """Return three output registers from `first`, six bytes little-endian."""
        return b"".join((self._outputs[first + 2 * i] & 0xFFFF).to_bytes(2, "little") for i in range(3))

    def fifo_runs(self) -> bool:
        """Return whether samples go into the FIFO."""
        raise NotImplementedError

    def batch(self, accel: bool, gyro: bool) -> None:
        """Put what was sensed at this tick into the FIFO."""
        raise NotImplementedError

    def fifo_flags(self) -> int:
        """Return FIFO threshold, overrun, full in the places of INT1_CTRL's bits 3, 4, 5."""
        raise NotImplementedError

    def watermark_samples(self) -> int:
        """Return how many samples raise FIFO threshold."""
        raise NotImplementedError

    def restart_fifo(self) -> None:
        """Empty the FIFO."""
        raise NotImplementedError

    def settle(self, now_us: int) -> None:
        events = self._status & (XLDA | GDA) | self.fifo_flags()
        active = bool(events & self.values[INT1_CTRL]) or self.wake_up.raises_int1(self.values)
        level = int(active != bool(self.values[CTRL3_C] & H_LACTIVE))
        if level != self._pin:
            self._pin = level
            if self.on_pin:
                self.on_pin(level)

    def following(self, address: int) -> int:
        if not self.values[CTRL3_C] & IF_INC:
            return address
        return (address + 1) & 0x7F

    def load(self, address: int, now_us: int) -> int:
        self._check_ready(address, now_us, reading=True)
        if address == WHO_AM_I:
            return self.who_am_i
        if address == STATUS_REG:
            return self._status
        if address == WAKE_UP_SRC:
            return self.wake_up.read()
        if OUT_TEMP_L <= address < OUTX_L_A + 6:
            return self._load_output(address)
        if TIMESTAMP0 <= address < TIMESTAMP0 + self.timestamp_bytes:
            return self._timestamp(now_us) >> 8 * (address - TIMESTAMP0) & 0xFF
        return super().load(address, now_us)

    def _load_output(self, address: int) -> int:
        """Return an output byte; with BDU the high byte belongs to the low byte read before it [CTRL3_C]."""
        pair = address & ~1
        value = self._held.get(pair, self._outputs[pair])
        if not address & 1:
            if self.values[CTRL3_C] & BDU:
                self._held[pair] = value
            return value & 0xFF
        self._held.pop(pair, None)
        self._status &= ~(XLDA if pair >= OUTX_L_A else GDA if pair >= OUTX_L_G else TDA)
        return value >> 8 & 0xFF

    def store(self, address: int, value: int, now_us: int) -> None:
        self._check_ready(address, now_us, reading=False)
        self._check_value(address, value)
        if address == TIMESTAMP2:
            self._restart_timestamp()
            self._run_timestamp(now_us)
            return
        before = self.values[address]
        super().store(address, value, now_us)
        if address in (CTRL1_XL, CTRL2_G) and (before ^ value) >> 4:
            self._restart_clock(now_us)
        if address == CTRL1_XL:
            self.wake_up.forget()
        if address in (CTRL1_XL, CTRL2_G, CTRL10_C):
            self._run_timestamp(now_us)
        if address == CTRL3_C and value & (SW_RESET | BOOT):
            self._start_reset(value, now_us)

    def _check_value(self, address: int, value: int) -> None:
        code = value >> 4
        if address in (CTRL1_XL, CTRL2_G) and code and code not in RATE_HZ:
            self.refuse(f"write of 0x{value:02x} to {self.named(address)}: no such output data rate")
        if address == CTRL5_C and (value & 3 == 3 or value >> 2 & 3 == 2):
            self.refuse(f"write of 0x{value:02x} to {self.named(address)}: self-test code not allowed")
        if address == CTRL3_C and value & SW_RESET and value & BOOT:
            self.refuse(f"write of 0x{value:02x} to {self.named(address)}: SW_RESET and BOOT together")
        if address == TIMESTAMP2 and value != TIMESTAMP_RESET:
            self.refuse(f"write of 0x{value:02x} to {self.named(address)}: only 0xaa means something")

    def check_fifo_mode(self, address: int, value: int) -> None:
        """Refuse a FIFO mode [2:0] that is reserved or needs a trigger."""
        mode = value & 7
        if mode not in (BYPASS, FIFO, CONTINUOUS):
            why = "is reserved" if mode in self.reserved_fifo_modes else "is not modelled"
            self.refuse(f"write of 0x{value:02x} to {self.named(address)}: FIFO mode {mode} {why}")

    def _check_ready(self, address: int, now_us: int, reading: bool) -> None:
        if now_us < self._busy_until_us and not (reading and address == CTRL3_C):
            self.refuse(f"{'read' if reading else 'write'} of {self.named(address)} during reset or boot")

    def _start_reset(self, control: int, now_us: int) -> None:
        """Software reset gives every register its default; boot reloads the trim and keeps them [AN5272]."""
        self._busy_until_us = now_us + (RESET_US if control & SW_RESET else self.boot_us)
        if control & SW_RESET:
            self.values = self.reset_values()
            self.values[CTRL3_C] |= SW_RESET
            self._restart_timestamp()
            self._status = 0
            self._held.clear()
            self.wake_up.forget()
            self._restart_clock(now_us)
            self.restart_fifo()

    def timestamp_step_us(self) -> int:
        """Return how long one count of the timestamp lasts [us]."""
        return 25

    def _restart_timestamp(self) -> None:
        self._timestamp_from_us, self._counted_us = None, 0

    def _run_timestamp(self, now_us: int) -> None:
        """Count while enabled, unless both sensors are in power-down [AN5130 6.5]."""
        if self._timestamp_from_us is not None:
            self._counted_us += now_us - self._timestamp_from_us
        runs = self.values[CTRL10_C] & TIMESTAMP_EN and any(self._codes())
        self._timestamp_from_us = now_us if runs else None

    def _timestamp(self, now_us: int) -> int:
        from_us = self._timestamp_from_us
        running_us = 0 if from_us is None else now_us - from_us
        counted_us = round((self._counted_us + running_us) * (1 + FREQ_FINE_STEP * self.freq_fine))
        return counted_us // self.timestamp_step_us()
