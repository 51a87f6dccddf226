"""Rates of other axes or with a bias, a sensor upside down: told, or refused; made up, and small."""

import json

import numpy as np
import pytest
from small_recordings import ENTRY, HEADER, noisy, table

from host_tools.__main__ import main
from host_tools.evaluate import doubts as of_folders
from host_tools.gyro_turns import contradiction, pooled
from host_tools.recording_doubts import Look, biased, doubts
from host_tools.recording_files import save
from host_tools.recordings import Recording

SOUND = np.eye(3)
HEAD = "# rate_hz=100 placement=belt\n" + HEADER


def turned(fault=SOUND, bias_dps=(0, 0, 0), count=12, seed=1):
    """Return a sensor that is turned by hand, a second at a time, about this axis and that, and rests in between.

    fault: (3, 3) what makes recorded rates of true ones.
    """
    rng = np.random.default_rng(seed)
    down, rows = np.array([0.0, 0.0, 1.0]), []
    for _ in range(count):
        axis = rng.normal(size=3)
        rate = axis / np.linalg.norm(axis) * rng.uniform(0.5, 1.2)  # rad/s
        rows += [(*(1000 * down), 0, 0, 0)] * 60
        for _ in range(100):
            down = down + np.cross(down, rate * 0.01)
            down /= np.linalg.norm(down)
            rows.append((*(1000 * down), *(fault @ rate * 1800 / np.pi)))
    found = np.array(rows) + np.pad(np.array(bias_dps) * 10, (3, 0)) + rng.normal(0, 4, (len(rows), 6))
    return Recording(np.rint(found).clip(-32768, 32767).astype(np.int16), 100, "wrist")


@pytest.mark.parametrize(
    ("fault", "words"),
    [(np.diag([-1, 1, 1]), "fit as -gx gy gz: is an axis inverted?"),
     (np.diag([1, -1, 1]), "fit as gx -gy gz: is an axis inverted?"),
     (np.diag([1, 1, -1]), "fit as gx gy -gz: is an axis inverted?"),
     (np.diag([1, -1, -1]), "fit as gx -gy -gz: are two axes inverted?"),
     (-SOUND, "fit as -gx -gy -gz: left-handed axes, or all inverted?"),
     (SOUND[[1, 0, 2]], "fit as gy gx gz: are axes in another order?"),
     (SOUND[[1, 2, 0]], "fit as gz gx gy: are axes in another order?"),
     (SOUND * np.pi / 180, "fit 57.3 times as large: another unit? --gyro-unit rad/s"),
     (SOUND / 10, "fit 10 times as large: another unit? --gyro-unit deg/s"),
     (SOUND * 10, "fit 0.1 times as large: another unit? --gyro-unit")],
)  # fmt: skip
def test_rates_that_contradict_gravity_are_told_with_what_would_fit(fault, words):
    (line,) = [line for line in doubts(turned(fault)) if "contradict" in line]
    assert words in line and line.startswith("its rates contradict its accelerations in ")


@pytest.mark.parametrize("bias_dps", [(0, 0, 0), (3, -2, 1)])
def test_sound_rates_are_not_doubted(bias_dps):
    assert doubts(turned(bias_dps=bias_dps)) == []


def test_turns_about_the_vertical_alone_tell_nothing():
    """Gravity does not move then, whichever way the rates go."""
    samples = noisy(2000)
    samples[:, 5] += np.repeat(np.tile([0, 900], 10), 100).astype(np.int16)
    assert contradiction(Look(Recording(samples, 100)).turns) is None


def test_without_a_rest_that_lasts_no_bias_is_known_and_rates_are_not_doubted():
    """Slow walking has moments that look like rest, and a bias of them that is none."""
    samples = turned(-SOUND, count=20).samples.copy()
    shaken = np.arange(len(samples)) // 10 % 8 > 0  # tenths of a second but for one in eight
    samples[shaken, :3] += np.random.default_rng(3).normal(0, 60, (shaken.sum(), 3)).astype(np.int16)
    look = Look(Recording(samples, 100, "wrist"))
    assert contradiction(look.turns) and not look.lasting.still.any()
    assert doubts(look.recording) == []


def test_what_lies_across_a_gap_is_no_turn():
    whole = turned(-SOUND)
    cut = Recording(whole.samples, 100, "wrist", gaps=tuple((row, 500) for row in range(40, 1900, 40)))
    assert contradiction(Look(whole).turns) and contradiction(Look(cut).turns) is None


def test_few_turns_of_each_are_enough_of_many():
    few = [turned(-SOUND, count=2, seed=seed) for seed in range(6)]
    assert not any(contradiction(Look(one).turns) for one in few)
    found = contradiction(pooled([Look(one).turns for one in few]))
    assert found and (found.reading == -SOUND).all() and found.unfit == 0


def at_rest(*ddps):
    return Look(Recording(noisy(600, 0, 0, 1000, *ddps), 100))


def test_a_gyro_that_reads_100_deg_s_at_rest_is_told():
    assert "at rest its rates are 0, -100, 0 deg/s" in biased(at_rest(0, -1000, 0))
    assert "at rest" in biased(at_rest(0, 300, 0))  # loses a fifth of all strides
    assert biased(at_rest(0, -100, 0)) == ""
    (line,) = doubts(turned(bias_dps=(0, 100, 0)))
    assert "take what it reads at rest off" in line


def test_the_command_tells_each_once(tmp_path, capsys):
    path = table(tmp_path / "a.csv", turned(np.diag([1, -1, 1])).samples.tolist(), HEAD.replace("belt", "wrist"))
    assert main(["replay", str(path)]) == 0
    assert capsys.readouterr().err.count("fit as gx -gy gz") == 1


def jolted(up=1):
    """Return somebody who walks."""
    rows = noisy(800)
    rows[:, :3] += np.random.default_rng(2).integers(-700, 700, (800, 3), dtype=np.int16)
    rows[:, 3:] = np.random.default_rng(3).integers(-3000, 3001, (800, 3))
    rows[:, (0, 2)] *= up
    return rows


@pytest.mark.parametrize(
    ("up", "placement", "frame", "is_told"),
    [(-1, "belt", "body", True), (-1, "shoe", "body", True), (-1, "shoe", "sensor", False),
     (-1, "wrist", "body", False), (1, "belt", "body", False)],
)  # fmt: skip
def test_a_sensor_upside_down_in_the_body_frame_is_told(up, placement, frame, is_told):
    """Turned over about y its forward is backward."""
    told = [words for words in doubts(Recording(jolted(up), 100, placement, frame)) if "z is not up" in words]
    assert len(told) == is_told and all("az is -1.0" in words and "--frame sensor" in words for words in told)


def test_the_command_tells_of_a_sensor_upside_down(tmp_path, capsys):
    save(tmp_path / "a.bsr", Recording(jolted(-1), 100, "belt"))
    assert main(["replay", str(tmp_path / "a.bsr")]) == 0
    assert capsys.readouterr().err.count("z is not up") == 1


def folder(path, fault):
    entries = []
    arrays = {}
    for number in range(4):
        key = f"r{number}"
        arrays[key] = turned(fault, count=6, seed=number).samples
        facts = {"key": key, "activity": "D01", "text": "turning", "is_fall": number == 3, "subject": f"S{number}"}
        entries.append({**ENTRY, **facts, "onset_s": 1, "impact_s": 2, "direction": "backward"})
    np.savez(path / "all.npz", **arrays)
    (path / "index.json").write_text(json.dumps({"recordings": entries}))
    return path


def test_evaluate_tells_of_a_set_in_another_unit(tmp_path, capsys):
    assert main(["evaluate", "falls", str(folder(tmp_path, SOUND * np.pi / 180)), "--jobs", "1"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "--gyro-unit rad/s" in line]
    assert len(told) == 1 and told[0].startswith(f"{tmp_path.name}, belt: ")
    assert of_folders.of_sets(folder(tmp_path, SOUND)) == []


@pytest.mark.parametrize(("fault", "words"), [(SOUND / 60, "hardly pass"), (SOUND, "")])
def test_evaluate_tells_of_single_recordings_among_sound_ones(fault, words, tmp_path, capsys):
    path = folder(tmp_path, SOUND)
    with np.load(path / "all.npz") as archive:
        arrays = dict(archive)
    entries = json.loads((path / "index.json").read_text())["recordings"]
    for number in range(3):
        rows = jolted()
        rows[:, 3:] = np.rint(rows[:, 3:] * fault[0, 0])
        arrays[f"odd{number}"] = rows
        entries.append({**entries[0], "key": f"odd{number}"})
    np.savez(path / "all.npz", **arrays)
    (path / "index.json").write_text(json.dumps({"recordings": entries}))
    assert main(["evaluate", "falls", str(path), "--jobs", "1"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "recordings are to doubt" in line]
    assert len(told) == bool(words)
    if words:
        assert told[0].startswith(f"{tmp_path.name}, belt: 3 of 7 recordings are to doubt, odd0, odd1, odd2;")
        assert words in told[0]


def test_evaluate_tells_of_recordings_that_are_odd_for_one_reason_each(tmp_path, capsys):
    """Most are, and no reason is that of most: nobody else would tell."""
    biased_rows = noisy(800, 30, -20, 1004, 0, 500, 0)
    np.savez(tmp_path / "all.npz", a=jolted(), b=jolted(up=-1), c=biased_rows)
    facts = {"activity": "D01", "text": "turning", "is_fall": False, "subject": "S1"}
    entries = [{**ENTRY, **facts, "key": key} for key in "abc"]
    (tmp_path / "index.json").write_text(json.dumps({"recordings": entries}))
    assert main(["evaluate", "falls", str(tmp_path), "--jobs", "1"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "are to doubt" in line]
    assert len(told) == 1 and told[0].startswith(f"{tmp_path.name}, belt: 2 of 3 recordings are to doubt, b, c;")


def test_a_recording_that_changes_its_unit_is_told():
    rows = np.concatenate([jolted(), jolted()])
    assert not any("gravity" in words for words in doubts(Recording(rows, 100, "belt")))
    rows[1000:] = np.rint(rows[1000:] * 0.00980665)
    told = [words for words in doubts(Recording(rows, 100, "belt")) if "gravity" in words]
    assert len(told) == 1 and told[0].startswith("from 10.0 s on acceleration is 9 mg") and " 6 s:" in told[0]


def test_somebody_who_bends_slowly_has_no_bias():
    rows = noisy(600, 0, 0, 1000, 0, 250, 0)
    rows[:, 4] += np.repeat([-250, -100, 500, 0, 900, 300], 100).astype(np.int16)
    assert biased(Look(Recording(rows, 100, "belt"))) == ""
    assert "at rest" in biased(Look(Recording(noisy(600, 0, 0, 1000, 0, 250, 0), 100, "belt")))


def test_somebody_who_rolls_over_is_not_upside_down():
    rows = jolted()
    rows[:, 2] -= 1550  # az is -0.54 g
    assert not any("z is not up" in words for words in doubts(Recording(rows, 100, "belt")))


def test_train_learns_from_no_set_in_another_unit(tmp_path, capsys):
    assert main(["train", "sway", str(folder(tmp_path, SOUND * np.pi / 180)), "--jobs", "1"]) == 2
    assert "--gyro-unit rad/s" in capsys.readouterr().err
