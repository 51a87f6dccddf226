"""A pod that sleeps and meets trouble: an INT1 that is broken or held high, a cable."""

from functools import partial

import pytest
from app.power.asleep import AWAKE_S, lived, rested_first, steps_as_replay

from host_tools.virtual_pod.board_model import Surroundings, read_board
from host_tools.virtual_pod.sleep import LIGHT

pytestmark = [pytest.mark.vm, pytest.mark.slow]
S = 1_000_000
RESTS_S = 25  # asleep, the FIFO at its largest


def whole_and_well(run, outcome):
    assert outcome.crash == "" and outcome.reason == "end of the input"
    assert outcome.summary["missing"] == 0 and outcome.overruns == 0
    assert steps_as_replay(run, outcome)


@pytest.mark.parametrize("placement", ["belt", "shoe"])
def test_a_broken_int1_loses_no_sample_at_the_longest_sleep(placement):
    """The sleep's time ends it then: the FIFO has to have room for more than its watermark."""
    recording = rested_first("forward", placement, AWAKE_S + RESTS_S)
    run, outcome = lived(recording, Surroundings(faults=("no-interrupt",)))
    assert run.model.hardware.sleep.spent_us[LIGHT] > 5 * S
    whole_and_well(run, outcome)
    assert outcome.summary["faults"].keys() == {"lost interrupts"}


def test_an_int1_held_high_keeps_it_awake_for_so_long_and_loses_nothing():
    wakes = []

    def prepare(run, pod):
        gpio = read_board(run.pod.board)["pins"]["imu_int1"]
        drive, at = run.model.imu.on_pin, pod.hardware.at

        def hold(level, on_pin):
            run.model.imu.on_pin = on_pin
            pod.hardware.pins.drive(gpio, level)
            wakes.append(pod.hardware.sleep.wakes)

        at(70 * S, partial(hold, 1, None))
        at(73 * S, partial(hold, 0, drive))

    run, outcome = lived(rested_first("forward", "belt", AWAKE_S + RESTS_S), prepare=prepare)
    assert wakes[1] - wakes[0] > 100, "each sleep ends at once"
    whole_and_well(run, outcome)


def test_a_cable_in_its_sleep_is_heard_after_a_press_and_as_long_as_it_is_in():
    """In light sleep the port is dead: what is typed is lost, and nothing else is."""
    seen = []

    def prepare(run, pod):
        sleep = pod.hardware.sleep
        at = pod.hardware.at
        at(70 * S, lambda: setattr(sleep, "usb", True))
        at(75 * S, partial(pod.send, b"status\n"))
        at(80 * S, lambda: seen.append(sleep.wakes))
        run.model.press_at(80 * S, 0.1)
        at(85 * S, lambda: seen.append(sleep.wakes))
        at(150 * S, lambda: seen.append(sleep.wakes))

    run, outcome = lived(rested_first("forward", "belt", AWAKE_S + 95), prepare=prepare)
    whole_and_well(run, outcome)
    assert seen[0] > 0, "the cable alone is not heard"
    assert seen[1] - seen[0] <= 1 and seen[2] == seen[1], "awake, longer than the minute of a press"
    assert outcome.summary["marks"] == 1
