"""The DRV2605L model, register by register; the addresses of SLOS854D's register sections in brackets."""

import pytest
from chip_bench import Bench

from host_tools.virtual_pod.chips.drv2605l import EFFECT_COUNT, Drv2605l, effect_bursts
from host_tools.virtual_pod.link import UnknownAccess


def bench(**options) -> tuple[Bench, list]:
    """Return a chip out of standby and the list of (time us, level) it drives the motor with."""
    b = Bench(Drv2605l(**options))
    driven: list = []
    b.chip.on_drive = lambda level, source, now_us: driven.append((now_us, level))
    return b, driven


def in_rtp(*control3) -> tuple[Bench, list]:
    b, driven = bench()
    b.write(0x1D, *(control3 or (0xA0,)))
    b.write(0x01, 0x05)
    return b, driven


def test_identity_and_reset_values():  # [register map]
    b, _ = bench()
    assert b.byte(0x00) == 0xE0
    assert b.byte(0x01) == 0x40
    assert b.read(0x16, 9) == bytes((0x3E, 0x8C, 0x0C, 0x6C, 0x36, 0x93, 0xF5, 0xA0, 0x20))


@pytest.mark.parametrize(
    ("register", "value", "says"),
    [
        (0x00, 0xE0, "read-only STATUS"),
        (0x23, 0x00, "reserved register 0x23"),
        (0x01, 0x08, "bits 0x38 must stay 0x00"),
        (0x01, 0x03, "needs the IN/TRIG pin"),
        (0x0C, 0x01, "standby"),
        (0x0C, 0x02, "bits 0xfe must stay 0x00"),
        (0x1E, 0x21, "not modelled"),
        (0x1A, 0xB6, "is an ERM"),
        (0x04, 124, "there is no effect 124"),
    ],
)
def test_refuses_what_the_datasheet_does_not_allow(register, value, says):
    with pytest.raises(UnknownAccess, match="^drv2605l at 0x5a: write of") as refused:
        bench()[0].write(register, value)
    assert says in str(refused.value)


def test_an_lra_needs_its_bit_and_its_library():  # [0x1A, 0x03]
    b, _ = bench(lra=True)
    with pytest.raises(UnknownAccess, match="is an LRA"):
        b.write(0x1A, 0x36)
    b.write(0x1A, 0xB6)
    b.write(0x01, 0x00)
    with pytest.raises(UnknownAccess, match="GO with library 1 for an LRA"):
        b.write(0x0C, 1)


def test_rtp_drives_at_once_and_standby_ends_it():  # [0x02]
    b, driven = in_rtp()
    b.write(0x02, 127)
    b.wait(250_000)
    b.write(0x02, 64)
    b.wait(1_000)
    b.write(0x01, 0x45)
    assert driven == [(1_000, 127), (251_000, 64), (252_000, 0)]


def test_rtp_input_in_another_mode_drives_nothing():
    b, driven = bench()
    b.write(0x01, 0x00)
    b.write(0x02, 127)
    assert driven == []
    b.write(0x01, 0x05)
    assert driven == [(1_000, 127)]


@pytest.mark.parametrize(
    ("control2", "control3", "value", "level"),
    [
        (0xF5, 0xA0, 0x7F, 127),  # signed: mid-scale 0
        (0xF5, 0xA0, 0x81, 0),  # braking
        (0xF5, 0xA8, 0x80, 0),  # unsigned, open loop: mid-scale 0x80
        (0xF5, 0xA8, 0xFF, 127),
        (0x75, 0x88, 0xFF, 127),  # unsigned, closed loop, unidirectional: 0 is none
        (0x75, 0x88, 0x80, 64),
        (0x75, 0x80, 0x40, 64),
    ],
)
def test_rtp_data_formats(control2, control3, value, level):  # [0x1C, 0x1D] BIDIR_INPUT, DATA_FORMAT_RTP
    b, _ = bench()
    b.write(0x1C, control2, control3)
    b.write(0x01, 0x05)
    b.write(0x02, value)
    assert b.chip.level == level


def test_go_plays_the_sequence_and_clears_itself():  # [0x04, 0x0C]
    b, driven = bench()
    b.write(0x01, 0x00)
    b.write(0x04, 47, 0x80 | 10, 15, 0)
    b.write(0x0C, 1)
    assert b.byte(0x0C) == 1
    b.wait(1_000_000)
    assert b.byte(0x0C) == 1
    b.wait(100_000)
    assert b.byte(0x0C) == 0
    assert driven == [(1_000, 127), (201_000, 0), (301_000, 127), (1_051_000, 0)]


def test_clearing_go_cancels():
    b, driven = bench()
    b.write(0x01, 0x00)
    b.write(0x04, 16)
    b.write(0x0C, 1)
    b.wait(5_000)
    b.write(0x0C, 0)
    b.wait(2_000_000)
    assert driven == [(1_000, 127), (6_000, 0)]


def test_the_empty_library_plays_nothing():
    b, driven = bench()
    b.write(0x01, 0x00)
    b.write(0x03, 0x00)
    b.write(0x0C, 1)
    assert b.byte(0x0C) == 0
    assert driven == []


def test_every_effect_has_bursts():
    assert all(effect_bursts(number) for number in range(1, EFFECT_COUNT + 1))
    assert effect_bursts(16) == [(127, 1000)]
    assert effect_bursts(51)[0][0] == 25


@pytest.mark.parametrize(
    ("code", "low_ms", "high_ms"), [(0, 150, 350), (1, 250, 450), (2, 500, 700), (3, 1000, 1200)]
)
def test_auto_calibration_takes_its_time_and_leaves_results(code, low_ms, high_ms):  # [0x1E]
    b, _ = bench()
    b.write(0x1E, code << 4)
    b.write(0x01, 0x07)
    b.write(0x0C, 1)
    b.wait(1000 * low_ms - 1)
    assert b.byte(0x0C) == 1
    b.wait(1000 * (high_ms - low_ms) + 1)
    assert b.byte(0x0C) == 0
    assert b.byte(0x00) == 0xE0
    assert b.read(0x18, 2) == b"\x0d\x7e"


@pytest.mark.parametrize("mode", [6, 7])
def test_a_missing_actuator_fails_diagnostics_and_calibration(mode):  # [0x00] clears upon read
    b, driven = bench(actuator_present=False)
    b.write(0x01, mode)
    b.write(0x0C, 1)
    b.wait(1_300_000)
    assert b.byte(0x00) == 0xE8
    assert b.byte(0x00) == 0xE0
    assert b.read(0x18, 2) == b"\x0c\x6c"
    assert driven == []


def test_device_reset_stops_the_motor_and_gives_defaults():  # [0x01]
    b, driven = in_rtp()
    b.write(0x02, 100)
    b.write(0x01, 0x80)
    assert driven[-1] == (1_000, 0)
    with pytest.raises(UnknownAccess, match="during device reset"):
        b.byte(0x00)
    b.wait(2_000)
    assert b.byte(0x01) == 0x40
    assert b.byte(0x02) == 0x00


def test_supply_voltage_monitor():  # [0x21] VDD = VBAT x 5.6 V / 255
    b, _ = bench()
    assert b.byte(0x21) * 5.6 / 255 == pytest.approx(3.3, abs=0.02)


def test_a_command_to_go_on_as_before_is_told_and_an_end_once():
    b, driven = in_rtp()
    for value in (100, 100, 0, 0):
        b.write(0x02, value)
    assert [level for _, level in driven][-3:] == [100, 100, 0]
