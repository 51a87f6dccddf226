"""From board files to hardware: chips on their buses and pins, battery, button, faults."""

import pytest
from chip_bench import Counting

from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.virtual_pod.board_model import Surroundings, build, failing_transfers, pwm_motor, read_board
from host_tools.virtual_pod.chips.drv2605l import Drv2605l
from host_tools.virtual_pod.timeline import Timeline


def model(board="virtual", **around):
    timeline = Timeline()
    return build(read_board(board), Counting(), timeline, Surroundings(**around)), timeline


@pytest.mark.parametrize("board", podfiles.board_names())
def test_every_board_can_be_built(board):
    built, _ = model(board)
    part = read_board(board)["parts"]["imu"]
    assert (built.imu.part, built.imu.address) == (part["part"], int(part["address"], 16))
    assert isinstance(built.haptic, Drv2605l) == (read_board(board)["parts"]["haptic"]["part"] == "drv2605l")


def test_int1_reaches_the_boards_pin():
    built, _ = model()
    seen = []
    built.hardware.watch_pin(read_board("virtual")["pins"]["imu_int1"], lambda level, now_us: seen.append(level))
    for register, *values in ((0x07, 4), (0x09, 0x55), (0x0D, 0x08), (0x0A, 0x06), (0x10, 0x54, 0x5C)):
        built.imu.write(bytes((register, *values)), 0)
    built.hardware.advance_to(10_000)
    assert seen == [1]


def test_a_press_pulls_the_button_low_for_its_length():
    built, _ = model(press_s=(0.5,), press_length_s=0.1)
    seen = []
    pin = read_board("virtual")["pins"]["button"]
    built.hardware.watch_pin(pin, lambda level, now_us: seen.append((now_us, level)))
    built.hardware.advance_to(2_000_000)
    assert seen == [(500_000, 0), (600_000, 1)]


def test_the_battery_is_seen_behind_its_divider_and_falls():
    built, _ = model(battery_mv=4000, battery_fall_mv_per_h=100)
    pin_mv = built.hardware.adc_mv[read_board("virtual")["pins"]["battery_adc"]]
    assert pin_mv(0) == 2000
    assert pin_mv(2 * 3_600_000_000) == 1900


def test_a_diode_before_the_divider_takes_its_share():
    for name, seen_mv in (("qtpy_s3", 1850), ("virtual", 2000)):
        built, _ = model(name, battery_mv=4000)
        assert built.hardware.adc_mv[read_board(name)["pins"]["battery_adc"]](0) == seen_mv


def test_pwm_becomes_a_motor_level():
    timeline = Timeline()
    on_pwm = pwm_motor(25, timeline)
    for gpio, freq, duty, now_us in ((25, 20000, 0, 0), (25, 20000, 65535, 5), (4, 20000, 9, 6), (25, 0, 9, 9)):
        on_pwm(gpio, freq, duty, now_us)
    assert [(drive.time_us, drive.level) for drive in timeline.drives] == [(5, 127), (9, 0)]


def test_faults_are_built_in():
    assert model(faults=("wrong-id",))[0].imu.who_am_i != 0x6C
    assert model(faults=("stuck",))[0].imu.stuck
    assert model(faults=("no-interrupt",))[0].imu.on_pin is None
    assert not model(faults=("no-motor",))[0].haptic.actuator_present
    assert model(faults=("bus-errors",))[0].hardware.i2c_fault is not None
    with pytest.raises(UserError, match="--faults: gremlins: none of absent, wrong-id"):
        model(faults=("gremlins",))


def test_chosen_transfers_fail():
    fault = failing_transfers(lambda number: number in (2, 3))
    assert [bool(fault(0, 0x6A, 0)) for _ in range(4)] == [False, True, True, False]


def test_latency_is_from_data_ready_to_the_motor():
    built, timeline = model()
    used_s = iter(range(1000))
    built.measure_with(lambda: 0.001 * next(used_s))
    for register, *values in ((0x09, 0x55), (0x0A, 0x06), (0x10, 0x54, 0x5C)):
        built.imu.write(bytes((register, *values)), 0)
    built.hardware.advance_to(1_000_000)
    due_us = built.imu.sample_time_us(100)
    timeline.drive(127, "rtp", due_us + 12_500)
    latency = built.latency(100)
    assert latency.virtual_ms == 12.5
    assert latency.vm_ms == pytest.approx(207 - 100, abs=2)
    assert built.latency(101, within_ms=5) is None
