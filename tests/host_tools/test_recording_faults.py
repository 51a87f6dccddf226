"""Recordings as people have them: other units, filled gaps, foreign tables, damaged files; made up, and small."""

import json
import tracemalloc

import numpy as np
import pytest
from small_recordings import ENTRY, HEADER, ROW, noisy, table

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.evaluate import sets
from host_tools.gait import Stand, Walk, session, uphill_backward
from host_tools.recording_faults import checked, told
from host_tools.recording_files import Units, load, save
from host_tools.recordings import Recording, as_sensed
from host_tools.replay import replay_recording


@pytest.mark.parametrize(
    ("gravity", "guess"),
    [(1, ": g: --acc-unit g"), (10, ": metres per second squared: --acc-unit m/s2"),
     (16384, ": counts of a sensor, 16384 for 1 g"), (0, "$")],
)  # fmt: skip
def test_a_recording_that_is_not_in_mg_is_refused_with_a_guess(tmp_path, gravity, guess):
    path = table(tmp_path / "a.csv", [(0, 0, gravity, 0, 0, 0)] * 300)
    with pytest.raises(UserError, match=rf"a.csv: median acceleration {gravity}.0, want 500..2500 mg{guess}"):
        load(path)


def test_what_is_shorter_than_a_second_is_not_judged(tmp_path):
    assert len(load(table(tmp_path / "a.csv", [(0, 0, 1, 0, 0, 0)] * 99)).samples) == 99


@pytest.mark.parametrize(
    ("acc", "gyro", "row"),
    [("g", "deg/s", (0.03, -0.02, 1.004, 0.1, -0.2, 0.3)),
     ("m/s2", "rad/s", (0.2942, -0.19613, 9.84588, 0.0017453, -0.0034907, 0.005236)),
     ("mg", None, (30.2, -20.1, 1003.9, 1.1, -2, 3))],
)  # fmt: skip
def test_units_can_be_named(tmp_path, acc, gyro, row):
    path = table(tmp_path / "a.csv", [row] * 300)
    with pytest.raises(UserError, match="line 3: .*--acc-unit, --gyro-unit"):
        load(path)
    assert load(path, units=Units(acc, gyro)).samples[7].tolist() == list(ROW)
    np.savez(tmp_path / "a.npz", walk=np.tile(row, (300, 1)))
    assert load(tmp_path / "a.npz", rate_hz=100, placement="belt", units=Units(acc, gyro)).samples[
        7
    ].tolist() == list(ROW)


def test_a_unit_that_leaves_16_bits_is_refused(tmp_path):
    path = table(tmp_path / "a.csv", [ROW] * 300)
    with pytest.raises(UserError, match=r"a.csv: line 3: .*16 bits: another unit\?"):
        load(path, units=Units("g", None))


def test_the_command_takes_units(tmp_path, capsys):
    walk = session([Stand(2), Walk(12, uphill_backward(90, 0)), Stand(2)], "shoe", 1)
    rows = np.round(walk.samples / np.repeat([1000 / 9.80665, 10.0], 3), 4)
    path = table(tmp_path / "walk.csv", rows, "# rate_hz=208 placement=shoe\n" + HEADER)
    assert main(["replay", str(path), "--json", "--acc-unit", "m/s2", "--gyro-unit", "deg/s"]) == 0
    strides = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["direction"] for one in strides if one["event"] == "stride"].count("backward") >= 5
    assert main(["replay", str(path)]) == 2
    assert "16 bits" in capsys.readouterr().err


FILLS = [
    pytest.param((0, 0, 0, 0, 0, 0), id="zeros"),
    pytest.param((-16000, -16000, -16000, -20000, -20000, -20000), id="full scale"),
    pytest.param((400, 100, 900, 300, 600, -20), id="held over"),
]


@pytest.mark.slow
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("rows", [3, 40, 500])
def test_a_filled_gap_is_a_stated_one_and_warns_of_nothing(fill, rows):
    samples = np.vstack([noisy(600), np.tile(fill, (rows, 1)), noisy(4000)]).astype(np.int16)
    recording = checked(Recording(samples, 104, "belt"))
    assert recording.filled == ((600, rows),)
    events = replay_recording(recording, {"sway_arming": "always"})
    assert [event["event"] for event in events] == ["gap"]
    assert events[0]["missing"] == rows and 600 <= events[0]["sample"] <= 600 + rows
    assert told(recording).endswith(f"held over: {rows} from row 600 (5.8 s)")


def test_rows_after_a_filled_gap_keep_their_place():
    samples = np.vstack([noisy(200), np.zeros((50, 6)), noisy(200)]).astype(np.int16)
    sensed = as_sensed(checked(Recording(samples, 100, "belt")), 104)
    ((at, missing),) = sensed.gaps
    assert sensed.nearest_row(at - 1) in (198, 199) and sensed.nearest_row(at + missing) in (250, 251)
    assert abs(sensed.samples[:, 2].astype(int) - 1004).max() <= 12  # no zero is anywhere in it


@pytest.mark.parametrize("change", [0, 3, 90])
def test_a_sensor_at_rest_may_repeat_itself(change):
    samples = np.vstack([noisy(100), np.tile(ROW, (6, 1)), noisy(100) + [0, 0, change, 0, 0, 0]]).astype(np.int16)
    assert checked(Recording(samples, 100, "belt")).filled == ()


def test_two_rows_alike_are_no_fill():
    samples = np.vstack([noisy(100), np.tile((400, 100, 900, 300, 600, -20), (2, 1)), noisy(100)]).astype(np.int16)
    assert checked(Recording(samples, 100, "belt")).filled == ()


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("rates", [0, 300])
def test_no_acceleration_at_all_is_none_that_was_measured(rows, rates):
    samples = noisy(200)
    samples[100 : 100 + rows] = (0, 0, 0, rates, 0, 0)
    assert checked(Recording(samples, 100, "shoe")).filled == ((100, rows),)


@pytest.mark.parametrize(("held_s", "filled"), [(0.2, ()), (1, ((800, 104),))])
def test_accelerations_that_are_held_while_the_gyro_goes_on_warn_of_nothing(held_s, filled):
    """Within a walk that was a sway; a table of two rates holds them for less."""
    samples = session([Stand(3), Walk(12, uphill_backward(90, 0)), Stand(2)], "belt", 2).samples.copy()
    samples[800 : 800 + round(104 * held_s), :3] = samples[800, :3]
    recording = checked(Recording(samples, 104, "belt"))
    assert recording.filled == filled
    names = {event["event"] for event in replay_recording(recording, {"sway_arming": "always"})}
    assert names <= {"step", "gap"} and ("gap" in names) == bool(filled)


@pytest.mark.parametrize(("placement", "filled"), [("belt", ((300, 1),)), ("wrist", ((300, 1),)), ("shoe", ())])
def test_a_single_row_at_full_scale_is_no_sway(placement, filled):
    samples = noisy(900)
    samples[300, 0] = -16000
    recording = checked(Recording(samples, 104, placement))
    assert recording.filled == filled
    names = [event["event"] for event in replay_recording(recording, {"sway_arming": "always"})]
    assert set(names) <= {"gap"}


def test_fills_are_told_once_by_the_command(tmp_path, capsys):
    rows = [*noisy(300).tolist(), *[[0] * 6] * 30, *noisy(300).tolist()]
    path = table(tmp_path / "a.csv", rows)
    assert main(["replay", str(path)]) == 0
    assert capsys.readouterr().err.count("held over: 30 from row 300 (3.0 s)") == 1


def test_a_table_as_r_writes_it_is_read(tmp_path):
    quoted = ",".join(f'"{name}"' for name in HEADER.strip().split(",")) + "\n"
    plain = table(tmp_path / "a.csv", [ROW] * 5, "# rate_hz=52 placement=wrist\n" + quoted)
    assert load(plain).samples.tolist() == [list(ROW)] * 5
    named = [(f'"{number}"', *ROW) for number in range(1, 6)]
    with_names = table(tmp_path / "b.csv", named, "# rate_hz=52 placement=wrist\n" + '"",' + quoted)
    assert load(with_names).samples.tolist() == [list(ROW)] * 5


def test_a_second_line_of_facts_is_refused(tmp_path):
    head = "# rate_hz=100\n# placement=belt\n" + HEADER + "1,2,3,4,5,6\n# rate_hz=50\n"
    with pytest.raises(UserError, match="line 5: rate_hz=50: rate_hz is said before already"):
        load(table(tmp_path / "a.csv", [ROW], head))


def test_an_index_with_a_byte_order_mark_is_read(tmp_path):
    np.savez(tmp_path / "all.npz", one=noisy(300))
    (tmp_path / "index.json").write_text(json.dumps({"recordings": [ENTRY]}), encoding="utf-8-sig")
    assert load(tmp_path / "all.npz").rate_hz == 100
    assert sets.read_index(tmp_path) == [ENTRY]


def test_a_set_in_another_unit_is_refused_by_name(tmp_path):
    np.savez(tmp_path / "all.npz", one=np.tile(np.array([0, 0, 10, 0, 0, 0], np.int16), (300, 1)))
    with pytest.raises(UserError, match="all.npz: one: median acceleration 10.0.*metres per second squared"):
        sets.recording(tmp_path, ENTRY)


def test_a_set_may_hold_recordings_of_a_broken_sensor(tmp_path):
    """Four of umafall's feel 0.3 to 0.4 g: no other unit, and no reason to refuse the other 1150."""
    np.savez(tmp_path / "all.npz", one=noisy(300, 0, 0, 380, 0, 0, 0))
    assert len(sets.recording(tmp_path, ENTRY).samples) == 300
    with pytest.raises(UserError, match="median acceleration 38"):
        load(tmp_path / "all.npz", rate_hz=100, placement="belt")


def test_a_pods_own_recording_of_a_dead_sensor_is_shown(tmp_path):
    save(tmp_path / "a.bsr", Recording(np.zeros((300, 6), np.int16), 208))
    assert load(tmp_path / "a.bsr").filled == ((0, 300),)
    save(tmp_path / "b.bsr", Recording(noisy(300, 0, 0, 9806, 0, 0, 0), 208))
    with pytest.raises(UserError, match="millimetres per second squared"):
        load(tmp_path / "b.bsr")


@pytest.mark.slow
def test_a_long_table_takes_little_more_memory_than_its_samples(tmp_path):
    rows = 60_000
    path = tmp_path / "long.csv"
    with path.open("w") as out:
        out.write("# rate_hz=208 placement=belt\n" + HEADER)
        for number in range(rows):
            out.write(f"{number % 7},{number % 5},{1000 + number % 9},1,2,{number % 3}\n")
    tracemalloc.start()
    recording = load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(recording.samples) == rows
    assert peak / rows < 150  # bytes a row; 12 of them stay


@pytest.fixture
def walk(tmp_path):
    path = tmp_path / "walk.bsr"
    save(path, Recording(noisy(1000), 208, "shoe"))
    return path


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [("--rate", "50", "208"), ("--placement", "belt", "shoe"), ("--frame", "sensor", "body")],
)
def test_an_option_that_contradicts_the_file_is_refused(walk, option, value, says, capsys):
    assert main(["replay", str(walk), option, value]) == 2
    assert f"{option} {value}" in (told := capsys.readouterr().err) and f"the file itself says {says}" in told


def test_an_option_that_says_what_the_file_says_is_no_matter(walk, capsys):
    assert main(["replay", str(walk), "--rate", "208", "--placement", "shoe", "--frame", "body"]) == 0


def test_units_of_the_pods_own_form_are_not_asked(walk, capsys):
    assert main(["replay", str(walk), "--acc-unit", "g"]) == 2
    assert "knows its units" in capsys.readouterr().err


def test_a_recording_cut_in_half_says_what_is_missing(walk, capsys):
    data = walk.read_bytes()
    walk.write_bytes(data[: len(data) // 2])
    assert main(["replay", str(walk)]) == 2
    err = capsys.readouterr().err
    assert "bytes are unreadable: missing are whatever came after row" in err and "\n" not in err.strip()


def test_four_bytes_changed_cost_a_block_and_are_told(walk, capsys):
    data = bytearray(walk.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4] = b"\xff\x00\xff\x00"
    walk.write_bytes(data)
    assert main(["replay", str(walk), "--json"]) == 2
    out, err = capsys.readouterr()
    (gap,) = [json.loads(line) for line in out.splitlines()]
    assert gap["event"] == "gap" and gap["missing"] == 32
    assert f"missing are 32 samples before row {gap['sample']}" in err
