import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tools.errors import UserError
from host_tools.full_scale import full_scale
from host_tools.recording_files import load, save
from host_tools.recordings import ACCEL_LIMIT_MG, GYRO_LIMIT_DDPS, Recording, as_sensed, placement_of

RNG = np.random.default_rng(3)


def noise(rows):
    return RNG.integers(-3000, 3000, (rows, 6)).astype(np.int16)


def ramp(rows):
    return np.repeat(np.arange(rows, dtype=np.int16)[:, None], 6, axis=1)


def test_the_pods_own_form_comes_back_whole(tmp_path):
    before = Recording(noise(95), 204.8, "belt", "sensor", ((0, 4), (20, 3), (47, 900)), has_gyro=False)
    save(tmp_path / "a.bsr", before)
    after = load(tmp_path / "a.bsr")
    assert np.array_equal(after.samples, before.samples)
    for name in ("rate_hz", "placement", "frame", "gaps", "has_gyro"):
        assert getattr(after, name) == getattr(before, name)


def test_npz_takes_its_facts_from_the_index_beside_it(tmp_path):
    np.savez(tmp_path / "all.npz", one=noise(30), two=noise(40))
    entry = {"archive": "all.npz", "key": "two", "rate_hz": 100, "frame": "sensor", "gyro": True}
    (tmp_path / "index.json").write_text(json.dumps({"recordings": [dict(entry, position="lower back")]}))
    recording = load(tmp_path / "all.npz", key="two")
    assert (len(recording.samples), recording.rate_hz, recording.placement) == (40, 100, "belt")
    assert load(tmp_path / "all.npz", key="two", placement="wrist").placement == "wrist"


def test_csv_with_its_facts_in_a_comment(tmp_path):
    (tmp_path / "a.csv").write_text(
        "# rate_hz=52 placement=wrist frame=sensor\n"
        "ax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n1,2,3,4,5,6\n-1,0,1,0,0,0\n"
    )
    recording = load(tmp_path / "a.csv")
    assert recording.samples.tolist() == [[1, 2, 3, 4, 5, 6], [-1, 0, 1, 0, 0, 0]]
    assert (recording.rate_hz, recording.placement, recording.frame) == (52, "wrist", "sensor")


@pytest.mark.parametrize(
    "name,content,says",
    [
        ("a.txt", b"", "is none of .bsr, .npz, .csv"),
        ("a.bsr", b"nonsense", "starts with"),
        ("a.npz", b"nonsense", "a.npz"),
        ("a.npz", b"PK\x03\x04 cut short", "no sound .npz archive"),
        ("a.csv", b"a,b\n1,2\n", "want ax_mg,"),
        ("a.csv", b"# rate_hz=50\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n1,2,x,4,5,6\n", "line 3: '1,2,x"),
        ("a.csv", b"ax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n1,2,3,4,5,6\n", "want --rate"),
        ("a.csv", b"# rate_hz=50\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n1,2,99999,4,5,6\n", "99999"),
        ("a.csv", b"# rate_hz=50\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n1,2,3,4,5,%d\n" % 10**30, "16 bits"),
        (
            "a.csv",
            b"# rate_hz=fast placement=shoe\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n1,2,3,4,5,6\n",
            "rate_hz: 'fast'",
        ),
        (
            "a.csv",
            b"# rate_hz=50\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n1,2,3,4,5,6\n",
            "want --placement shoe|b",
        ),
        ("a.csv", b"\xff\xfe#", "byte 0: no UTF-8 text"),
        ("a.csv", b"", "its columns are ''"),
        ("a.bsr", b"BSR1 cut", "8 bytes, starts with b'BSR1'"),
        ("missing.bsr", None, "there is no such file"),
    ],
)
def test_a_bad_file_is_named_in_one_line(tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=re.escape(says)) as caught:
        load(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_array_named_as_an_archive_is_refused(tmp_path):
    np.save(tmp_path / "a.npy", noise(3))
    (tmp_path / "a.npy").rename(tmp_path / "a.npz")
    with pytest.raises(UserError, match="no sound .npz archive"):
        load(tmp_path / "a.npz", rate_hz=52)


@pytest.mark.parametrize("text", ["{", "[]", '{"recordings": [{"archive": "a.npz"}]}'])
def test_a_broken_index_beside_an_archive_is_named(tmp_path, text):
    np.savez(tmp_path / "a.npz", one=noise(3))
    (tmp_path / "index.json").write_text(text)
    with pytest.raises(UserError, match="a.npz: index.json beside it: "):
        load(tmp_path / "a.npz")


def test_a_table_as_office_programs_save_it_is_read(tmp_path):
    text = "# rate_hz=52 placement=belt\r\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\r\n1,2,3,4,5,6\r\n"
    (tmp_path / "A.CSV").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(tmp_path / "A.CSV").samples.tolist() == [[1, 2, 3, 4, 5, 6]]


def test_a_key_that_is_not_given_is_asked_for(tmp_path):
    np.savez(tmp_path / "all.npz", one=noise(3), two=noise(3))
    with pytest.raises(UserError, match="want --key, one of its 2 arrays: one, two"):
        load(tmp_path / "all.npz")


def test_a_wrong_key_lists_what_is_there(tmp_path):
    np.savez(tmp_path / "all.npz", one=noise(3), two=noise(3))
    with pytest.raises(UserError, match="'three' is none of its 2 arrays: one, two"):
        load(tmp_path / "all.npz", key="three")


@pytest.mark.parametrize(
    "samples,says",
    [
        (np.zeros((5, 3), np.int16), "shape (5, 3)"),
        (np.zeros(6, np.int16), "shape (6,)"),
        (np.zeros((5, 6)), "float64"),
        (np.full((5, 6), 40000), "40000"),
    ],
)
def test_wrong_samples_are_refused(samples, says):
    with pytest.raises(UserError, match=re.escape(says)):
        Recording(samples, 100)


@pytest.mark.parametrize("rate", [0, -5, float("nan"), float("inf"), 1e6, "fast", None])
def test_wrong_rates_are_refused(rate):
    with pytest.raises(UserError, match="rate_hz"):
        Recording(noise(3), rate)


@pytest.mark.parametrize("gaps", [((9, 1),), ((1, 0),), ((2, 1), (1, 1)), ((1, 1), (1, 1))])
def test_wrong_gaps_are_refused(gaps):
    with pytest.raises(UserError, match="gaps"):
        Recording(noise(5), 100, gaps=gaps)


def test_the_pods_own_rate_passes_unchanged():
    samples = noise(50)
    assert np.array_equal(as_sensed(Recording(samples, 208), 208).samples, samples)


def test_full_scale_clips_as_the_imu_does():
    sensed = as_sensed(Recording(np.array([[32767, -32768, 0, 32767, -32768, 0]], np.int16), 208), 208)
    limits = [ACCEL_LIMIT_MG, -ACCEL_LIMIT_MG, 0, GYRO_LIMIT_DDPS, -GYRO_LIMIT_DDPS, 0]
    assert sensed.samples.tolist() == [limits]


@given(st.sampled_from([25.0, 100.0, 200.0, 204.8, 208.0, 416.0, 800.0]), st.sampled_from([52, 104, 208]))
def test_a_ramp_keeps_its_slope_and_never_shows_the_future(rate_in, rate_out):
    sensed = as_sensed(Recording(ramp(400), rate_in), rate_out)
    for index in range(20, len(sensed.samples)):
        value = sensed.samples[index][0]
        assert value <= sensed.emitted_row(index) + 0.5
        lag = rate_in / rate_out if rate_in > 1.5 * rate_out else 0
        assert abs(value - (index * rate_in / rate_out - lag / 2)) <= 1


def test_a_sine_survives_resampling():
    time_s = np.arange(2000) / 200
    sine = np.repeat(np.rint(1000 * np.sin(2 * np.pi * 3 * time_s))[:, None], 6, axis=1).astype(np.int16)
    sensed = as_sensed(Recording(sine, 200), 208)
    wanted = 1000 * np.sin(2 * np.pi * 3 * np.arange(len(sensed.samples)) / 208)
    assert np.abs(sensed.samples[:, 0] - wanted).max() < 5


def test_gaps_are_kept_never_papered_over():
    sensed = as_sensed(Recording(ramp(100), 100, gaps=((40, 50),)), 200)
    ((row, missing),) = sensed.gaps
    assert sensed.samples[row - 1][0] == 39 and sensed.samples[row][0] == 40
    assert missing == 101
    assert sensed.emitted_row(row + missing) == 40
    assert sensed.emitted_row(row - 1) == 39


@pytest.mark.parametrize(
    "position,placement",
    [
        ("left foot (instep)", "shoe"), ("ankle", "shoe"), ("lower back", "belt"), ("waist (belt buckle)", "belt"),
        ("wrist", "wrist"), ("InHand", "wrist"), ("Front_Pocket", "wrist"), ("BackPocket", "wrist"),
    ],
)  # fmt: skip
def test_positions_of_data_sets_become_placements(position, placement):
    assert placement_of(position) == placement


def cut_off(rows, limit):
    wave = np.rint(12000 * np.sin(np.arange(rows) / 9))[:, None] * np.array([0, 0, 0, 0.4, 1, 0.2])
    samples = np.tile([0, 0, 1000, 0, 0, 0], (rows, 1)) + wave
    samples[:, 3:] = np.clip(samples[:, 3:], -limit, limit)
    return samples.astype(np.int16)


def test_where_readings_end_is_seen_by_several_that_are_as_great_as_any():
    assert full_scale(cut_off(400, 5000)) == (16000, 5000)
    assert full_scale(cut_off(400, 32000)[::7]) is None  # every peak is another one
    assert full_scale(np.zeros((0, 6), np.int16)) is None
    assert full_scale(np.tile([0, 0, 1000, 10, 0, 0], (400, 1))) is None  # standing still ends nowhere


@pytest.mark.parametrize("rate_hz", [100, 200, 400])
def test_a_reading_at_its_range_stays_one_at_another_rate(rate_hz):
    source = cut_off(800, 5000)
    sensed = as_sensed(Recording(source, rate_hz), 208)
    assert sensed.ends == (16000, 5000)
    sizes = np.abs(sensed.samples[:, 4].astype(int))
    assert sizes.max() == 5000
    for row in np.flatnonzero(np.abs(source[:, 4]) == 5000):
        at = round(row * 208 / rate_hz)
        assert 5000 in sizes[max(0, at - 2) : at + 3]


class Counted(tuple):
    """Gaps that know how often they are gone through."""

    times = 0

    def __iter__(self):
        Counted.times += 1
        return super().__iter__()


def test_where_a_row_lies_is_found_without_going_through_all_gaps_each_time():
    gaps = Counted((row, 1) for row in range(50, 5000, 50))
    sensed = as_sensed(Recording(np.zeros((5000, 6), np.int16), 100, "belt"), 104)
    sensed = replace(sensed, source_gaps=gaps)
    Counted.times = 0
    rows = [sensed.nearest_row(index) for index in range(5000)]
    assert Counted.times < 10
    assert rows == sorted(rows) and rows[0] == 0 and rows[52] == 50 and rows[53] == 50 and rows[55] == 52


@given(
    st.dictionaries(st.integers(0, 30), st.integers(1, 8), max_size=6),
    st.integers(0, 90),
)
def test_a_row_is_that_of_its_time(missing, position):
    """A time within a gap has the row after it, or the last one."""
    gaps = tuple(sorted(missing.items()))
    made = as_sensed(Recording(np.zeros((30, 6), np.int16), 104, "belt", gaps=gaps), 104)
    times = [row + sum(count for at, count in gaps if at <= row) for row in range(30)]
    later = [row for row, time in enumerate(times) if time >= position]
    assert made.nearest_row(position) == (later[0] if later else 29)
