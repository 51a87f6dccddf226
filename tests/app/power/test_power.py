"""A pod on its battery, on the virtual pod: it sleeps, and loses neither samples nor presses nor warnings."""

from dataclasses import replace

import numpy as np
import pytest

from host_tools.power.day import _step
from host_tools.replay import replay_recording
from host_tools.sim.sim import SCENARIOS, walked
from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.link import DEEPSLEEP_RESET
from host_tools.virtual_pod.pod_run import Pod, PodRun
from host_tools.virtual_pod.sleep import LIGHT

pytestmark = [pytest.mark.vm, pytest.mark.slow]
RATE_HZ = 104
AWAKE_S = 60  # after a start


def rest(first, seconds):
    """Return rows of a pod at rest, with a sensor's noise."""
    noise = np.random.default_rng(1).integers(-1, 2, (round(seconds * RATE_HZ), 6), dtype=np.int16)
    return noise + np.concatenate([first[:3], np.zeros(3, np.int16)])


def lived(recording, surroundings=None, settings=None):
    """Return the run and its outcome of a pod on its battery."""
    wanted = {"sleep": 1} | (settings or {})
    run = PodRun(Pod(recording, settings=wanted, surroundings=surroundings or Surroundings()))
    run.model.hardware.sleep.usb = False
    return run, run.run()


@pytest.fixture(scope="module")
def swaying():
    """A belt that lies still for 30 s more than the pod stays awake, then walks and sways."""
    walk = walked(SCENARIOS["sway"], "belt", 1)
    whole = replace(walk, samples=np.concatenate([rest(walk.samples[0], AWAKE_S + 30), walk.samples]))
    press_s = AWAKE_S + 20.0
    run, outcome = lived(whole, Surroundings(press_s=(press_s,)), {"gait_recent_s": 4})
    return whole, run, outcome


def test_it_sleeps_most_of_the_time_it_may(swaying):
    _, run, _ = swaying
    spent = run.model.hardware.sleep.spent_us
    assert spent[LIGHT] > 15_000_000


def test_no_sample_is_lost_and_every_step_is_that_of_replay(swaying):
    whole, run, outcome = swaying
    assert outcome.summary["missing"] == 0 and outcome.overruns == 0 and outcome.summary["faults"] == {}
    steps = [_step(event) for event in outcome.found if event["event"] == "step"]
    expected = replay_recording(whole, run.pod.all_settings())
    assert steps == [_step(event) for event in expected if event["event"] == "step"] != []


def test_a_press_in_its_sleep_is_heard(swaying):
    _, _, outcome = swaying
    assert outcome.summary["marks"] == 1


def test_a_sway_is_warned_of_in_time(swaying):
    _, _, outcome = swaying
    assert outcome.summary["sways"] == 1
    assert [latency for latency in outcome.latencies if latency.virtual_ms > 40] == []


def test_the_watchdog_never_bites(swaying):
    _, _, outcome = swaying
    assert outcome.crash == "" and outcome.reason == "end of the input"


def test_off_after_minutes_of_stillness_and_woken_by_movement():
    walk = walked(SCENARIOS["sway"], "belt", 1)
    whole = replace(walk, samples=np.concatenate([rest(walk.samples[0], 400), walk.samples]))
    run = PodRun(Pod(whole, settings={"sleep": 1, "off_min": 2}))
    hardware = run.model.hardware
    hardware.sleep.usb = False
    said = bytearray()
    with run.machine() as pod:
        pod.run(said.extend, until_us=300_000_000)
        assert hardware.sleep.asleep == "deep sleep", "2 min after the minute in which it was awake anyway"
        assert b"off until it is moved" in said
        run.model.imu.source.row = lambda index, rate_hz: (index % 2 * 900, 0, 1000, 0, 0, 0)  # shaken
        pod.run(said.extend, until_us=306_000_000)
        assert pod.resets == [DEEPSLEEP_RESET]
        assert b"woken by movement" in said
