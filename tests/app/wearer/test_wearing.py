"""A pod that is worn wrong on the virtual pod: told once, felt, in the status; and what is hung on Detecting."""

import pytest
from app.walking import walked
from backstep.app.wearer import wearing_words
from backstep.core import events
from backstep.core.wearing import placement_check, wearing

from host_tools.gait import Stand, Walk, WalkParams

BRISK = WalkParams(cadence_spm=110)


def axis(name, *values):
    return {f"{name}_{letter}": value for letter, value in zip("xyz", values, strict=True)}


def test_a_shoe_pod_that_was_turned_since_is_told_once(pods):
    settings = axis("mount", 16384, 0, 0) | axis("upright", 0, 12551, 10531) | {"frame": "sensor"}
    pod = pods(walked("shoe", Stand(3), Walk(90, BRISK), Stand(2)), **settings)
    pod.run(50)
    assert len(pod.said("WORN WRONG: more than 30 deg off how it was calibrated")) == 1
    assert len(pod.said("buzz: worn")) == 1
    assert pod.ask(51, "status")["worn"] == "turned"


def test_a_belt_pod_that_hangs_as_it_was_calibrated_is_well(pods):
    pod = pods(walked("belt", Stand(3), Walk(60, BRISK), Stand(2)), **axis("upright", 0, 0, 16384))
    pod.run(34)
    assert pod.ask(35, "status")["worn"] == "well" and not pod.said("WORN WRONG")


def test_a_pod_on_a_shoe_that_is_set_to_belt(pods):
    pod = pods(walked("shoe", Stand(3), Walk(200, BRISK), Stand(2)), placement="belt")
    pod.run(111)
    assert len(pod.said("WORN WRONG: it moves like a pod at the shoe, and is set to belt")) == 1
    status = pod.ask(111, "status")
    assert status["worn"] == "shoe" and status["faults"] == {}


class Seen:
    seen = placement_check.BELT


def test_a_wrist_that_is_held_still_is_not_told_of(asked):
    wearer = asked.running.sensing.wearer
    for placement, told in (("belt", False), ("wrist", False), ("shoe", True)):
        asked.running.pod.placement = placement
        wearer.check = Seen()
        wearer.rest()
        assert (wearer.worn == "belt") is told
        assert any("it moves like a pod at the belt" in line for line in asked.running.writer.buffer) is told
        assert wearer.check is False


def test_a_pod_that_has_not_moved_checks_nothing_yet(asked, monkeypatch):
    wearer, detecting = asked.running.sensing.wearer, asked.running.sensing.detecting
    for calm, begun in ((True, False), (False, False), (True, True), (False, True)):
        monkeypatch.setattr(detecting, "calm", lambda calm=calm: calm)
        wearer.rest()
        assert (wearer.check in detecting.taps) is begun


def test_put_back_it_is_well_again_and_turned_again_it_is_told_again(asked):
    wearer, lines = asked.running.sensing.wearer, asked.running.writer.buffer
    wearer.wearing = wearing.Wearing([0, 0, 0], None, Up())
    said = []
    for wearer.wearing._lean.up_q14 in (16000, 5000, 5000, 16000, 5000):
        for _ in range(32):
            wearer.wearing.hear(events.STEP, None)
            wearer.rest()
        said.append((wearer.worn, len([line for line in lines if "WORN WRONG" in line])))
    assert said == [("well", 0), ("turned", 1), ("turned", 1), ("well", 1), ("turned", 2)]


class Up:
    up_q14 = 0


def test_a_new_calibration_of_a_shoe_ends_the_warning(asked):
    wearer = asked.running.sensing.wearer
    wearer.worn = "turned"
    wearer.heading = object()
    wearing_words.follow(wearer, [0, 0, 16384])
    first = wearer.wearing
    wearing_words.follow(wearer, [16384, 0, 0])
    assert wearer.worn == "unknown" and wearer.wearing is not first
    assert asked.running.sensing.detecting.hears == (wearer.wearing.hear,)


@pytest.mark.parametrize("kind", ["taps", "hears", "rested"])
def test_only_what_is_named_is_taken_off(asked, kind):
    detecting = asked.running.sensing.detecting
    names = {"taps": "tap", "hears": "hear", "rested": "rested"}
    setattr(detecting, kind, (1, 2, 3))
    wearing_words.drop(detecting, **{names[kind]: 2})
    assert getattr(detecting, kind) == (1, 3)
