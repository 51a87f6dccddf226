"""Recordings of other sensors and programs: raw counts, repeated readings, dropped rows, an index of one's own."""

import json
import math

import numpy as np
import pytest
from small_recordings import ENTRY, HEADER, ROW, noisy, table

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.evaluate import sets
from host_tools.recording_doubts import Look, odd_rates
from host_tools.recording_faults import checked
from host_tools.recording_files import Units, load
from host_tools.recordings import Recording

NAMED = "# rate_hz=100 placement=belt\n," + HEADER


def test_counts_of_a_sensor_at_16_g_are_no_run_in_mg(tmp_path):
    """Their median is 2 g, which a run may have; a half second at rest is not."""
    rows = noisy(300, 0, 0, 2048, 0, 0, 0) + np.random.default_rng(1).integers(-900, 900, (300, 1))
    rows[100:160] = noisy(60, 0, 0, 2048, 0, 0, 0)
    with pytest.raises(UserError, match="at rest 204.*, want 700..1400 mg: counts of a sensor, 2048 for 1 g"):
        load(table(tmp_path / "a.csv", rows.tolist()))


def walked(rates, placement="shoe", **said):
    rows = noisy(800)
    rows[:, :3] += np.random.default_rng(2).integers(-700, 700, (800, 3), dtype=np.int16)
    rows[:, 3:] = np.random.default_rng(3).integers(-rates, rates + 1, (800, 3))
    return Recording(rows, 100, placement, **said)


@pytest.mark.parametrize(("mg", "is_refused"), [((953, 921, 1793, 1402, 1489), False), ((247, 255, 253), True)])
def test_an_arm_that_swings_evenly_at_times_is_no_other_unit(mg, is_refused):
    """What looks like rest in a fast walk of rieck's; and what does in umafall, of a sensor never right."""
    rows = noisy(2000)
    rows[:, :3] += np.random.default_rng(2).integers(-700, 700, (2000, 3), dtype=np.int16)
    for number, gravity in enumerate(mg):
        rows[200 * number : 200 * number + 50, :3] = noisy(50, 0, 0, gravity, 0, 0, 0)[:, :3]
    try:
        assert checked(Recording(rows, 100, "wrist")).filled == () and not is_refused
    except UserError as error:
        assert is_refused and "at rest 25" in str(error)


@pytest.mark.parametrize(
    ("found", "words"),
    [(walked(3000), ""), (walked(30000), "its rates pass "), (walked(300), "a shoe: another unit"),
     (walked(0), "all zero"),
     (walked(300, "belt"), ""), (walked(30, "belt"), "a belt: another unit"),
     (walked(0, has_gyro=False), ""), (Recording(noisy(800), 100), "")],
)  # fmt: skip
def test_rates_in_another_unit_are_told(found, words):
    assert words in odd_rates(Look(found)) and bool(words) == bool(odd_rates(Look(found)))


def test_the_command_tells_of_rates_in_another_unit(tmp_path, capsys):
    path = table(tmp_path / "a.csv", walked(300).samples.tolist(), "# rate_hz=100 placement=shoe\n" + HEADER)
    assert main(["replay", str(path)]) == 0
    assert "--gyro-unit" in capsys.readouterr().err


def test_a_sensor_that_was_read_more_often_than_it_measures_is_refused(tmp_path):
    """Each of its readings would be a gap, and the totals nought."""
    rows = np.repeat(noisy(400) + np.random.default_rng(4).integers(-300, 300, (400, 6)), 5, axis=0)
    with pytest.raises(UserError, match=r"2000 of its 2000 rows repeat .* 5 rows a reading: .* \(20 Hz\?\)"):
        load(table(tmp_path / "a.csv", rows.tolist()))


def test_names_of_rows_tell_what_was_dropped(tmp_path):
    """As pandas writes what its dropna() left."""
    names = [*range(100, 140), *range(145, 160), *range(161, 170)]
    rows = [(name, *ROW) for name in names]
    assert load(table(tmp_path / "a.csv", rows, NAMED)).gaps == ((40, 5), (55, 1))


@pytest.mark.parametrize(
    "names", [[0.005 * n for n in range(60)], [n * 1000 // 208 for n in range(60)], "ab" * 30]
)
def test_names_of_rows_that_do_not_count_them_tell_nothing(tmp_path, names):
    assert load(table(tmp_path / "a.csv", [(name, *ROW) for name in names], NAMED)).gaps == ()


def test_names_of_rows_that_fall_are_refused(tmp_path):
    rows = [(name, *ROW) for name in (*range(30), *range(30))]
    with pytest.raises(UserError, match="line 33: row 0 after row 29; sorted, or two recordings in one"):
        load(table(tmp_path / "a.csv", rows, NAMED))


def test_a_table_without_a_row_is_refused(tmp_path):
    with pytest.raises(UserError, match="no row of samples below its header"):
        load(table(tmp_path / "a.csv", []))


def test_numbers_with_a_point_in_an_archive_name_the_options(tmp_path):
    np.savez(tmp_path / "a.npz", walk=noisy(300) / 1000)
    with pytest.raises(UserError, match="walk: float64 numbers, want whole mg .*--acc-unit, --gyro-unit"):
        load(tmp_path / "a.npz", rate_hz=100)


@pytest.mark.parametrize(
    ("name", "value", "want"),
    [("position", 3, "text"), ("rate_hz", "fast", "a number"), ("is_fall", "no", "true or false"),
     ("onset_s", "1.2", "a number"), ("events", {}, "a list")],
)  # fmt: skip
def test_an_index_of_other_kinds_is_refused_by_name(tmp_path, name, value, want):
    np.savez(tmp_path / "all.npz", one=noisy(300))
    (tmp_path / "index.json").write_text(json.dumps({"recordings": [{**ENTRY, name: value}]}))
    with pytest.raises(UserError, match=rf"index.json: recording 0: {name}: {value!r}, want {want}"):
        sets.read_index(tmp_path)


def test_a_place_that_is_no_text_is_told_by_replay(tmp_path):
    np.savez(tmp_path / "all.npz", one=noisy(300))
    (tmp_path / "index.json").write_text(json.dumps({"recordings": [{**ENTRY, "position": 3}]}))
    with pytest.raises(UserError, match="index.json beside it"):
        load(tmp_path / "all.npz")


def test_a_number_that_is_none_is_told_by_its_line_however_long_the_table(tmp_path):
    rows = noisy(6000).tolist()
    rows[5000][1] = math.nan
    with pytest.raises(UserError, match=r"a.csv: line 5003: \[.*nan"):
        load(table(tmp_path / "a.csv", rows), units=Units("mg", None))


def test_a_moment_of_a_broken_sensor_is_no_unit(tmp_path):
    """As one of umafall's, that holds still at 4 g, stiller than anywhere else."""
    rows = noisy(600)
    rows[200:250] = [0, 0, 4025, 0, 0, 0] + np.random.default_rng(6).integers(-1, 2, (50, 6))
    assert len(load(table(tmp_path / "a.csv", rows.tolist())).samples) == 600
