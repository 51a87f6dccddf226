"""Training on a virtual pod: the goal is felt, then that it is enough; the metronome keeps time and gives way."""

import json
from itertools import pairwise

import pytest
from app.walking import Pod, walked

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, uphill_backward

pytestmark = pytest.mark.usefixtures("pod_words")
GAIT = uphill_backward(100, 8)
NOON_MS = 1_764_244_800_000


def events(pod, name):
    said = [json.loads(line) for line in pod.text.splitlines() if line.startswith('{"') and '"event"' in line]
    return [event for event in said if event["event"] == name]


def buzzes(pod, pattern):
    return [event for event in events(pod, "buzz") if event["pattern"] == pattern]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Sixty steps with a dose of 40, with the clock told, and the status after it."""
    wearer = walked("shoe", Stand(3), Walk(60, GAIT), Stand(10))
    flash = tmp_path_factory.mktemp("trained") / "flash.bin"
    pod = Pod(wearer, flash, dose_steps=40, console_events=1, cue_every_steps=0)
    assert pod.ask(1, "time", unix_ms=NOON_MS, utc_offset_min=0)["ahead_ms"] is None
    status = pod.ask(70, "status")
    return pod, status


def test_the_goal_is_felt_once_and_the_stop_later(trained):
    pod, _ = trained
    (goal,) = events(pod, "goal")
    assert (goal["kind"], goal["amount"]) == (1, 40) and len(buzzes(pod, "goal")) == 1
    (stop,) = events(pod, "dose_stop")
    assert stop["sample"] > goal["sample"] and len(buzzes(pod, "dose_stop")) == 1


def test_status_tells_the_plan(trained):
    _, status = trained
    plan = status["training"]
    assert (plan["dose_steps"], plan["dose_min"], plan["level"]) == (40, 0, 1)
    assert plan["week_steps"] == status["backward"] >= 60 and plan["week_limit"] == 120
    assert 33 <= plan["done_s"] <= 38 and plan["days"] == []


def test_the_goal_is_in_the_log_and_the_days_outlive_a_reset(trained):
    pod, status = trained
    pod.vm.send(b"stop\n")
    pod.run(72)
    pod.vm.close()
    again = Pod(walked("shoe", Stand(20)), pod.flash)
    again.ask(2, "time", unix_ms=NOON_MS + 8 * 86_400_000, utc_offset_min=0)
    plan = again.ask(4, "status")["training"]
    assert plan["days"] == [[NOON_MS // 86_400_000, status["backward"]]]
    assert (plan["week_steps"], plan["week_limit"]) == (0, 3 * 40)


def test_cues_that_are_off_are_told_and_not_felt(tmp_path):
    pod = Pod(walked("shoe", Stand(3), Walk(40, GAIT)), tmp_path / "f", dose_steps=20, goal_cue=0, stop_cue=0,
              console_events=1)  # fmt: skip
    pod.run(42)
    assert len(events(pod, "goal")) == 1 and len(events(pod, "dose_stop")) >= 1
    assert not buzzes(pod, "goal") and not buzzes(pod, "dose_stop")


def test_without_a_programme_there_is_no_plan(tmp_path):
    pod = Pod(walked("wrist", Stand(10)), tmp_path / "f", programme_level=0)
    assert "training" not in pod.ask(3, "status")


def test_the_metronome_keeps_time_while_the_wearer_walks_backward(tmp_path):
    wearer = walked("shoe", Stand(3), Walk(30, GAIT), Stand(8))
    pod = Pod(wearer, tmp_path / "f", metronome_spm=100, console_events=1, cue_every_steps=0)
    pod.run(40)
    times_s = [event["sample"] / 208 for event in buzzes(pod, "tick")]
    apart_ms = sorted(1000 * (late - early) for early, late in pairwise(times_s))
    assert len(times_s) >= 33 and 4 < times_s[0] < 7 and times_s[-1] < 37
    # The clock is exact; the number of the newest sample, which tells it here, moves on by 50 ms at a shoe.
    assert all(540 <= ms <= 660 for ms in apart_ms[: len(apart_ms) - 2])
    assert sum(apart_ms[:-2]) / len(apart_ms[:-2]) == pytest.approx(600, abs=10)


def test_a_sway_is_warned_of_in_time_while_the_metronome_ticks(tmp_path):
    gait = uphill_backward(95, 10)
    fall = [Stand(4.0), Walk(20, gait), LoseBalance(SwayParams(push_ratio=1.6)), Stand(8.0)]
    pod = Pod(walked("belt", *fall), tmp_path / "f", direction="backward", metronome_spm=120, console_events=1)
    pod.run(34)
    (sway, *_) = events(pod, "sway")
    ticks = [event["sample"] for event in buzzes(pod, "tick")]
    assert len(ticks) > 10
    summary = pod.ask(35, "status")
    assert summary["cue_worst_ms"] <= 40
    assert not [sample for sample in ticks if sway["sample"] <= sample < sway["sample"] + 2 * 104]
