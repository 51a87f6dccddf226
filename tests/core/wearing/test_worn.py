"""A placement's detector and the fall alarm together: neither holds the other up."""

import numpy as np
import pytest
from backstep.core import detectors, events, settings
from backstep.core.belt.belt import Belt
from backstep.core.detector import Detector
from backstep.core.shoe.shoe import Shoe
from backstep.core.wearing.worn import Worn
from hypothesis import given
from hypothesis import strategies as st

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, session, uphill_backward

OF_A_FALL = (events.FALL, events.FALL_OVER, events.FALL_ALARM)


class Scripted(Detector):
    """Returns codes by sample; with them as its first field."""

    watches = False  # as a fall alarm that has seen a blow: each sample is its own to judge

    def __init__(self, codes):
        self.codes = codes
        self.fields = [0] * 13
        self.n = 0
        self.gaps = []

    def feed(self, *sample):
        code = self.codes[self.n] if self.n < len(self.codes) else 0
        self.n += 1
        self.fields[0] = code
        return code

    def gap(self, missing):
        self.gaps.append(missing)

    def call_off(self):
        return True


def played(detector_codes, fall_codes):
    worn = Worn(Scripted(detector_codes), Scripted(fall_codes))
    found = []
    for n in range(len(detector_codes) + 5):
        code = worn.feed(0, 0, 1000, 0, 0, 0)
        found.append((code, worn.fields[0]) if code else 0)
        assert worn.n == n + 1
    return found


def test_a_fall_waits_for_a_sample_without_another_event_and_keeps_its_fields():
    sway, step, fall = events.SWAY, events.STEP, events.FALL
    assert played([sway, step, 0, 0], [fall, 0, 0, 0])[:4] == [(sway, sway), (step, step), (fall, 0), 0]


@given(st.lists(st.sampled_from([0, 0, events.SWAY, events.STEP]), max_size=30), st.integers(0, 30))
def test_the_placements_own_events_are_never_moved_and_a_fall_is_told_once(codes, at):
    found = played(codes, [0] * at + [events.FALL])
    seen = [event[0] if event else 0 for event in found]
    assert [0 if code == events.FALL else code for code in seen[: len(codes)]] == codes
    assert seen.count(events.FALL) == (at < len(found))


def test_gaps_reach_both_and_a_press_the_countdown():
    detector, fall = Scripted([]), Scripted([])
    worn = Worn(detector, fall)
    worn.gap(7)
    assert detector.gaps == fall.gaps == [7]
    assert worn.cancel_fall()


def test_only_who_can_be_snoozed_can_be_snoozed():
    def worn(placement):
        return detectors.make(placement, settings.defaults(), "body")

    assert [bool(worn(placement).snooze(60)) for placement in ("belt", "shoe", "wrist")] == [True, False, False]


def test_without_the_alarm_there_is_nothing_around_the_detector():
    off = settings.check({"fall_alarm": 0})
    assert type(detectors.make("belt", off, "body")) is Belt
    assert type(detectors.make("shoe", off, "body")) is Shoe


def run(detector, samples):
    found = []
    for row in samples.tolist():
        code = detector.feed(*row)
        if code:
            found.append((code, detector.n - 1, tuple(detector.fields)))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("placement", "rises"), [("belt", False), ("belt", True), ("wrist", False), ("shoe", False)]
)
def test_steps_and_sways_are_the_same_with_and_without_the_alarm(placement, rises):
    fall = LoseBalance(SwayParams(push_ratio=1.8))
    samples = session([Stand(3), Walk(14, uphill_backward(95, 10)), fall, Stand(20)], placement, 3).samples
    if rises:
        samples = np.vstack([samples[:-1600], session([Stand(2)], placement, 3).samples])
    with_alarm = run(detectors.make(placement, settings.defaults(), "body"), samples)
    without = run(detectors.make(placement, settings.check({"fall_alarm": 0}), "body"), samples)
    assert [event for event in with_alarm if event[0] not in OF_A_FALL] == without
    of_a_fall = [event[0] for event in with_alarm if event[0] in OF_A_FALL]
    if placement == "belt":
        assert of_a_fall == [events.FALL, events.FALL_OVER if rises else events.FALL_ALARM]
