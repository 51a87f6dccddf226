"""How the pod is worn, against its calibration by gravity."""


import numpy as np
import pytest
from backstep.core import detectors, events, settings
from backstep.core.belt.lean import BACK_DDEG
from backstep.core.detector import Detector
from backstep.core.wearing import wearing
from backstep.core.wearing.upright import Upright
from backstep.core.wearing.wearing import Wearing, cosine_q14
from hypothesis import given
from hypothesis import strategies as st
from int_bounds import Watched
from vm_events import Wearing as Worn
from vm_events import on_cpython, on_vm

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session, uphill_backward

UP = [0, 0, 16384]


class Of:
    """A heading or lean that says where up is."""

    def __init__(self, degrees=0):
        self.turn(degrees)

    def turn(self, degrees):
        angle = np.radians(degrees)
        self.up = [round(16384 * np.sin(angle)), 0, round(16384 * np.cos(angle))]
        self.up_q14 = self.up[2]


@pytest.mark.parametrize(("placement", "code", "count", "limit"), [
    ("shoe", events.STRIDE, 16, wearing.SHOE_DEG), ("belt", events.STEP, 32, wearing.BELT_DEG),
])  # fmt: skip
def test_a_pod_that_points_elsewhere_for_so_many_strides_or_steps(placement, code, count, limit):
    source = Of()
    worn = Wearing(UP, source, None) if placement == "shoe" else Wearing([0, 0, 0], None, source)
    found = []
    for degrees in (limit - 1, limit + 1, 180, 0):
        source.turn(degrees)
        for n in range(count):
            assert worn.found == (found[-1] if found else wearing.UNKNOWN), n
            worn.hear(events.SWAY, None)
            worn.hear(code, None)
        found.append(worn.found)
    assert found == [wearing.WELL, wearing.TURNED, wearing.TURNED, wearing.WELL]


@given(st.lists(st.integers(-65000, 65000), min_size=6, max_size=6))
def test_the_cosine_of_two_vectors(values):
    one, other = values[:3], values[3:]
    if min(np.linalg.norm(one), np.linalg.norm(other)) >= 1024:
        true = np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other)
        assert abs(cosine_q14([Watched(v) for v in one], other) / 16384 - true) < 0.004


@pytest.mark.slow
@pytest.mark.parametrize("grade_pct", [-20, 0, 20])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_hill_is_no_turned_pod_and_a_turned_pod_is(grade_pct, direction):
    made = session([Stand(3), Walk(50, WalkParams(direction=direction, grade_pct=grade_pct))], "shoe", 3).samples
    assert shoe_found(made, UP) == wearing.WELL
    assert shoe_found(made, [0, 12551, 10531]) == wearing.TURNED  # turned by 50 deg since


def shoe_found(samples, upright):
    shoe = detectors.make("shoe", settings.defaults(), "body")
    worn = Wearing(upright, shoe.heading, None)
    for row in samples.tolist():
        code = shoe.feed(*row)
        if code:
            worn.hear(code, shoe.fields)
    return worn.found


# ---- a tilted belt pod


class Echo(Detector):
    """A detector that keeps what it is fed and told."""

    n, lean, fields = 9, "its lean", "its own"

    def __init__(self):
        self.rows = []
        self.told = []

    def feed(self, *row):
        self.rows.append(row)
        return 7

    def gap(self, missing):
        self.told.append(missing)

    def steady(self):
        return False

    def snooze(self, seconds):
        self.told.append(seconds)
        return True

    def cancel_fall(self):
        return True

    def heed(self, hit):
        hit()


TILTS = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.3, 1)).filter(lambda v: np.linalg.norm(v) > 0.4)


def unit_q14(vector):
    return [round(16384 * part) for part in np.array(vector) / np.linalg.norm(vector)]


@given(TILTS, st.lists(st.integers(-32768, 32767), min_size=6, max_size=6))
def test_samples_are_turned_upright_by_a_rotation(tilt, row):
    echo = Echo()
    upright = Upright(echo, *(Watched(part) for part in unit_q14(tilt)))
    assert upright.feed(*(Watched(value) for value in row)) == 7
    (turned,) = echo.rows
    if max(map(abs, row)) < 18000:  # else it may be held at what a sensor can say
        for part in (slice(0, 3), slice(3, 6)):
            assert (
                abs(np.linalg.norm(turned[part]) - np.linalg.norm(row[part]))
                < 0.002 * np.linalg.norm(row[part]) + 3
            )
    assert all(-32767 <= value <= 32767 for value in turned)


@given(TILTS)
def test_gravity_of_the_calibration_comes_out_along_z(tilt):
    echo = Echo()
    up = unit_q14(tilt)
    Upright(echo, *up).feed(*[part * 1000 // 16384 for part in up], 0, 0, 0)
    assert echo.rows[0][:3] == pytest.approx((0, 0, 1000), abs=4)


def test_it_passes_on_all_else_of_the_contract():
    echo = Echo()
    upright = Upright(echo, *UP)
    assert (upright.fields, upright.n, upright.lean) == ("its own", 9, "its lean")
    echo.fields, echo.n = "a fall's", 10
    assert (upright.fields, upright.n, upright.heading) == ("a fall's", 10, None)
    upright.heed(lambda: echo.told.append("hit"))
    assert echo.told.pop() == "hit"
    upright.gap(5)
    assert (upright.steady(), upright.snooze(60), upright.cancel_fall(), echo.told) == (False, True, True, [5, 60])


def test_what_no_detector_has_to_have_does_nothing():
    plain = Detector()
    assert (plain.heading, plain.lean, plain.steady()) == (None, None, True)
    assert not (plain.heed(print) or plain.snooze(60) or plain.cancel_fall())


def kept(up):
    return {f"upright_{axis}": part for axis, part in zip("xyz", up, strict=True)}


def test_only_a_calibrated_belt_is_turned():
    for placement, frame, up in (("belt", "body", [0] * 3), ("shoe", "sensor", UP), ("belt", "sensor", UP)):
        assert not isinstance(detectors.make(placement, settings.check(kept(up)), frame), Upright)
    assert isinstance(detectors.make("belt", settings.check(kept(UP)), "body"), Upright)


def tilted(samples, degrees):
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    both = np.hstack([samples[:, :3] @ turn.T, samples[:, 3:] @ turn.T])
    return np.clip(np.rint(both), -32768, 32767).astype(np.int16), unit_q14(turn @ [0, 0, 1])


def test_lean_is_measured_from_standing_upright():
    samples, up = tilted(session([Stand(6)], "belt", 3).samples, 25)
    leans = []
    for changed in ({}, kept(up)):
        belt = detectors.make("belt", settings.check(changed), "body")
        for row in samples.tolist():
            belt.feed(*row)
        leans.append(belt.lean.state[BACK_DDEG])
    assert abs(leans[0]) > 200 and abs(leans[1]) < 60


def test_a_calibrated_belt_on_micropython_without_an_allocation(tmp_path):
    fall = LoseBalance(SwayParams(push_ratio=2))
    samples, up = tilted(
        session([Stand(2), Walk(24, uphill_backward(100, 12)), fall, Stand(1)], "belt", 4).samples, 20
    )
    wearing_ = Worn("belt", 104, changed=kept(up), whole=True)
    here = on_cpython(samples, wearing_)
    assert [event[1] for event in here].count(events.SWAY) == 1
    assert on_vm(samples, wearing_, tmp_path) == here


# ---- where it is worn
