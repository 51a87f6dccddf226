"""Stand, then walk eight steps: what comes of it at any mounting, and what is refused and why."""

import json

import numpy as np
import pytest
from backstep.core import events, settings
from backstep.core.shoe.shoe import Shoe
from backstep.core.wearing import calibration
from backstep.core.wearing.calibration import DONE, FAILED, Calibration
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as st
from int_bounds import Watched, WatchedArray
from tried import dear
from vm import run_on_vm

from host_tools.gait import Stand, Walk, WalkParams, session
from host_tools.recordings import Recording, as_sensed

RATE_HZ = 208
STANDING = np.array([0, 0, 1000, 3, -4, 5], np.int16)


def turned(samples, quaternion):
    """Return the samples as a sensor would give them that lies turned by a quaternion, and the rotation."""
    w, x, y, z = quaternion / np.linalg.norm(quaternion)
    matrix = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    both = np.hstack([samples[:, :3] @ matrix.T, samples[:, 3:] @ matrix.T])
    return np.clip(np.rint(both), -32768, 32767).astype(np.int16), matrix


def calibrated(samples, frame="sensor", shoe=None):
    """Return (shoe, Calibration, the strides after it was over) of a shoe's samples."""
    shoe = shoe or Shoe(RATE_HZ, settings.defaults(), frame)
    made = Calibration(RATE_HZ, "shoe", shoe.heading)
    after = []
    for row in samples.tolist():
        code = shoe.feed(*row)
        made.feed(*row)
        if code == events.STRIDE:
            if made.step >= DONE:
                after.append(tuple(shoe.fields))
            made.hear(code, shoe.fields)
    return shoe, made, after


def stood(placement, rows, rate_hz=104):
    made = Calibration(rate_hz, placement)
    for row in rows:
        made.feed(*row)
    return made


def degrees(one, other):
    cosine = np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def why(made):
    assert made.step == FAILED
    return made.why


QUATERNIONS = st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: np.linalg.norm(q) > 0.2)


@pytest.fixture(scope="module")
def there_and_back():
    segments = [Stand(5), Walk(10, WalkParams()), Walk(10, WalkParams(direction="backward")), Stand(2)]
    return session(segments, "shoe", 5).samples


@pytest.mark.slow
@dear(12)
@given(quaternion=QUATERNIONS)
def test_any_mounting(there_and_back, quaternion):
    samples, matrix = turned(there_and_back, np.array(quaternion))
    shoe, made, after = calibrated(samples)
    assert (made.step, made.why, made.strides) == (DONE, 0, calibration.STRIDES)
    assert degrees(made.up, matrix @ [0, 0, 1]) < 5  # the simulated mounting is off by some itself
    assert degrees(shoe.heading.axis, matrix @ [1, 0, 0]) < 6
    named = {fields[2] for fields in after if fields[3] > 500}
    assert named >= {events.FORWARD, events.BACKWARD} and not named & {events.LEFT, events.RIGHT}


def test_what_was_kept_holds_at_the_next_start(there_and_back):
    samples, _ = turned(there_and_back, np.array([0.3, -0.8, 0.5, 0.1]))
    shoe, made, _ = calibrated(samples)
    kept = {f"mount_{axis}": shoe.heading.axis[i] for i, axis in enumerate("xyz")}
    kept |= {f"bias_{axis}": made.bias[i] for i, axis in enumerate("xyz")}
    again = Shoe(RATE_HZ, settings.check(kept | {"grade_zero": shoe.heading.grade_zero_permille}), "sensor")
    named = []
    for row in samples.tolist():
        if again.feed(*row) == events.STRIDE:
            named.append(again.fields[2])
    assert named[0] == events.FORWARD
    first = named.index(events.BACKWARD)
    assert set(named[:first]) == {events.FORWARD}


def test_a_pod_in_its_own_frame_learns_what_it_was_told_anyway(there_and_back):
    shoe, made, _ = calibrated(there_and_back, "body")
    assert made.step == DONE
    assert degrees(shoe.heading.axis, [1, 0, 0]) < 5


@pytest.mark.slow
@pytest.mark.parametrize("offset_mg", [-50, 50])
def test_an_offset_of_the_accelerometer_is_taken_for_no_grade(offset_mg):
    segments = [Stand(5), Walk(40, WalkParams()), Walk(20, WalkParams(direction="backward"))]
    slanted = session(segments, "shoe", 3).samples + np.array([offset_mg, 0, 0, 0, 0, 0], np.int16)
    plain = Shoe(RATE_HZ, settings.defaults(), "sensor")
    before = [tuple(plain.fields) for row in slanted.tolist() if plain.feed(*row) == events.STRIDE]
    _, made, after = calibrated(slanted)
    assert made.step == DONE
    for direction in (events.FORWARD, events.BACKWARD):
        raw, better = [climb(strides, direction) for strides in (before, after)]
        assert abs(raw) > 20 and abs(better) < abs(raw) / 2, (direction, raw, better)


def climb(strides, direction):
    """Return what strides of a direction climb [permille]."""
    named = [fields for fields in strides if fields[2] == direction]
    return 1000 * sum(fields[4] for fields in named) / sum(fields[3] for fields in named)


def test_standing_takes_two_seconds_and_gives_gravity_and_bias():
    rows = [tuple(STANDING.tolist())] * 207
    assert stood("belt", rows).step == calibration.STAND
    made = stood("belt", [*rows, tuple(STANDING.tolist())])
    assert (made.step, list(made.up), list(made.bias)) == (DONE, [0, 0, 16384], [48, -64, 80])


def test_who_moves_begins_again_and_in_the_end_is_told():
    still = [(0, 0, 1000, 0, 0, 0)] * 150
    moved = [(0, 0, 1000, 0, 400, 0)]
    made = stood("belt", (still + moved) * 3 + still)
    assert (made.step, made.moves) == (calibration.STAND, 3)
    assert why(stood("belt", (still + moved) * 60)) == calibration.MOVED


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((0, 0, 850, 0, 0, 0), calibration.SHAKEN),
        ((0, 0, 1000, 0, 0, 310), calibration.SHAKEN),
        ((800, 0, 600, 0, 0, 0), calibration.TILTED),
        ((0, 0, -1000, 0, 0, 0), calibration.TILTED),
        ((0, 0, 0, 0, 0, 0), calibration.SHAKEN),
    ],
)
def test_what_no_standing_wearer_gives_is_refused(row, reason):
    assert why(stood("belt", [row] * 300)) == reason


def test_a_wrist_may_hang_as_it_likes():
    assert stood("wrist", [(-990, 20, 60, 0, 0, 0)] * 120, 52).step == DONE


def test_a_gap_begins_the_standing_again():
    made = stood("belt", [tuple(STANDING.tolist())] * 150)
    made.gap(1)
    assert made.step == calibration.WAIT
    for _ in range(200):
        made.feed(*STANDING.tolist())
    assert made.step == calibration.STAND


def test_standing_on_is_no_walk():
    _, made, _ = calibrated(session([Stand(50)], "shoe", 3).samples)
    assert why(made) == calibration.NO_STRIDES


@pytest.mark.parametrize(
    ("segments", "reasons"),
    [
        ([Walk(3, WalkParams()), Walk(8, WalkParams(direction="backward"))], {calibration.DISAGREE}),
        ([Walk(14, WalkParams(grade_pct=15))], {calibration.SLANTED, calibration.SLOPED}),
        ([Walk(30, WalkParams(direction="left", stride_mm=300, cadence_spm=60))], {calibration.NO_GAIT}),
    ],
    ids=["to and fro", "uphill", "small steps"],
)
def test_no_even_level_walk_is_refused_and_leaves_all_as_it_was(segments, reasons):
    samples = session([Stand(5), *segments], "shoe", 5).samples
    shoe = Shoe(RATE_HZ, settings.check({"mount_y": 16384, "grade_zero": 7}), "sensor")
    _, made, _ = calibrated(samples, shoe=shoe)
    assert why(made) in reasons
    assert (list(shoe.heading.axis), shoe.heading.known) == ([0, 16384, 0], True)
    assert shoe.heading.grade_zero_permille == 7


def test_cancelled_it_leaves_all_as_it_was():
    shoe = Shoe(RATE_HZ, settings.defaults(), "body")
    made = Calibration(RATE_HZ, "shoe", shoe.heading)
    assert not shoe.heading.known
    made.cancel()
    assert why(made) == calibration.CANCELLED and shoe.heading.known
    made.feed(0, 0, 1000, 0, 0, 0)
    made.cancel(calibration.MOVED)
    assert why(made) == calibration.CANCELLED


def test_every_reason_has_its_words():
    assert len(calibration.REASONS) == calibration.CANCELLED + 1 and all(calibration.REASONS[1:])
    assert len(calibration.STEPS) == FAILED + 1


@dear(10)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["shoe", "belt", "wrist"]))
def test_no_intermediate_leaves_a_small_int(seed, placement):
    rng = np.random.default_rng(seed)
    made = Calibration(RATE_HZ, placement)
    made._sum, made._first, made.up = WatchedArray(made._sum), WatchedArray(made._first), WatchedArray(made.up)
    for _ in range(4):
        row = rng.choice([-32768, 32767, 0, 1000, 600], 6)
        for _ in range(int(rng.integers(1, 500))):
            made.feed(*(Watched(value) for value in row))


ON_VM = """
import gc, json, micropython
from array import array
from backstep.core import events, settings
from backstep.core.wearing import calibration
from backstep.core.shoe.shoe import Shoe
COUNT = {count}
rows = array("h", bytearray(12 * COUNT))
with open({file!r}, "rb") as source:
    source.readinto(rows)
shoe = Shoe(208, settings.defaults(), "sensor")
made = calibration.Calibration(208, "shoe", shoe.heading)

def run():
    for n in range(COUNT):
        i = 6 * n
        code = shoe.feed(rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5])
        made.feed(rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5])
        if code == events.STRIDE:
            made.hear(code, shoe.fields)

gc.collect()
micropython.heap_lock()
run()
micropython.heap_unlock()
heading = shoe.heading
print(json.dumps([made.step, list(made.up), list(made.bias), list(heading.axis), heading.grade_zero_permille]))
"""


def test_the_same_on_micropython_without_an_allocation(there_and_back, tmp_path):
    samples, _ = turned(there_and_back[: 14 * RATE_HZ], np.array([0.1, 0.7, -0.4, 0.5]))
    shoe, made, _ = calibrated(samples)
    (tmp_path / "rows.bin").write_bytes(np.ascontiguousarray(samples, "<i2").tobytes())
    found = run_on_vm(ON_VM.format(count=len(samples), file=str(tmp_path / "rows.bin")), heapsize="1M")
    heading = shoe.heading
    here = [made.step, list(made.up), list(made.bias), list(heading.axis), heading.grade_zero_permille]
    assert here[0] == DONE and json.loads(found.splitlines()[-1]) == here


@pytest.mark.slow
@dear(3)
@given(quaternion=QUATERNIONS)
def test_a_real_foot_at_any_mounting(real_walk, quaternion):
    samples, matrix = turned(real_walk, np.array(quaternion))
    shoe, made, after = calibrated(samples)
    assert made.step == DONE
    assert degrees(shoe.heading.axis, matrix @ [1, 0, 0]) < 15
    assert sum(fields[2] == events.BACKWARD for fields in after) >= 10  # of 12


@pytest.fixture(scope="module")
def real_walk():
    folder = DATA / "esangeni_foot"
    if not folder.is_dir():
        pytest.skip("the real recordings are not here (../shared/data)")
    index = json.loads((folder / "index.json").read_text())["recordings"]
    (entry,) = [entry for entry in index if entry["key"].endswith("exp500")]
    with np.load(folder / entry["archive"]) as archive:
        samples = np.ascontiguousarray(archive[entry["key"]], np.int16)
    return as_sensed(Recording(samples, entry["rate_hz"], "shoe", entry["frame"]), RATE_HZ).samples
