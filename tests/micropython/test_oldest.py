"""The oldest MicroPython that the firmware is said to run on: it starts there, and says the same to the bit."""

import os

import pytest
from vm import run_on_vm
from vm_events import Wearing, on_cpython, on_vm

from host_tools.errors import UserError
from host_tools.gait import Stand, Walk, session, uphill_backward
from host_tools.install import boards, podfiles
from host_tools.micropython import build, source
from host_tools.recordings import Recording
from host_tools.replay import replay_recording
from host_tools.virtual_pod.pod_run import Pod, PodRun

OLDEST = source.RELEASES[-1].version


@pytest.fixture(autouse=True)
def oldest(monkeypatch):
    """Have every MicroPython of a test be the oldest; built once, half a minute, where it is not there yet."""
    monkeypatch.delenv("MICROPYTHON", raising=False)
    monkeypatch.setenv("MICROPYTHON_RELEASE", OLDEST)
    try:
        build.find_or_build()
    except UserError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


def walked(seconds):
    return session([Stand(2), Walk(seconds, uphill_backward(100, 12)), Stand(1)], "shoe", 4).samples


def test_it_is_the_oldest_that_a_board_may_ask_for():
    said = run_on_vm("import sys; print('.'.join(map(str, sys.implementation.version[:3])))").strip()
    assert said == OLDEST
    asked = [boards.load(name).get("image", {}).get("min_version", OLDEST) for name in podfiles.board_names()]
    assert set(asked) == {OLDEST}


def test_strides_are_the_same_to_the_bit(tmp_path):
    samples, wearing = walked(10), Wearing("shoe", 208)
    here = on_cpython(samples, wearing)
    assert len(here) >= 5
    assert on_vm(samples, wearing, tmp_path) == here


def test_the_firmware_starts_and_counts():
    recording = Recording(walked(6), 208, "shoe", "body", ())
    outcome = PodRun(Pod(recording)).run()
    assert (outcome.crash, outcome.reason) == ("", "end of the input")
    strides = [event for event in outcome.found if event["event"] == "stride"]
    wanted = [event for event in replay_recording(recording) if event["event"] == "stride"]
    assert len(strides) >= 3 and strides == wanted
