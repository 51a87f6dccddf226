"""A pod that is worn elsewhere: what was found of its place before holds no longer, or nobody would be warned."""

from backstep.core import settings as rules

from host_tools.talk.config import _said

WORN = {
    "frame": "sensor", "mount_x": 16384, "upright_x": 8192, "upright_z": 14189, "bias_y": 33, "grade_zero": -9,
    "calibrated_day": 20000, "sway_refractory_s": 12,
}  # fmt: skip
OF_THE_SHOE = ["calibrated_day", "frame", "grade_zero", "mount_x", "upright_x", "upright_z"]


def test_another_placement_drops_what_was_calibrated_for_the_one_before(asked):
    asked.ask("set", values=WORN)
    answer = asked.ask("set", values={"placement": "belt"})
    assert answer["changed"] == sorted([*OF_THE_SHOE, "placement"])
    there = asked.ask("get")["settings"]
    assert there == rules.check({"placement": "belt", "bias_y": 33, "sway_refractory_s": 12})
    assert "calibrated for another place" in _said(answer) and "backstep calibrate" in _said(answer)


def test_what_is_said_with_the_placement_holds(asked):
    asked.ask("set", values=WORN)
    whole = rules.check(WORN | {"placement": "wrist"})
    assert asked.ask("set", values=whole)["changed"] == ["placement"]
    assert asked.ask("get")["settings"] == whole


def test_the_same_placement_again_changes_nothing(asked):
    asked.ask("set", values=WORN)
    answer = asked.ask("set", values={"placement": "shoe", "snooze_min": 9})
    assert answer["changed"] == ["snooze_min"] and "another place" not in _said(answer)
