"""A pod on its battery, on the virtual pod: it sleeps, and loses neither samples nor presses nor warnings."""

import pytest
from app.power.asleep import AWAKE_S, lived, rested_first, steps_as_replay

from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.link import DEEPSLEEP_RESET
from host_tools.virtual_pod.pod_run import Pod, PodRun
from host_tools.virtual_pod.sleep import LIGHT

pytestmark = [pytest.mark.vm, pytest.mark.slow]


@pytest.fixture(scope="module")
def swaying():
    """A belt that lies still for 30 s more than the pod stays awake, then walks and sways."""
    whole = rested_first("sway", "belt", AWAKE_S + 30)
    press_s = AWAKE_S + 20.0
    run, outcome = lived(whole, Surroundings(press_s=(press_s,)), {"gait_recent_s": 4})
    return run, outcome


def test_it_sleeps_most_of_the_time_it_may(swaying):
    run, _ = swaying
    spent = run.model.hardware.sleep.spent_us
    assert spent[LIGHT] > 15_000_000


def test_no_sample_is_lost_and_every_step_is_that_of_replay(swaying):
    run, outcome = swaying
    assert outcome.summary["missing"] == 0 and outcome.overruns == 0 and outcome.summary["faults"] == {}
    assert steps_as_replay(run, outcome)


def test_a_press_in_its_sleep_is_heard(swaying):
    _, outcome = swaying
    assert outcome.summary["marks"] == 1


def test_a_sway_is_warned_of_in_time(swaying):
    _, outcome = swaying
    assert outcome.summary["sways"] == 1
    assert [latency for latency in outcome.latencies if latency.virtual_ms > 40] == []


def test_the_watchdog_never_bites(swaying):
    _, outcome = swaying
    assert outcome.crash == "" and outcome.reason == "end of the input"


def shake(run):
    run.model.imu.source.row = lambda index, rate_hz: (index % 2 * 900, 0, 1000, 0, 0, 0)


def test_off_after_minutes_of_stillness_until_it_is_moved():
    """Until it is pressed: tests/radio/test_off_in_the_air.py."""
    whole = rested_first("sway", "belt", 400)
    run = PodRun(Pod(whole, settings={"sleep": 1, "off_min": 2}))
    hardware = run.model.hardware
    hardware.sleep.usb = False
    said = bytearray()
    with run.machine() as pod:
        pod.run(said.extend, until_us=300_000_000)
        assert hardware.sleep.asleep == "deep sleep", "2 min after the minute in which it was awake anyway"
        assert b"off until it is moved" in said and b'"event": "summary"' in said
        shake(run)
        pod.run(said.extend, until_us=306_000_000)
        assert pod.resets == [DEEPSLEEP_RESET]
        assert b"woken by movement" in said
