"""Model of TI's DRV2605L haptic driver with an ERM or LRA on its output.

Registers from the datasheet SLOS854D, section 8.6, whose parts are named by register address in brackets. The ROM
effects' waveforms are not published: here each is a row of constant bursts with the strength its name says and a
nominal length. Modes that need the IN/TRIG pin (external trigger, PWM, analog, audio) are refused, for no board
wires it; so is OTP programming.
"""

from collections import deque
from collections.abc import Callable

from host_tools.virtual_pod.chips.register_chip import RegisterChip, register_table

STATUS, MODE, RTP_INPUT, LIBRARY_SEL, WAV_FRM_SEQ1, GO = 0x00, 0x01, 0x02, 0x03, 0x04, 0x0C
A_CAL_COMP, A_CAL_BEMF, FEEDBACK, CONTROL2, CONTROL3, CONTROL4, VBAT = 0x18, 0x19, 0x1A, 0x1C, 0x1D, 0x1E, 0x21
DEVICE_ID, DIAG_RESULT = 7 << 5, 0x08
DEV_RESET, STANDBY = 0x80, 0x40
INTERNAL_TRIGGER, RTP, DIAGNOSTICS, AUTO_CALIBRATION = 0, 5, 6, 7
N_ERM_LRA, BIDIR_INPUT, ERM_OPEN_LOOP, UNSIGNED_RTP, LRA_OPEN_LOOP = 0x80, 0x80, 0x20, 0x08, 0x01
LEVEL_MAX = 127
LIBRARY_EMPTY, LIBRARY_LRA = 0, 6
VBAT_UV_PER_LSB = 5_600_000 / 255  # VDD (V) = VBAT x 5.6 / 255 [0x21]
RESET_US = 1_000  # the datasheet does not say how long
DIAGNOSTICS_US = 200_000
AUTO_CALIBRATION_US = (350_000, 450_000, 700_000, 1_200_000)  # upper ends of AUTO_CAL_TIME [0x1E]
CALIBRATED = {A_CAL_COMP: 0x0D, A_CAL_BEMF: 0x7E}

# (address, name, reset, writable bits, bits modelled)
_REGISTERS = (
    (0x00, "STATUS", DEVICE_ID, 0x00),
    (0x01, "MODE", 0x40, 0xC7),
    (0x02, "RTP_INPUT"),
    (0x03, "LIBRARY_SEL", 0x01, 0x17),
    (0x04, "WAV_FRM_SEQ1", 0x01),
    *((0x04 + i, f"WAV_FRM_SEQ{i + 1}") for i in range(1, 8)),
    (0x0C, "GO", 0x00, 0x01),
    (0x0D, "ODT"),
    (0x0E, "SPT"),
    (0x0F, "SNT"),
    (0x10, "BRT"),
    (0x11, "ATH_CTRL", 0x05, 0x0F),
    (0x12, "ATH_MIN_INPUT", 0x19),
    (0x13, "ATH_MAX_INPUT", 0xFF),
    (0x14, "ATH_MIN_DRIVE", 0x19),
    (0x15, "ATH_MAX_DRIVE", 0xFF),
    (0x16, "RATED_VOLTAGE", 0x3E),
    (0x17, "OD_CLAMP", 0x8C),
    (0x18, "A_CAL_COMP", 0x0C),
    (0x19, "A_CAL_BEMF", 0x6C),
    (0x1A, "FEEDBACK_CONTROL", 0x36),
    (0x1B, "CONTROL1", 0x93, 0xBF),
    (0x1C, "CONTROL2", 0xF5),
    (0x1D, "CONTROL3", 0xA0),
    (0x1E, "CONTROL4", 0x20, 0xF1, 0xF0),
    (0x1F, "CONTROL5", 0x80),
    (0x20, "OL_LRA_PERIOD", 0x33, 0x7F),
    (0x21, "VBAT", 0x00, 0x00),
    (0x22, "LRA_PERIOD", 0x00, 0x00),
)

# ROM effects: (first number, strengths [%] of it and the next ones, bursts and pauses [ms] by turns)
_EFFECTS = (
    (1, (100, 60, 30), (30,)),
    (4, (100, 60, 30), (20,)),
    (7, (100, 60, 30), (40,)),
    (10, (100, 60), (30, 80, 30)),
    (12, (100,), (30, 80, 30, 80, 30)),
    (13, (60,), (150,)),
    (14, (100,), (250,)),
    (15, (100,), (750,)),
    (16, (100,), (1000,)),
    (17, (100, 80, 60, 30), (30,)),
    (21, (100, 80, 60), (25,)),
    (24, (100, 80, 60), (15,)),
    (27, (100, 80, 60, 30), (30, 60, 30)),
    (31, (100, 80, 60), (25, 60, 25)),
    (34, (100, 80, 60), (15, 60, 15)),
    (37, (100, 80, 60, 30), (20, 150, 20)),
    (41, (100, 80, 60), (20, 150, 20)),
    (44, (100, 80, 60), (15, 150, 15)),
    (47, (100, 80, 60, 40, 20), (200,)),
    (52, (100, 60), (60, 60, 60)),
    (54, (100, 60), (50, 60, 50)),
    (56, (100, 60), (20, 60, 20)),
    (58, (100, 80, 60, 40, 20, 10), (40,)),
    (64, (100, 80, 60, 40, 20, 10), (100,)),
    (70, (50,) * 24, (250,)),  # ramps between 0 and 100 %
    (94, (25,) * 24, (250,)),  # ramps between 0 and 50 %
    (118, (100,), (10_000,)),  # long buzz for programmatic stopping
    (119, (50, 40, 30, 20, 10), (500,)),
)
EFFECT_COUNT = 123


def effect_bursts(number: int) -> list[tuple[int, int]]:
    """Return a ROM effect as (level 0..127, duration [ms]) pairs; number 1..123."""
    for first, strengths, durations in reversed(_EFFECTS):
        if number >= first:
            level = (strengths[number - first] * LEVEL_MAX + 50) // 100
            return [(level if i % 2 == 0 else 0, ms) for i, ms in enumerate(durations)]
    return []


class Drv2605l(RegisterChip):
    """on_drive(level 0..127, source, time [us]) is called at each change of what the motor gets, and at each
    command of real-time playback that lets it run on.

    lra: the actuator on the output is an LRA.  actuator_present: False = nothing connected.
    """

    part = "drv2605l"
    registers = register_table(_REGISTERS)

    def __init__(self, address: int = 0x5A, lra: bool = False, actuator_present: bool = True):
        super().__init__(address)
        self.lra = lra
        self.actuator_present = actuator_present
        self.supply_mv = 3300
        self.on_drive: Callable[[int, str, int], None] | None = None
        self.level = 0
        self._plan: deque[tuple[int, int]] = deque()  # (time [us], level), the last one ends the process
        self._busy_until_us = 0
        self._source = ""

    def advance(self, now_us: int) -> None:
        while self._plan and self._plan[0][0] <= now_us:
            at_us, level = self._plan.popleft()
            self._drive(level, self._source, at_us)
            if not self._plan:
                self._finish()
        if self.values[MODE] & DEV_RESET and now_us >= self._busy_until_us:
            self.values[MODE] &= ~DEV_RESET

    def _finish(self) -> None:
        """End the process GO fired; a calibration leaves its results [0x18, 0x19]."""
        self.values[GO] = 0
        mode = self.values[MODE] & 7
        if mode not in (DIAGNOSTICS, AUTO_CALIBRATION):
            return
        if not self.actuator_present:
            self.values[STATUS] |= DIAG_RESULT
        elif mode == AUTO_CALIBRATION:
            self.values.update(CALIBRATED)

    def _drive(self, level: int, source: str, now_us: int) -> None:
        if level != self.level or (level and source == "rtp"):
            self.level = level
            if self.on_drive:
                self.on_drive(level, source, now_us)

    def load(self, address: int, now_us: int) -> int:
        self._check_ready(address, now_us)
        value = super().load(address, now_us)
        if address == STATUS:
            self.values[STATUS] &= ~DIAG_RESULT  # clears upon read [0x00]
        if address == VBAT:
            return min(255, round(self.supply_mv * 1000 / VBAT_UV_PER_LSB))
        return value

    def store(self, address: int, value: int, now_us: int) -> None:
        self._check_ready(address, now_us)
        self._check_value(address, value)
        super().store(address, value, now_us)
        if address == MODE:
            self._enter_mode(value, now_us)
        elif address == GO:
            self._go(bool(value), now_us)
        elif address in (RTP_INPUT, CONTROL2, CONTROL3):
            self._drive_rtp(now_us)

    def _check_ready(self, address: int, now_us: int) -> None:
        if now_us < self._busy_until_us and address != MODE:
            self.refuse(f"access to {self.named(address)} during device reset")

    def _check_value(self, address: int, value: int) -> None:
        why = ""
        if address == MODE and 1 <= value & 7 <= 4:
            why = f"mode {value & 7} needs the IN/TRIG pin, which is not wired"
        elif WAV_FRM_SEQ1 <= address < GO and not value & 0x80 and value > EFFECT_COUNT:
            why = f"there is no effect {value}"
        elif address == FEEDBACK and bool(value & N_ERM_LRA) != self.lra:
            why = f"the actuator on the output is an {'LRA' if self.lra else 'ERM'}"
        elif address == GO and value and self.values[MODE] & STANDBY:
            why = "the device is in standby"
        elif address == GO and value and self.values[MODE] & 7 == RTP:
            why = "GO fires nothing in real-time playback"
        if why:
            self.refuse(f"write of 0x{value:02x} to {self.named(address)}: {why}")

    def _enter_mode(self, value: int, now_us: int) -> None:
        self._plan.clear()
        self.values[GO] = 0
        if value & DEV_RESET:
            self.values = self.reset_values()
            self.values[MODE] |= DEV_RESET
            self._busy_until_us = now_us + RESET_US
        if value & (DEV_RESET | STANDBY) or value & 7 != RTP:
            self._drive(0, "standby" if value & STANDBY else "mode", now_us)
        else:
            self._drive_rtp(now_us)

    def _drive_rtp(self, now_us: int) -> None:
        if self.values[MODE] & (STANDBY | 7) == RTP:
            self._drive(self._rtp_level(), "rtp", now_us)

    def _rtp_level(self) -> int:
        """Return the drive 0..127 of RTP_INPUT; braking or reverse drive counts as 0 [0x02, 0x1D]."""
        value, control3 = self.values[RTP_INPUT], self.values[CONTROL3]
        open_loop = control3 & (LRA_OPEN_LOOP if self.values[FEEDBACK] & N_ERM_LRA else ERM_OPEN_LOOP)
        if not control3 & UNSIGNED_RTP:
            return value if value <= LEVEL_MAX else 0
        if open_loop or self.values[CONTROL2] & BIDIR_INPUT:
            return max(0, value - 128)
        return value >> 1

    def _go(self, start: bool, now_us: int) -> None:
        """Fire the process of the mode, or cancel it [0x0C]."""
        self._plan.clear()
        if not start:
            self._drive(0, "cancel", now_us)
            return
        mode = self.values[MODE] & 7
        if mode == INTERNAL_TRIGGER:
            self._source = f"effect {self.values[WAV_FRM_SEQ1] & 0x7F}"
            self._plan_sequence(now_us)
        else:
            self._source = "diagnostics" if mode == DIAGNOSTICS else "calibration"
            calibration_us = AUTO_CALIBRATION_US[self.values[CONTROL4] >> 4 & 3]
            length_us = DIAGNOSTICS_US if mode == DIAGNOSTICS else calibration_us
            self._plan.extend(((now_us, LEVEL_MAX if self.actuator_present else 0), (now_us + length_us, 0)))
        self.advance(now_us)

    def _plan_sequence(self, now_us: int) -> None:
        library = self.values[LIBRARY_SEL] & 7
        if library != LIBRARY_EMPTY and (library == LIBRARY_LRA) != self.lra:
            self.refuse(f"GO with library {library} for an {'LRA' if self.lra else 'ERM'}")
        at_us = now_us
        for entry in (self.values[WAV_FRM_SEQ1 + i] for i in range(8)):
            if not entry:
                break
            if entry & 0x80:
                bursts = [(0, 10 * (entry & 0x7F))]  # a wait of 10 ms each [0x04]
            else:
                bursts = effect_bursts(entry) if library != LIBRARY_EMPTY else []
            for level, length_ms in bursts:
                self._plan.append((at_us, level))
                at_us += 1000 * length_ms
        self._plan.append((at_us, 0))
