"""Disturbances of recorded feet: what each of them does, and that strides are scored where they were."""

import argparse
import json

import numpy as np
import pytest

from host_tools.__main__ import main
from host_tools.evaluate import disturbed, steps
from host_tools.recordings import Recording

RATE = 100


def made(rows=1000):
    rng = np.random.default_rng(1)
    return Recording((rng.integers(-9000, 9000, (rows, 6)) // [9, 9, 9, 1, 1, 1]).astype(np.int16), RATE)


def changed(change, seed=2):
    return change(made(), np.random.default_rng(seed))


def test_a_pod_aslant_feels_as_much_and_elsewhere():
    was, now = made().samples.astype(float), changed(disturbed.turned).samples
    for part in (slice(0, 3), slice(3, 6)):
        assert np.abs(np.linalg.norm(now[:, part], axis=1) - np.linalg.norm(was[:, part], axis=1)).max() < 2
    cosines = (was[:, :3] * now[:, :3]).sum(axis=1) / (was[:, :3] ** 2).sum(axis=1)
    assert 0.8 < cosines.min() < 0.999


def test_a_strap_slips_once_and_the_pod_feels_it_turn():
    was, now = made().samples.astype(float), changed(disturbed.slipped).samples
    cosines = (was[:, :3] * now[:, :3]).sum(axis=1) / (was[:, :3] ** 2).sum(axis=1)
    assert np.all(cosines[:300] > 0.9999)
    assert 0.9 < cosines[700:].min() < 0.999  # three times 10 deg are 17 deg at most
    still = Recording(np.tile(np.array([0, 0, 1000, 0, 0, 0], np.int16), (1000, 1)), RATE)
    rates = disturbed.slipped(still, np.random.default_rng(2)).samples[:, 3:]
    assert np.abs(rates.sum(axis=0)) / RATE / 10 == pytest.approx([disturbed.SLIPPED_DEG] * 3, rel=0.02)


def test_a_pod_elsewhere_feels_what_turning_does_there():
    rows = np.tile(np.array([0, 0, 1000, 0, 5730, 0], np.int16), (100, 1))  # 10 rad/s about the left axis
    now = disturbed.elsewhere(Recording(rows, RATE), np.random.default_rng(2)).samples
    assert np.array_equal(now[:, 3:], rows[:, 3:])
    felt = (now[:, :3] - rows[:, :3])[50]
    assert felt[1] == 0
    arm_m = np.hypot(felt[0], felt[2]) * 9.80665e-3 / 100  # towards the axis
    assert 0.02 < arm_m <= disturbed.AWAY_MM / 1000


def test_gains_zeros_and_clock_are_off_by_no_more_than_they_say():
    was = made().samples.astype(float)
    gains = (changed(disturbed.scaled).samples * was).sum(axis=0) / (was**2).sum(axis=0)
    assert np.all(np.abs(gains - 1) < disturbed.GAIN) and len(set(gains.round(3))) > 3
    zeros = changed(disturbed.offset).samples - was
    assert np.all(zeros.std(axis=0) < 1) and np.all(np.abs(zeros).max(axis=0) <= 21)
    assert abs(changed(disturbed.off_rate).rate_hz / RATE - 1) == pytest.approx(disturbed.RATE)


def test_rates_end_and_accelerations_do_not():
    now = changed(disturbed.cut_off(500)).samples
    assert np.abs(now[:, 3:]).max() == 5000
    assert np.array_equal(now[:, :3], made().samples[:, :3])


def test_lost_packets_are_bridged_by_lines_or_stated():
    was, bridged, stated = made().samples, changed(disturbed.bridged(0.1)), changed(disturbed.stated(0.1))
    lost = (bridged.samples != was).any(axis=1)
    assert 40 < lost.sum() < 160 and len(bridged.samples) == len(was)
    assert len(stated.samples) + sum(missing for _, missing in stated.gaps) == len(was)
    assert np.array_equal(stated.samples, was[~lost])


@pytest.fixture
def folder(tmp_path):
    np.savez(tmp_path / "all.npz", walk=made().samples)
    events = [{"t_off": t, "t_on": t + 0.4, "direction": "backward"} for t in range(1, 9)]
    entry = {"archive": "all.npz", "key": "walk", "position": "foot", "rate_hz": RATE, "frame": "body"}
    (tmp_path / "index.json").write_text(json.dumps({"recordings": [entry | {"gyro": True, "events": events}]}))
    return tmp_path


def replayed(recording):
    """What a perfect detector would find: the strides that labels tell, at their rows in what is left."""
    missing = sum(count for _, count in recording.gaps)
    ago = 1000 - len(recording.samples) - missing  # rows cut off its beginning
    for t in range(1, 9):
        rows = [row - ago for row in (t * RATE, t * RATE + 40)]
        if rows[0] >= 0:
            rows = [row - sum(count for at, count in recording.gaps if at <= row - count) for row in rows]
            times = {"start": rows[0], "contact": rows[1], "sample": rows[1]}
            yield {"event": "stride", "direction": "backward"} | times


def test_strides_are_found_where_they_were_whatever_was_cut_off_or_lost(folder, monkeypatch):
    monkeypatch.setattr(disturbed, "replay_recording", lambda recording: list(replayed(recording)))
    found = disturbed.rows(folder, draws=2)
    assert [row["change"] for row in found] == [name for name, *_ in disturbed.CHANGES]
    for row, (name, _, mid_walk) in zip(found, disturbed.CHANGES, strict=True):
        called = row["confusion"]["backward"]
        assert set(called) == {"backward"}, name
        assert called["backward"] < 16 if mid_walk else called["backward"] == 16


def test_the_verb_prints_them_instead(folder, monkeypatch, capsys):
    monkeypatch.setattr(disturbed, "replay_recording", lambda recording: [])
    assert main(["evaluate", "steps", str(folder), "--jobs", "1", "--disturbed", "1"]) == 0
    shown = capsys.readouterr().out
    assert "10 % lost, stated" in shown and "Floors" not in shown


@pytest.mark.parametrize("word", ["0", "-1", "x"])
def test_as_many_draws_as_that_are_none(word, capsys):
    parser = argparse.ArgumentParser()
    steps.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--disturbed", word])
    assert f"'{word}', want a whole number, 1 or more" in capsys.readouterr().err


def test_floors_of_what_nobody_recorded_are_refused(folder, capsys):
    assert main(["evaluate", "steps", str(folder), "--disturbed", "1", "--floors"]) == 2
    assert "--floors: judges what was recorded" in capsys.readouterr().err
