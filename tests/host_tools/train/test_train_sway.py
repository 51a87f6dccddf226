"""`backstep train sway` on simulated people: what it learns, what it writes, what it refuses."""

import importlib.util
import json
import sys

import numpy as np
import pytest
from backstep.core.belt import sway_motion
from backstep.core.belt.belt import Belt
from backstep.core.belt.memory import Memory
from backstep.core.belt.sway import Sway
from rich.console import Console

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.evaluate import held_out, spread
from host_tools.evaluate import sway as evaluation
from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session
from host_tools.recordings import Recording, as_sensed
from host_tools.train import examples, learning, network, operating, table_file, worn
from host_tools.train import sway as training


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """A folder like kfall: six simulated people, each with two falls and two walks."""
    folder = tmp_path_factory.mktemp("people")
    arrays, entries = {}, []
    for person in range(6):
        for seed in (2 * person, 2 * person + 1):
            lost = [Stand(2), Walk(6, WalkParams(cadence_spm=90 + 5 * person)),
                    LoseBalance(SwayParams(push_ratio=1.5 + 0.1 * person)), Stand(1)]  # fmt: skip
            made = session(lost, "belt", seed, rate_hz=100)
            truth = made.truth.sways[0]
            walk = session([Stand(2), Walk(12, WalkParams(cadence_spm=90 + 5 * person)), Stand(1)], "belt", seed,
                           rate_hz=100)  # fmt: skip
            shared = {"archive": "all.npz", "subject": f"S{person}", "position": "lower back", "rate_hz": 100.0,
                      "gyro": True, "frame": "body"}  # fmt: skip
            arrays |= {f"fall{seed}": made.samples, f"walk{seed}": walk.samples}
            entries += [
                {**shared, "key": f"fall{seed}", "activity": "F15", "is_fall": True, "direction": "backward",
                 "onset_s": truth.onset / 100, "impact_s": truth.impact / 100},
                {**shared, "key": f"walk{seed}", "activity": "D06", "is_fall": False},
            ]  # fmt: skip
    np.savez(folder / "all.npz", **arrays)
    (folder / "index.json").write_text(json.dumps({"recordings": entries}))
    return folder


@pytest.fixture(scope="module")
def known(people):
    """The steps of all their recordings."""
    return [examples.of_recording((people, entry)) for entry in examples.sets.read_index(people)]


@pytest.fixture(scope="module")
def made():
    """A network that goes by how far the trunk will lean, all by hand."""
    params = {name: np.zeros(shape) for name, shape in (("wi", (16, 12)), ("wh", (4, 12)), ("bh", 12))}
    params |= {"bi": np.repeat([0.0, -8.0, -1.0], 4), "o": np.array([4.0, 0, 0, 0]), "b": 0.0}
    params["wi"][sway_motion.SOON, 8] = 2.0
    return network.in_integers(params)


@pytest.mark.slow
def test_steps_are_those_of_the_belts_own_network(people, monkeypatch):
    (entry,) = [one for one in examples.sets.read_index(people) if one["key"] == "fall3"]
    recording = examples.sets.recording(people, entry, "belt")
    mine = examples.of_recording((people, entry))
    stepped, asked = [], []
    belt = Belt(examples.BELT_HZ, examples._SETTINGS, "body", examples.MUTE)
    monkeypatch.setattr(Memory, "step", lambda self, values: stepped.append((belt.n - 1, *values)) or 0)
    monkeypatch.setattr(Sway, "judge", lambda self, score, state: asked.append((len(stepped) - 27, state)) or 0)
    for row in as_sensed(recording, examples.BELT_HZ).samples.tolist():
        belt.feed(*row)
    ahead, rows = np.split(np.array(stepped), [len(network.standing())])
    assert np.array_equal(ahead[:, 1:], network.standing())
    assert rows[:, 0].tolist() == [examples.EVERY * (k + 1) - 1 for k in range(len(mine.values))]
    assert np.array_equal(rows[:, 1:], mine.values)
    assert asked and [*zip(np.flatnonzero(mine.asked), mine.state[mine.asked], strict=True)] == asked
    assert not mine.known[:12].any() and mine.known[13:60].all(), "settled after half a second"
    assert abs(mine.at_s - rows[:, 0] / examples.BELT_HZ).max() < 0.03


def test_truth_is_where_a_warning_is_wanted():
    entry = {"is_fall": True, "direction": "backward", "onset_s": 5.0, "impact_s": 5.6}
    at_s = np.array([4.0, 4.65, 4.75, 5.05, 5.3, 5.6, 5.7])
    assert examples._truth(entry, at_s).tolist() == [0, 0, -1, -1, 1, 1, -1]
    assert examples._truth({**entry, "direction": "forward"}, at_s).tolist() == [0, 0, -1, -1, -1, -1, -1]
    assert examples._truth({"is_fall": False}, at_s).tolist() == [0] * 7


@pytest.mark.slow
def test_no_subject_is_learnt_from_and_tested_on(known):
    groups = training.grouped(known, 3)
    for number in range(3):
        outside, inside = training.parted(known, groups, number)
        assert not {one.entry["subject"] for one in outside} & {one.entry["subject"] for one in inside}
        assert inside
    parts = training.without_each([*known, *known], groups, 3)
    assert [len(part) for part in parts] == [32, 32, 32, 48]
    for number, part in enumerate(parts[:3]):
        assert not {one.person[1] for one in part} & {f"S{number}", f"S{number + 3}"}
    with pytest.raises(UserError, match="6 subjects, want 9 or more"):
        training.grouped(known, 9)


@pytest.mark.slow
def test_a_pod_worn_otherwise_senses_the_same_fall_differently():
    still = np.tile(np.int16([0, 0, 1000, 0, 0, 0]), (200, 1))
    sensed = worn.otherwise(Recording(still, 100.0, "belt"), 1).samples.astype(float)
    up = sensed[:, :3].mean(0)
    most_mg = 1000 * (1 + worn.ACCEL_GAIN) + 4 * worn.ACCEL_ZERO_MG
    assert 900 < np.linalg.norm(up) < most_mg
    tilt_deg = np.degrees(np.arccos(up[2] / np.linalg.norm(up)))
    assert 1 < tilt_deg < np.hypot(*worn.TURNED_DEG[:2]) + 4
    assert (abs(sensed[:, 3:].mean(0)) < worn.GYRO_ZERO_DDPS + 5).all()
    assert sensed.std(0).min() > 0.5


@pytest.mark.slow
def test_a_loose_pod_pitches_with_the_trunks_bounce():
    bounce = 400 * np.sin(2 * np.pi * 2 * np.arange(1000) / 100)
    rows = np.zeros((1000, 6))
    rows[:, 2] = 1000 + bounce
    sensed = worn.otherwise(Recording(rows.astype(np.int16), 100.0, "belt"), 3).samples.astype(float)
    pitch_rate = sensed[:, 4] - sensed[:, 4].mean()
    there = abs(np.fft.rfft(pitch_rate))
    assert np.argmax(there[1:]) + 1 == 20  # 2 Hz
    assert there[20] > 10 * np.median(there)
    assert np.array_equal(sensed, worn.otherwise(Recording(rows.astype(np.int16), 100.0, "belt"), 3).samples)


@pytest.mark.slow
def test_steps_of_a_pod_worn_otherwise_are_as_true(people):
    entry = examples.sets.read_index(people)[0]
    plain = examples.of_recording((people, entry))
    once, twice = (examples.of_copy((people, entry, number)) for number in (1, 2))
    assert all((one.truth == examples.RIGHT).any() for one in (plain, once, twice))
    for one in (once, twice):
        assert 0.95 < len(one.values) / len(plain.values) < 1.05
        start_s, end_s = plain.at_s[plain.truth == examples.RIGHT][[0, -1]]
        right_s = one.at_s[one.truth == examples.RIGHT]
        assert start_s - 0.05 < right_s[0] and right_s[-1] < end_s + 0.05
    assert once.values.shape != twice.values.shape or (once.values != twice.values).any()
    assert np.array_equal(twice.values, examples.of_copy((people, entry, 2)).values)


def test_another_clock_stretches_time_and_leaves_the_rows():
    rows = np.zeros((10, 6), np.int16)
    rates = [worn.by_another_clock(Recording(rows, 100.0, "belt"), seed).rate_hz for seed in range(50)]
    assert 97 <= min(rates) < 98 and 102 < max(rates) <= 103


def test_the_threshold_is_the_one_nearest_to_the_floors():
    back = {"warned_pct": 99.5, "median_lead_ms": 395, "lead_200ms_pct": 93.0, "last_second_pct": 89.0}
    found = {"backward": back, "daily": {"per_hour": 7.0}, "locomotion": {"per_hour": None}}
    assert operating.short("kfall", found) == pytest.approx([0.5, 1])
    assert operating.short("sisfall", found) == pytest.approx([0.5, 1])
    assert operating.short("another", found) == operating.short("kfall", found)
    always = {(row.set, row.figure) for row in operating.FLOORS if row.case == "always"}
    assert always == set(operating.DEVIATION)


def test_of_thresholds_that_hold_all_floors_the_middle_one_is_taken(monkeypatch):
    def figures(examples, scores, least, for_caution=False):
        return {"least": least, "locomotion": {"per_hour": 13.0 if for_caution and least < 20 else None}}

    monkeypatch.setattr(operating, "figures", figures)
    monkeypatch.setattr(operating, "short", lambda _, found: [] if 60 <= found["least"] <= 100 else [0.5])
    one = examples.Examples("s", 1.0, {}, *[np.zeros(0)] * 6)
    assert operating.choose([one], [np.zeros(0)]) == (80, 20)


@pytest.mark.slow
def test_thresholds_are_near_the_floors(known, made):
    scores = network.scores(made, known)
    warning, caution = operating.choose(known, scores)
    assert caution <= warning
    found = operating.figures(known, scores, warning)
    assert found["daily"]["per_hour"] == 0
    assert found["backward"]["warned_pct"] == 100


def test_nothing_is_told_where_the_detector_does_not_ask():
    entry = {"is_fall": False, "activity": "D01"}
    several = np.zeros(3, int)
    one = examples.Examples("s", 3600.0, entry, several, np.array([1.0, 20.0, 40.0]), several + 6, several > -1,
                            np.array([True, False, True]), several)  # fmt: skip
    found = operating.figures([one], [np.array([50, 90, 30])], 40)
    assert found["daily"]["false_alarms"] == 1


def once(function):
    """Return the function with its answers kept by what it was asked: a second run replays nothing it has seen."""
    kept = {}

    def asked(task):
        key = repr(task)
        if key not in kept:
            kept[key] = function(task)
        return kept[key]

    return asked


@pytest.mark.slow
def test_the_command_writes_a_module_and_a_picture(people, made, tmp_path, capsys, monkeypatch):
    learnt_from = []

    def fit(part, seed, tell):
        learnt_from.append({one.person for one in part})
        return made._replace(biases=made.biases[:-2] + bytes([len(learnt_from) % 4, made.biases[-1]]))

    monkeypatch.setattr(learning, "fit", fit)
    asked = ((examples, "of_recording"), (examples, "of_copy"), (evaluation, "measure_with"))
    for module, name in asked:
        monkeypatch.setattr(module, name, once(getattr(module, name)))
    out, roc, folds = tmp_path / "table.py", tmp_path / "roc.svg", tmp_path / "folds.json"
    words = ["train", "sway", str(people), "--folds", "3", "--jobs", "1", "--out", str(out), "--roc", str(roc)]
    words += ["--out-folds", str(folds)]
    assert main(words) == 0
    everybody = {(people.name, f"S{person}") for person in range(6)}
    without = [everybody - {(people.name, f"S{k}"), (people.name, f"S{k + 3}")} for k in range(3)]
    assert learnt_from == [*without, everybody]
    shown = capsys.readouterr().out
    assert "How far groups of people differ" in shown and "last s" in shown
    assert "Every subject held out once" in shown and "thresholds on held-out subjects" in shown
    spec = importlib.util.spec_from_file_location("table", out)
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    assert table.NETWORK[:2] == made[:2] and table.PASSING
    assert max(map(len, out.read_text().splitlines())) <= 115
    assert "6 subjects, 24 recordings, 12 backward falls" in table.__doc__
    assert "<svg" in roc.read_text()
    kept = held_out.read(folds)
    assert [table.NETWORK[2][-2] for table in kept.tables] == [1, 2, 3]
    assert kept.of == held_out.digest(table) and len(kept.tables) == 3
    assert kept.group == {(people.name, f"S{person}"): person % 3 for person in range(6)}
    before = out.read_text()
    assert main(words) == 0
    assert out.read_text() == before


@pytest.mark.slow
def test_what_cannot_be_learnt_from_is_said_plainly(people, tmp_path, capsys, monkeypatch):
    assert main(["train", "sway", str(people), "--test", people.name, "--jobs", "1"]) == 2
    assert "no set with falls to learn from" in capsys.readouterr().err
    with pytest.raises(UserError, match="no_such_folder"):
        table_file.write(str(tmp_path / "no_such_folder" / "t.py"), examples.MUTE, [], {}, 3)
    for name in [name for name in sys.modules if name.startswith("host_tools.train.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jax", None)
    assert main(["train", "sway", str(people)]) == 2
    assert "jax is not installed, want pip install '.[train]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "changed", "said"),
    [
        (("--folds", "0"), {}, "--folds: 0, want 2 or more"),
        (("--jobs", "0"), {}, "--jobs: 0, want 1 or more"),
        ((), {"subject": None}, "recording fall0 has no subject as text"),
        ((), {"subject": 7, "direction": None}, "recording fall0 has no subject, direction as text"),
    ],
)
def test_what_it_would_end_with_is_said_before_anything_is_replayed(
    people, tmp_path, capsys, monkeypatch, words, changed, said
):
    index = json.loads((people / "index.json").read_text())
    first = index["recordings"][0] | changed
    index["recordings"][0] = {name: value for name, value in first.items() if value is not None}
    (tmp_path / "index.json").write_text(json.dumps(index))
    (tmp_path / "all.npz").write_bytes((people / "all.npz").read_bytes())
    monkeypatch.setattr(examples, "of_recording", None)
    assert main(["train", "sway", str(tmp_path), *words]) == 2
    assert said in capsys.readouterr().err


def test_the_spread_is_that_of_groups_of_people(capsys):
    assert spread.only(1, [0, 1, 1], "abc", [1, 2, 3]) == [["b", "c"], [2, 3]]

    def group(warned, per_hour):
        back = {"warned_pct": warned, "last_second_pct": 90.0, "median_lead_ms": 400, "lead_200ms_pct": None}
        always = {"backward": back, "daily": {"per_hour": per_hour}, "locomotion": {"per_hour": 0}}
        return {"kfall": {"always": always}}

    spread.show(Console(width=80), [group(100.0, 2.0), group(94.0, 4.0), group(97.0, 3.0)])
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.lstrip().startswith("kfall")]
    assert rows[0][-5:] == ["3", "97.0", "3.0", "94.0", "100.0"]
    assert [row[-4:] for row in rows if "all," in row] == [["3.0", "1.0", "2.0", "4.0"]]
    assert len(rows) == 5, "nobody's lead of 200 ms is known"


def test_every_number_of_the_motion_has_a_name():
    assert len(table_file.NAMES) == sway_motion.COUNT
