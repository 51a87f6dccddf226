"""A stride that the shoe has sensed arms the belt's warning as a step of its own does."""

import pytest
from backstep.core import detectors, settings
from backstep.core.belt import arming

LEVEL = 0, 0, 1000, 0, 0, 0


def sway_in(detector):
    while hasattr(detector, "_detector"):
        detector = detector._detector
    return detector.sway


@pytest.mark.parametrize("changed", [{}, {"fall_alarm": 0}, {"upright_x": 2845, "upright_z": 16135}])
def test_it_arms_for_as_long_as_a_step(changed):
    full = settings.check({"placement": "belt", "gait_recent_s": 2} | changed)
    detector = detectors.make("belt", full, "body")
    for _ in range(300):
        detector.feed(*LEVEL)
    sway = sway_in(detector)
    states = []
    for heard in (False, True, False):
        if heard:
            detector.gait()
        states.append(arming.STATES[sway.arming.state(sway.motion)][0])
        for _ in range(300 if not heard else 100):
            detector.feed(*LEVEL)
    states.append(arming.STATES[sway.arming.state(sway.motion)][0])
    assert states == ["upright", "walking", "walking", "upright"]


@pytest.mark.parametrize("placement", ["shoe", "wrist"])
def test_elsewhere_there_is_nothing_to_arm(placement):
    detector = detectors.make(placement, settings.check({"placement": placement}), "body")
    assert detector.gait() is None
