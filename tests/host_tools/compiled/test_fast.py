"""The same vectors by plain Python and by machine code: the same events, numbers and errors."""

import importlib.util
import sys

import numpy as np
import pytest
from backstep.core import detectors
from backstep.core import settings as pod_settings
from backstep.core.wearing.fall import Fall

from host_tools import gait
from host_tools.__main__ import main
from host_tools.compiled import build, fast
from host_tools.compiled.program import Program
from host_tools.compiled.shape import Shape
from host_tools.compiled.statements import written
from host_tools.recording_files import save
from host_tools.recordings import Recording, as_sensed
from host_tools.replay import replay_recording

NOISE = np.random.default_rng(1).integers(-32768, 32768, (2000, 6)).astype(np.int16)
CUES = {"slide_mm_s": 0, "catch_pct": 0, "toe_lift_deg": 0, "recovery_pct": 0}
MAKES = [
    ("shoe", {}, "body"),
    ("shoe", {}, "sensor"),
    ("shoe", CUES, "body"),
    ("belt", {}, "body"),
    ("belt", {}, "sensor"),
    ("belt", {"posture_s": 5}, "body"),
    ("belt", {"upright_x": 1638, "upright_z": 16302}, "body"),
    ("wrist", {}, "body"),
    ("wrist", {"fall_alarm": 0}, "sensor"),
]

needs_compiler = pytest.mark.skipif(build.compiler() is None, reason="no C compiler: everything is plain Python")


def made(placement, settings=(), frame="body"):
    return detectors.make(placement, pod_settings.check(dict(settings)), frame)


def all_of(detector, found):
    return [(row, code, detector.n, list(detector.fields)) for row, code in found]


@pytest.fixture
def at_once(monkeypatch):
    """Nothing is left to Python for being too short."""
    monkeypatch.setattr(fast, "_ROWS_TO_TRANSLATE", 0)
    monkeypatch.setattr(fast, "_ROWS_TO_BUILD", 0)


@pytest.mark.parametrize(("placement", "settings", "frame"), MAKES)
def test_every_make_of_a_detector_can_be_translated(placement, settings, frame):
    text = Program(Shape(made(placement, settings, frame)), written).text()
    assert "int64_t run(" in text


@needs_compiler
@pytest.mark.parametrize("placement", ["shoe", "belt", "wrist"])
def test_walk_and_noise_are_the_same_by_both(placement, at_once):
    walk = as_sensed(gait.uphill_backward_session(1, placement).recording(), detectors.rate_hz(placement))
    rows = np.concatenate([walk.samples[: 40 * int(walk.rate_hz)], NOISE, NOISE >> 4, NOISE >> 10])
    one, other = made(placement), made(placement)
    assert fast.machine(other, len(rows)) is not None
    plain = all_of(one, fast.Feeder(one, pure=True).codes(rows))
    assert all_of(other, fast.Feeder(other).codes(rows)) == plain
    assert len(plain) > 5
    assert [list(room) for room in Shape(other).rooms] == [list(room) for room in Shape(one).rooms]


@needs_compiler
def test_a_gap_between_is_the_detectors_own_python(at_once):
    walk = gait.uphill_backward_session(1).recording()
    broken = Recording(walk.samples, walk.rate_hz, gaps=((3000, 200), (3001, 7)))
    found = replay_recording(broken)
    assert found == replay_recording(broken, pure=True)
    assert sum(event["event"] == "gap" for event in found) == 2


@needs_compiler
def test_a_fall_alarm_alone_is_fed_as_a_detector_is(at_once):
    upright, struck, lying = (0, 0, 1000, 0, 0, 0), (0, 0, 3000, 0, 0, 0), (1000, 0, 0, 0, 0, 0)
    rows = np.array([upright] * 300 + [struck] * 3 + [lying] * 600, np.int16)
    one, other = (Fall(104, "belt", "body", 2) for _ in range(2))
    assert fast.machine(other, len(rows)) is not None
    plain = [(row, code, *one.fields) for row, code in fast.Feeder(one, pure=True).codes(rows)]
    assert [(row, code, *other.fields) for row, code in fast.Feeder(other).codes(rows)] == plain
    assert len(plain) == 2


def test_what_somebody_else_put_into_a_detector_is_called_as_python(at_once):
    hits = []
    belt = made("belt")
    belt.heed(lambda: hits.append(belt.n))
    rows = np.array([(0, 0, 1000, 0, 0, 0)] * 300 + [(0, 0, 3000, 0, 0, 0)], np.int16)
    assert list(fast.Feeder(belt).codes(rows)) == []
    assert hits == [301]
    assert fast.machine(belt, len(rows)) is None


def test_without_a_compiler_that_works_or_a_folder_it_is_python(at_once, monkeypatch, tmp_path):
    walk = Recording(NOISE, 52, "wrist")
    expected = replay_recording(walk, pure=True)
    failing = tmp_path / "cc"
    failing.write_text("#!/bin/sh\nexit 1\n")
    failing.chmod(0o755)
    no_folder = tmp_path / "file"
    no_folder.touch()
    for compiler, cache in ((None, tmp_path), (str(failing), tmp_path), (build.compiler(), no_folder)):
        monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
        monkeypatch.setattr(fast, "_makes", {})
        monkeypatch.setattr(build, "compiler", lambda compiler=compiler: compiler)
        build.library.cache_clear()
        assert replay_recording(walk) == expected
        assert fast.machine(made("wrist"), 0) is None
    build.library.cache_clear()


def test_a_short_recording_costs_no_compiler(monkeypatch):
    monkeypatch.setattr(fast, "_makes", {})
    monkeypatch.setattr(build, "library", None)
    assert list(fast.Feeder(made("wrist")).codes(NOISE[:100])) == []


def test_pure_asks_for_no_machine_code(at_once, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(fast, "machine", None)  # which would be called
    save(tmp_path / "still.bsr", Recording(np.tile(np.array([0, 0, 1000, 0, 0, 0], np.int16), (300, 1)), 208))
    assert main(["replay", str(tmp_path / "still.bsr"), "--pure"]) == 0
    assert "no events" in capsys.readouterr().out


TOY = """
from array import array

TABLE = ((1, "one", 5), (2, "two", -7), (3, "three", 11))


def twice(x, more=1):
    return 2 * x + more


class Part:
    def __init__(self):
        self.calls = 0

    def called(self, x):
        self.calls += 1
        return x

    @property
    def odd(self):
        return self.calls & 1


class Toy:
    def __init__(self):
        self.fields = array("q", [0] * 24)
        self.small = array("b", [0] * 4)
        self.part = Part()
        self.none = None
        self.n = 0

    def feed(self, a, b, c, d, e, f):
        self.n += 1
        part = self.part
        out = self.fields
        out[0] = a // (b or 1)
        out[1] = a % (b or -3)
        out[2] = a >> (c & 7)
        out[3] = a << (c & 7)
        out[4] = -7 < a <= part.called(b) < c
        out[5] = a and part.called(b) or c
        out[6] = part.calls + part.called(1) * part.calls
        out[7] = min(a, b, c) - max(d, -e) + abs(f)
        out[8] = TABLE[a % 3][0] * TABLE[b % 3][2]
        out[-15] = twice(a) if a > b else twice(b, 3)
        d, e = e, d
        out[10] = d - 2 * e
        k = total = 0
        while True:
            k += 1
            if k & 1:
                continue
            if k > 12 or self.none:
                break
            total += k
        for i in range(2, 5):
            total = total * 3 + i
        for i in (a, b):
            total ^= i
        out[11] = total + i
        out[12] = not part.odd and ~a
        out[13] |= a & b | c ^ d
        self.small[a & 3] = b & 63
        out[14] = self.small[a & 3] + len(self.small)
        if not self.none and part.odd:
            out[15] -= int(a > 0) + bool(b)
        elif self.none is not None:
            return 9
        return 1 + self.odd_one(a)

    def odd_one(self, a):
        if a & 1:
            return True
        return False


class Wrong:
    def __init__(self, which):
        self.which = which
        self.room = array("b", [0] * 4)
        self.fields = array("i", [0])
        self.n = 0

    def feed(self, a, b, c, d, e, f):
        self.n += 1
        if self.n < 3:
            return 0
        if self.which == 0:
            return self.room[a]
        if self.which == 1:
            self.room[0] = a
        if self.which == 2:
            return a // (b - b)
        if self.which == 3:
            return a << -b
        if self.which == 4:
            raise RuntimeError("of its own")
        return 0
"""


@pytest.fixture(scope="module")
def toys(tmp_path_factory):
    """A module that is like one of core, with what core has and what it does not have yet."""
    file = tmp_path_factory.mktemp("toys") / "toys.py"
    file.write_text(TOY)
    spec = importlib.util.spec_from_file_location("backstep.core.toys", file)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@needs_compiler
def test_what_python_does_and_c_would_not(toys, at_once):
    rows = np.concatenate([NOISE[:500], NOISE[:500] >> 13])
    one, other = toys.Toy(), toys.Toy()
    assert fast.machine(other, len(rows)) is not None
    plain = all_of(one, fast.Feeder(one, pure=True).codes(rows))
    assert all_of(other, fast.Feeder(other).codes(rows)) == plain
    assert len(plain) == len(rows) and {code for _, code, *_ in plain} == {1, 2}
    assert (other.part.calls, list(other.small)) == (one.part.calls, list(one.small))


@needs_compiler
@pytest.mark.parametrize("which", range(5))
def test_an_error_is_the_same_error(toys, at_once, which):
    rows = np.full((5, 6), 300, np.int16)
    raised = []
    for pure in (True, False):
        wrong = toys.Wrong(which)
        assert pure or fast.machine(wrong, 5) is not None
        with pytest.raises((ArithmeticError, LookupError, ValueError, RuntimeError)) as error:
            list(fast.Feeder(wrong, pure).codes(rows))
        raised.append(type(error.value))
    assert raised[0] is raised[1]
