"""Pods on their battery that rest long enough to sleep, for the tests of power."""

from dataclasses import replace

import numpy as np

from host_tools.power.day import step_of
from host_tools.replay import replay_recording
from host_tools.sim.sim import SCENARIOS, walked
from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.pod_run import Pod, PodRun

AWAKE_S = 60  # after a start


def rested_first(scenario, placement, seconds):
    """Return a built-in scenario's recording, before it so long a rest with a sensor's noise."""
    walk = walked(SCENARIOS[scenario], placement, 1)
    count = round(seconds * walk.rate_hz)
    noise = np.random.default_rng(1).integers(-1, 2, (count, 6), dtype=np.int16)
    still = noise + np.concatenate([walk.samples[0][:3], np.zeros(3, np.int16)])
    return replace(walk, samples=np.concatenate([still, walk.samples]))


def lived(recording, surroundings=None, settings=None, prepare=None):
    """Return the run and its outcome of a pod on its battery.  prepare: called with the run and its pod."""
    wanted = {"sleep": 1} | (settings or {})
    run = PodRun(Pod(recording, settings=wanted, surroundings=surroundings or Surroundings()))
    run.model.hardware.sleep.usb = False
    return run, run.run(lambda pod: prepare(run, pod) if prepare else None)


def steps_as_replay(run, outcome):
    """Return whether there are steps, and all of them are those that `backstep replay` finds."""
    steps = [step_of(event) for event in outcome.found if event["event"] in ("step", "stride")]
    expected = replay_recording(run.pod.recording, run.pod.all_settings())
    return steps == [step_of(event) for event in expected if event["event"] in ("step", "stride")] != []
