"""Health: whatever task crashes comes back, or is given up loudly."""

import pytest
from app.fake_chips import REST
from app.fakes import MARK, WatchdogReset
from backstep.core import events

STRIDE = (MARK + events.STRIDE, events.BACKWARD, 0, 0, 0, 0)


def crash_times(monkeypatch, owner, name, times):
    """Let a coroutine of the app crash at its first `times` starts."""
    real, left = getattr(owner, name), [times]

    async def crashing(self):
        if left[0]:
            left[0] -= 1
            raise RuntimeError("bang")
        await real(self)

    monkeypatch.setattr(owner, name, crashing)


def tasks():
    from backstep.app.console.lines import Writer
    from backstep.app.desk.console import Console
    from backstep.app.notifying import Notifying
    from backstep.app.sampling import Sampling
    from backstep.app.session import SessionKeeper
    from backstep.app.wearer.button import Presses

    return {
        "sampling": (Sampling, "run"),
        "notifying": (Notifying, "run"),
        "session": (SessionKeeper, "run"),
        "button": (Presses, "run"),
        "console input": (Console, "listen"),
        "console status": (Console, "tick"),
        "console output": (Writer, "run"),
    }


@pytest.mark.parametrize("name", tasks())
def test_a_task_that_crashes_is_restarted_and_the_pod_works_on(pod, monkeypatch, name):
    crash_times(monkeypatch, *tasks()[name], 2)
    pod.imu.rows = [REST] * 500 + [STRIDE] * 2
    lines = pod.run(6000)
    assert pod.said(name + ": RuntimeError: bang; restarting in 200 ms (1 of 5)")
    assert pod.said(name + ": RuntimeError: bang; restarting in 400 ms (2 of 5)")
    assert any("back    4" in line and "task restarts 2" in line for line in lines)
    assert pod.said(": 4 backward, 0 forward, 0 other steps")


@pytest.mark.parametrize("name", ["session", "button", "console input", "console status"])
def test_a_task_that_keeps_crashing_is_given_up_loudly(pod, monkeypatch, name):
    crash_times(monkeypatch, *tasks()[name], 100)
    pod.world.at(12_000, interrupt)
    pod.run(None)
    assert pod.said(name + ": RuntimeError: bang; given up after 5 restarts")
    assert pod.said("buzz: fault")
    if name != "console status":
        assert pod.said(name + " DOWN, task restarts 5")
    assert len(pod.parts.watchdogs) == 2  # the second is the one for the REPL: no reset


@pytest.mark.parametrize("name", ["sampling", "notifying"])
def test_a_vital_task_that_keeps_crashing_ends_in_a_reset(pod, monkeypatch, name):
    crash_times(monkeypatch, *tasks()[name], 100)
    with pytest.raises(WatchdogReset):
        pod.run(None)
    assert pod.said(name + ": RuntimeError: bang; given up after 5 restarts; the watchdog will reset the pod")
    assert 8_000_000 <= pod.world.now_us < 20_000_000
    if name != "notifying":
        assert pod.said("buzz: fault")


def test_a_detector_that_raises_once_costs_a_stated_gap(pod):
    pod.world.at(2000, lambda: setattr(pod.detector, "raises", ValueError("odd")))
    pod.imu.rows = [(0, index, 1000, 0, 0, 0) for index in range(3000)]
    pod.run(5000)
    assert pod.said("sampling: ValueError: odd; restarting in 200 ms (1 of 5)")
    (at, missing), *more = pod.detector.gaps
    assert not more and at == pytest.approx(2 * 208, abs=20) and missing == pytest.approx(0.25 * 208, abs=20)
    assert len(pod.imu.started) == 2


@pytest.mark.slow
def test_crashes_far_apart_never_add_up(pod):
    for minute in range(1, 9):
        pod.world.at(minute * 70_000, lambda: setattr(pod.detector, "raises", ValueError("odd")))
    pod.run(600_000)
    assert len(pod.said("restarting in 200 ms (1 of 5)")) == 8
    assert not pod.said("given up")


def interrupt():
    raise KeyboardInterrupt
