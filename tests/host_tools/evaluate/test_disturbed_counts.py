"""Disturbances of counted walks: what each does, and that steps are counted against those that are left."""

import json

import numpy as np
import pytest

from host_tools.__main__ import main
from host_tools.evaluate import disturbed_counts
from host_tools.recordings import Recording

RATE = 50


def made(seconds=40, step_hz=1.8, has_gyro=False):
    """A walk whose arm turns once in a stride, upward along y."""
    t = np.arange(seconds * RATE) / RATE
    rows = np.zeros((len(t), 6))
    rows[:, 1] = 1000 + 200 * np.sin(2 * np.pi * step_hz * t)
    rows[:, 5] = has_gyro * 800 * np.sin(np.pi * step_hz * t)
    return Recording(np.rint(rows).astype(np.int16), RATE, "wrist", "sensor", has_gyro=has_gyro)


def changed(change, **how):
    return change(made(**how), np.random.default_rng(2))


def moved_mg(recording):
    return recording.samples[RATE:-RATE, 1].std()


def test_a_pod_worn_anyhow_feels_as_much_and_elsewhere():
    was, now = made(has_gyro=True).samples.astype(float), changed(disturbed_counts.anyhow, has_gyro=True).samples
    for part in (slice(0, 3), slice(3, 6)):
        assert np.abs(np.linalg.norm(now[:, part], axis=1) - np.linalg.norm(was[:, part], axis=1)).max() < 2
    assert np.abs(now[:, :3].mean(axis=0) - was[:, :3].mean(axis=0)).max() > 100


def test_a_cheap_sensor_has_noise_and_coarse_steps():
    (spread_mg, step_mg), _ = disturbed_counts.NOISE
    now = changed(disturbed_counts.cheap).samples
    assert set(np.unique(now[:, 0] % step_mg)) == {0}
    assert now[:, 0].std() == pytest.approx(np.hypot(spread_mg, step_mg / 12**0.5), rel=0.1)


@pytest.mark.parametrize("factor", disturbed_counts.LOUDNESS)
def test_movement_alone_grows_and_gravity_stays(factor):
    now = changed(disturbed_counts.louder(factor))
    assert moved_mg(now) == pytest.approx(factor * moved_mg(made()), rel=0.05)
    assert now.samples[RATE:-RATE, 1].mean() == pytest.approx(1000, abs=5)


@pytest.mark.parametrize("speed", disturbed_counts.SPEEDS)
def test_who_walks_slower_moves_less_by_the_square_and_turns_less(speed):
    was, now = made(has_gyro=True), changed(disturbed_counts.paced(speed), has_gyro=True)
    assert len(now.samples) / now.rate_hz == pytest.approx(40 / speed)
    assert moved_mg(now) == pytest.approx(speed**2 * moved_mg(was), rel=0.05)
    assert now.samples[:, 5].std() == pytest.approx(speed * was.samples[:, 5].std(), rel=0.01)


@pytest.fixture
def folder(tmp_path):
    walk, idle = made().samples, made(30, 0).samples
    np.savez(tmp_path / "all.npz", walk=walk, labelled=walk, idle=idle, slow=made(40, 0.8).samples)
    common = {"archive": "all.npz", "position": "wrist", "rate_hz": RATE, "frame": "sensor", "gyro": False}
    entries = [
        common | {"key": "walk", "steps_gt": 72},
        common | {"key": "labelled", "steps_gt": 72, "events": [{"t": t / 1.8} for t in range(72)]},
        common | {"key": "idle", "steps_gt": 0},
        common | {"key": "slow", "steps_gt": 32},
    ]
    (tmp_path / "index.json").write_text(json.dumps({"recordings": entries}))
    return tmp_path


def stepping(recording):
    """What a perfect detector would find: a step wherever the walk's phase says, whatever was done to its pace."""
    rows = len(recording.samples)
    steps = round(1.8 * rows / RATE) if np.linalg.norm(recording.samples, axis=1).std() > 40 else 0
    return [{"event": "step", "steps": 1, "contact": round(i * rows / steps)} for i in range(steps)]


def test_a_perfect_detector_is_off_by_nothing_whatever_is_done(folder, monkeypatch):
    lossless = tuple(change for change in disturbed_counts.CHANGES if "lost" not in change[0])
    monkeypatch.setattr(disturbed_counts, "CHANGES", lossless)
    monkeypatch.setattr(disturbed_counts, "off_rate", lambda recording, rng: recording)
    monkeypatch.setattr(disturbed_counts, "replay_recording", stepping)
    found = disturbed_counts.rows(folder, draws=2)
    assert [row["change"] for row in found] == [name for name, *_ in lossless]
    for row in found:
        one = row["sets"][folder.name]
        assert one["walks"] == 4 and one["false"] == 0 and one["idle_s"] > 40, row
        assert one["mape_pct"] < 4 and not one["off"], row


def test_rates_are_not_given_to_a_sensor_without_a_gyro(folder, monkeypatch):
    seen = []
    monkeypatch.setattr(disturbed_counts, "replay_recording", lambda recording: seen.append(recording) or [])
    disturbed_counts.rows(folder)
    assert len(seen) > 30 and not any(recording.samples[:, 3:].any() for recording in seen)


def test_lost_packets_are_stated_and_their_time_counts(folder, monkeypatch):
    seen = []
    monkeypatch.setattr(disturbed_counts, "replay_recording", lambda recording: seen.append(recording) or [])
    found = disturbed_counts.rows(folder)
    assert found[-1]["change"] == "10 % lost" and found[-1]["sets"][folder.name]["idle_s"] == pytest.approx(30)
    assert all(len(recording.gaps) > 10 for recording in seen[-3:])


def test_the_verb_prints_a_table_of_sets(folder, monkeypatch, capsys):
    monkeypatch.setattr(disturbed_counts, "replay_recording", lambda recording: [])
    words = ["evaluate", "steps", str(folder), "--jobs", "1", "--disturbed", "1"]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "worn anyhow" in shown and "100.0 %; 2/2, 100" in shown and "feet" not in shown
    assert main([*words, "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"counts"}


def test_neither_feet_nor_wrists_is_said_so(tmp_path, capsys):
    np.savez(tmp_path / "all.npz", walk=made().samples)
    entry = {"archive": "all.npz", "key": "walk", "position": "waist", "rate_hz": RATE, "frame": "body"}
    (tmp_path / "index.json").write_text(json.dumps({"recordings": [entry | {"gyro": True, "steps_gt": 72}]}))
    assert main(["evaluate", "steps", str(tmp_path), "--disturbed", "1"]) == 2
    assert "no foot with labelled strides and no wrist with counted steps" in capsys.readouterr().err
