import pytest
from backstep.core import settings


def test_defaults_pass_their_own_check():
    assert settings.check({}) == settings.defaults()


@pytest.mark.parametrize("row", settings.TABLE, ids=lambda row: row[0])
def test_every_default_lies_inside_its_range(row):
    name, default, low, high, unit = row
    if unit == "text":
        assert 1 <= len(default) <= low
    elif isinstance(low, tuple):
        assert default in low
    else:
        assert low <= default <= high or (default == 0 and unit.endswith(" or 0"))


def test_all_faults_come_in_one_error():
    wanted = {"sway_refractory_s": 95, "placement": "hat", "colour": 1, "snooze_min": "long", "watchdog_s": True}
    with pytest.raises(ValueError) as caught:
        settings.check(wanted)
    assert str(caught.value).split("\n") == [
        "colour: no such setting",
        "placement: 'hat' is none of shoe, belt, wrist",
        "sway_refractory_s: 95 is outside 1..30 s",
        "snooze_min: 'long' is no whole number (want 0..60 min)",
        "watchdog_s: True is no whole number (want 2..60 s)",
    ]


@pytest.mark.parametrize("name,low,high", [(r[0], r[2], r[3]) for r in settings.TABLE if r[3] is not None])
def test_limits_are_inclusive(name, low, high):
    assert settings.check({name: low})[name] == low
    assert settings.check({name: high})[name] == high
    for value in (low - 1, high + 1):
        with pytest.raises(ValueError, match=name):
            settings.check({name: value})


def test_something_else_than_a_table_is_refused():
    with pytest.raises(ValueError, match="no table"):
        settings.check([1])


def test_a_band_of_posture_has_a_lower_and_an_upper_end():
    with pytest.raises(ValueError, match="posture_low_deg, posture_high_deg"):
        settings.check({"posture_low_deg": 10, "posture_high_deg": 10})


@pytest.mark.parametrize("name", ["slide_mm_s", "catch_pct", "toe_lift_deg", "recovery_pct", "posture_s"])
def test_a_cue_is_off_at_nought_and_else_within_its_range(name):
    assert settings.check({name: 0})[name] == 0
    with pytest.raises(ValueError, match=f"{name}: 1 is outside .* or 0"):
        settings.check({name: 1})


@pytest.mark.parametrize("name", ["", "x" * 25, "caf\xe9", "a\nb", "\x7f", 7, None, ["left"]])
def test_a_pod_name_that_no_console_could_show_is_refused(name):
    assert settings.check({"pod_name": "left shoe #2"})["pod_name"] == "left shoe #2"
    with pytest.raises(ValueError, match=r"pod_name: .* is no text of 1\.\.24"):
        settings.check({"pod_name": name})


@pytest.mark.parametrize("version", [0, settings.VERSION + 1, None, "1", True])
def test_a_schema_that_is_not_known_is_refused(version):
    with pytest.raises(ValueError, match=r"schema .* is unknown, want 1\.\."):
        settings.migrated(version, {})


@pytest.mark.parametrize("version", range(1, 6))
def test_limits_of_earlier_schemas_are_dropped_and_all_else_stays(version):
    kept = {"sway_lean_deg": 12, "sway_rate_dps": 70, "sway_sensitivity": 2, "placement": "belt"}
    assert settings.migrated(version, kept) == {"sway_sensitivity": 2, "placement": "belt"}


def test_limits_of_earlier_schemas_are_no_settings_any_more():
    now = settings.migrated(settings.VERSION, {"sway_lean_deg": 12, "sway_rate_dps": 70})
    with pytest.raises(ValueError, match="sway_lean_deg: no such setting any more, use .*\nsway_rate_dps: no "):
        settings.check(now)


@pytest.mark.parametrize("table", [None, [1], "sway_lean_deg"])
def test_what_is_no_table_is_no_more_one_for_being_of_an_earlier_schema(table):
    with pytest.raises(ValueError, match="no table"):
        settings.check(settings.migrated(1, table))
