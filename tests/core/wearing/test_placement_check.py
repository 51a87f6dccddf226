"""Where the pod is worn, against its placement by how it turns and rests."""

import json

import numpy as np
import pytest
from backstep.core.wearing.placement_check import NAMES, PlacementCheck
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as st
from int_bounds import Watched, WatchedArray
from tried import dear
from vm import run_on_vm

from host_tools.gait import Stand, Walk, WalkParams, session
from host_tools.recordings import Recording, as_sensed


def seen(samples, rate_hz):
    check = PlacementCheck(rate_hz)
    for row in samples.tolist():
        check.feed(*row)
    return NAMES[check.seen]


@pytest.mark.slow
@pytest.mark.parametrize("rate_hz", [208, 104, 52])
@pytest.mark.parametrize("placement", ["shoe", "belt"])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_simulated_gait_tells_where_it_is_worn(placement, direction, rate_hz):
    params = WalkParams(direction=direction, cadence_spm=100, grade_pct=10)
    samples = session([Stand(2), Walk(150, params)], placement, 3, rate_hz=rate_hz).samples
    assert seen(samples, rate_hz) == placement


def test_nobody_knows_before_there_was_enough_gait():
    walk = session([Stand(2), Walk(60, WalkParams())], "shoe", 3).samples
    assert seen(walk, 208) == "unknown"
    assert seen(np.tile(np.array([0, 0, 1000, 0, 0, 0], np.int16), (208 * 120, 1)), 208) == "unknown"


@dear(15)
@given(st.integers(0, 2**32 - 1), st.sampled_from([52, 104, 208]))
def test_no_intermediate_leaves_a_small_int(seed, rate_hz):
    rng = np.random.default_rng(seed)
    check = PlacementCheck(rate_hz)
    check._state = WatchedArray(check._state)
    for _ in range(5):
        row = rng.choice([-32768, 32767, 0, 300], 6)
        for _ in range(int(rng.integers(1, 300))):
            check.feed(*(Watched(int(value)) for value in row))


ON_VM = """
import gc, json, micropython
from array import array
from backstep.core.wearing.placement_check import PlacementCheck
COUNT = {count}
rows = array("h", bytearray(12 * COUNT))
with open({file!r}, "rb") as source:
    source.readinto(rows)
check = PlacementCheck(52)
def run():
    for n in range(COUNT):
        i = 6 * n
        check.feed(rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5])
gc.collect()
micropython.heap_lock()
run()
micropython.heap_unlock()
print(json.dumps([check.seen, check.looks, check.feet, check.arms]))
"""


def test_the_same_on_micropython_without_an_allocation(tmp_path):
    samples = session([Stand(2), Walk(160, WalkParams())], "shoe", 3, rate_hz=52).samples
    check = PlacementCheck(52)
    for row in samples.tolist():
        check.feed(*row)
    (tmp_path / "rows.bin").write_bytes(np.ascontiguousarray(samples, "<i2").tobytes())
    found = run_on_vm(ON_VM.format(count=len(samples), file=str(tmp_path / "rows.bin")), heapsize="1M")
    assert json.loads(found.splitlines()[-1]) == [check.seen, check.looks, check.feet, check.arms]
    assert NAMES[check.seen] == "shoe"


GAIT = {
    "esangeni_foot": lambda entry: True,
    "ipol_gait1": lambda entry: entry["subject"] in (1, 9) and entry["trial"] < 7,
    "sisfall": lambda entry: entry["activity"] == "D02" and entry["subject"] in ("SA02", "SE06"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", GAIT)
def test_real_gait_is_never_taken_for_another_placement(name):
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip("the real recordings are not here (../shared/data)")
    checks = {}
    for entry in json.loads((folder / "index.json").read_text())["recordings"]:
        if GAIT[name](entry):
            with np.load(folder / entry["archive"]) as archive:
                rows = np.ascontiguousarray(archive[entry["key"]], np.int16)
            placement = "shoe" if "foot" in entry["position"] else "belt"
            check = checks.setdefault((placement, entry["subject"], entry["position"]), PlacementCheck(104))
            check.gap(1)
            for row in as_sensed(
                Recording(rows, entry["rate_hz"], placement, entry["frame"]), 104
            ).samples.tolist():
                check.feed(*row)
    wrong = [worn for worn, check in checks.items() if NAMES[check.seen] not in (worn[0], "unknown")]
    assert wrong == []
    assert any(check.seen for check in checks.values())
