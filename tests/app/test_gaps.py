"""Lost samples: short gaps are bridged by lines, on the pod as on the laptop; longer ones begin anew."""

from array import array

import numpy as np
import pytest
from backstep.app.detecting import Detecting
from backstep.app.faults import no_faults
from backstep.app.signals import EventQueue
from backstep.core import detectors, event_names, events, settings
from backstep.core.detector import Detector

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session, uphill_backward
from host_tools.recordings import Sensed
from host_tools.replay import pod_events, replay

pytestmark = pytest.mark.usefixtures("world")
RATE = 100


class Scripted(Detector):
    """Finds what it is told to, and keeps what it is fed and told."""

    spans = 5

    def __init__(self, found=()):
        self.n = 0
        self.fields = array("i", bytearray(4 * events.FIELD_COUNT))
        self.found = dict(found)
        self.fed, self.told = [], []

    def feed(self, ax, ay, az, gx, gy, gz):
        self.fed.append((ax, gz))
        self.n += 1
        return self.found.get(self.n - 1, 0)

    def gap(self, missing):
        self.told.append(("gap", self.n, missing))
        self.n += missing

    def bridged(self):
        self.told.append(("bridged", self.n))


class Pod:
    """Detecting with its queue; warned: samples fed when the motor was started."""

    def __init__(self, detector, rate_hz=RATE):
        self.queue, self.warned = EventQueue(1000), []
        self.detecting = Detecting(
            detector, self.queue, lambda: self.warned.append(detector.n), lambda: None, no_faults(), rate_hz
        )

    def extend(self, rows):
        self.detecting.extend(array("h", np.asarray(rows).ravel().tolist()), len(rows))

    def events(self):
        found = []
        while code := self.queue.take():
            found.append(event_names.decode(code, self.queue.sample, self.queue.fields))
        return found


def rows(*firsts):
    return [(first, 0, 1000, 0, 0, -first) for first in firsts]


def test_a_short_gap_is_bridged_once_the_next_sample_is_there():
    detector = Scripted()
    pod = Pod(detector)
    pod.extend(rows(0, 100))
    pod.detecting.gap(3)
    assert detector.n == 2 and detector.told == []
    pod.detecting.extend(array("h", bytearray(12)), 0)  # a drain that made no sample
    pod.extend(rows(180, 200))
    assert detector.fed == [(v, -v) for v in (0, 100, 120, 140, 160, 180, 200)]
    assert detector.told == [("bridged", 5)]
    assert pod.events() == [{"event": "gap", "sample": 5, "missing": 3}]


@pytest.mark.parametrize(("lost", "told"), [([6], [("gap", 1, 6)]), ([3, 3], [("gap", 1, 6)]), ([4, 1], [])])
def test_gaps_in_a_row_are_one_and_too_long_a_one_begins_anew(lost, told):
    detector = Scripted()
    pod = Pod(detector)
    pod.extend(rows(1))
    for missing in lost:
        pod.detecting.gap(missing)
    pod.extend(rows(7))
    assert detector.n == 2 + sum(lost)
    assert [word for word in detector.told if word[0] == "gap"] == told
    assert len(detector.fed) == (2 if told else 7)


def test_nothing_is_drawn_from_before_a_beginning():
    detector = Scripted()
    pod = Pod(detector)
    pod.detecting.gap(2)
    pod.detecting.gap(40)
    pod.detecting.gap(2)
    pod.extend(rows(5))
    assert detector.fed == [(5, -5)] and detector.n == 45
    assert [word[0] for word in detector.told] == ["gap"] * 3


def test_what_is_found_on_the_line_is_told_with_the_sample_after_and_its_latency_counts_the_gap():
    detector = Scripted({3: events.STEP, 4: events.SWAY})
    pod = Pod(detector)
    pod.extend(rows(0, 100))
    pod.detecting.gap(5)
    pod.detecting.behind = 2
    pod.extend(rows(160, 170))
    told = [(event["event"], event["sample"]) for event in pod.events()]
    assert told == [("gap", 7), ("step", 7), ("sway", 7)]
    assert pod.detecting.cue_worst_ms >= 60  # three lost ones after it, one beside it, two behind
    assert len(pod.warned) == 1


SCENES = {
    "belt": [Stand(2), Walk(24, uphill_backward(100, 12)), LoseBalance(SwayParams(push_ratio=2)), Stand(1)],
    "wrist": [Stand(2), Walk(30, WalkParams()), Stand(2)],
    "shoe": [Stand(2), Walk(12, uphill_backward(100, 12)), Stand(1)],
}


def lost_rows(count, share, seed, longest=1, void=0):
    """Return which rows are left, and the gaps as a Recording states them; void: lost in the middle."""
    rng = np.random.default_rng(seed)
    kept = np.ones(count, bool)
    for row in np.flatnonzero(rng.random(count) < share):
        kept[row : row + rng.integers(1, longest + 1)] = False
    kept[count // 2 : count // 2 + void] = False
    kept[[0, -1]] = True
    edges = np.flatnonzero(np.diff(np.pad(~kept, 1).astype(int)))
    before = np.cumsum(kept)
    return kept, tuple((int(before[a]), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True))


@pytest.mark.parametrize("placement", SCENES)
def test_pod_and_laptop_find_the_same_over_gaps_however_samples_come(placement):
    made = session(SCENES[placement], placement, 4)
    kept, gaps = lost_rows(len(made.samples), 0.01, 1, longest=5, void=50)
    samples = made.samples[kept]
    sensed = Sensed(samples, made.rate_hz, placement, "body", gaps)
    full = settings.check({"sway_arming": "always"})
    detector = detectors.make(placement, full, "body")
    assert {missing > detector.spans for _, missing in gaps} == {True, False}
    pod = Pod(detector, round(made.rate_hz))
    rng = np.random.default_rng(2)
    at, begin = dict(gaps), 0
    while begin < len(samples):
        if begin in at:
            pod.detecting.gap(at[begin])
        end = min([begin + int(rng.integers(1, 6)), len(samples), *(row for row in at if row > begin)])
        pod.extend(samples[begin:end])
        begin = end
    found = pod.events()
    assert found == list(pod_events(sensed, full))
    assert len([event for event in found if event["event"] != "gap"]) >= 5


@pytest.mark.parametrize(
    ("placement", "share"), [(name, share) for name in ("belt", "wrist") for share in (0.02, 0.05)]
)
def test_rows_lost_singly_cost_a_walk_no_step_and_invent_none(placement, share):
    made = session([Stand(3), Walk(40, WalkParams()), Stand(3)], placement, 2)
    kept, gaps = lost_rows(len(made.samples), share, 3)
    whole, left = (
        [event for event in replay(samples, made.rate_hz, placement, gaps=lost) if event["event"] == "step"]
        for samples, lost in ((made.samples, ()), (made.samples[kept], gaps))
    )
    assert len(whole) >= 35
    assert abs(len(left) - len(whole)) <= 2


@pytest.mark.parametrize("seed", range(3))
def test_a_sway_is_warned_of_as_early_and_nothing_else_is(seed):
    made = session(SCENES["belt"], "belt", seed)
    kept, gaps = lost_rows(len(made.samples), 0.02, seed)
    row_of = np.flatnonzero(kept)
    whole, left = (
        [event["sample"] for event in replay(samples, made.rate_hz, "belt", gaps=lost) if event["event"] == "sway"]
        for samples, lost in ((made.samples, ()), (made.samples[kept], gaps))
    )
    assert len(whole) == 1
    assert [int(row_of[row]) for row in left] == pytest.approx(whole, abs=3)


def test_gaps_in_standing_say_nothing():
    made = session([Stand(40)], "belt", 1)
    kept, gaps = lost_rows(len(made.samples), 0.1, 1, longest=10)
    found = replay(made.samples[kept], made.rate_hz, "belt", {"sway_arming": "always"}, gaps=gaps)
    assert {event["event"] for event in found} == {"gap"}
