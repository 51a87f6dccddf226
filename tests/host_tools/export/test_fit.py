"""FIT: read by Garmin's SDK without an error and by fitdecode, totals those of the session."""

from datetime import UTC, datetime, timedelta

import fitdecode
import pytest
from exported import BEGAN_S, OFFSET_MIN
from garmin_fit_sdk import Decoder, Stream

from host_tools.export import fit
from host_tools.export.activity import activity
from host_tools.sessions import session_log

BEGAN = datetime.fromtimestamp(BEGAN_S, UTC)


def decoded(found, kg=0.0, **more):
    (data,) = fit.files(activity(found, kg, **more), "x").values()
    assert Decoder(Stream.from_byte_array(bytearray(data))).check_integrity()
    messages, errors = Decoder(Stream.from_byte_array(bytearray(data))).read()
    assert errors == []
    return messages, data


@pytest.fixture(scope="module")
def found(walk_log):
    return session_log.load(walk_log)


@pytest.fixture(scope="module")
def messages(found):
    return decoded(found)[0]


def own(messages, message):
    """Return developer fields by their name."""
    names = {one["key"]: one["field_name"] for one in messages["field_description_mesgs"]}
    return {names[key]: value for key, value in message.get("developer_fields", {}).items()}


def test_the_file_says_what_it_is(messages):
    (about,) = messages["file_id_mesgs"]
    assert (about["type"], about["manufacturer"], about["time_created"]) == ("activity", "development", BEGAN)
    (whole,) = messages["activity_mesgs"]
    assert whole["num_sessions"] == 1
    end_s = int(whole["timestamp"].timestamp())
    assert whole["local_timestamp"] == end_s - 631_065_600 + 60 * OFFSET_MIN  # since 1989-12-31


def test_totals_are_those_of_the_session(found, messages):
    (whole,), counts = messages["session_mesgs"], found.counts
    metres = (counts.backward_mm + counts.forward_mm) / 1000
    assert whole["total_distance"] == pytest.approx(metres, abs=0.01)
    assert whole["total_elapsed_time"] == pytest.approx(found.seconds, abs=0.001)
    assert whole["total_strides"] == (counts.backward + counts.forward + counts.other) // 2
    told = own(messages, whole)
    assert (told["backward_steps"], told["forward_steps"]) == (counts.backward, counts.forward)
    assert told["sway_alerts"] == counts.sways == 1
    assert (whole["sport"], whole["num_laps"], whole["start_time"]) == ("walking", 2, BEGAN)


def test_laps_add_up_to_the_session(messages):
    first, second = messages["lap_mesgs"]
    (whole,) = messages["session_mesgs"]
    for name in ("total_distance", "total_elapsed_time", "total_moving_time"):
        assert first[name] + second[name] == pytest.approx(whole[name], abs=0.11)
    assert own(messages, first)["backward_steps"] == own(messages, whole)["backward_steps"]
    assert own(messages, second)["backward_steps"] == 0
    assert own(messages, first)["sway_alerts"] == 1 and own(messages, second)["sway_alerts"] == 0
    assert second["start_time"] == BEGAN + timedelta(seconds=48)


def test_there_is_a_record_of_every_second_and_the_last_one_has_it_all(found, messages):
    records = messages["record_mesgs"]
    assert [one["timestamp"] for one in records] == [
        BEGAN + timedelta(seconds=1 + number) for number in range(len(records))
    ]
    assert len(records) == int(found.seconds)
    (whole,) = messages["session_mesgs"]
    assert records[-1]["distance"] == whole["total_distance"]
    last = own(messages, records[-1])
    assert last["backward_steps"] == found.counts.backward and last["sway_alerts"] == 1


def test_a_record_tells_how_it_was_walked(messages):
    uphill = messages["record_mesgs"][30]
    assert 40 <= uphill["cadence"] + uphill["fractional_cadence"] <= 50  # strides: half of 90 steps
    assert 8 <= uphill["grade"] <= 12 and 0.5 < uphill["enhanced_speed"] < 1
    assert 400 < uphill["step_length"] < 600 and 500 < uphill["stance_time"] < 1100
    assert fit.DIRECTIONS[own(messages, uphill)["direction"]] == "backward"
    assert own(messages, uphill)["impact"] > 1000
    standing = messages["record_mesgs"][0]
    assert (standing["cadence"], standing["enhanced_speed"], own(messages, standing)["direction"]) == (0, 0.0, 0)
    assert "grade" not in standing and "vertical_oscillation" not in uphill


def test_sways_and_marks_are_events_between_start_and_stop(messages):
    told = [(one["event"], one["event_type"], own(messages, one).get("what")) for one in messages["event_mesgs"]]
    assert told == [
        ("timer", "start", None),
        ("user_marker", "marker", "sway"),
        ("user_marker", "marker", "mark"),
        ("timer", "stop_all", None),
    ]
    assert messages["event_mesgs"][1]["timestamp"] == BEGAN + timedelta(seconds=20)


def test_another_reader_finds_the_same(found):
    _, data = decoded(found)
    with fitdecode.FitReader(data, check_crc=fitdecode.CrcCheck.RAISE) as reader:
        frames = [frame for frame in reader if frame.frame_type == fitdecode.FIT_FRAME_DATA]
    (whole,) = [frame for frame in frames if frame.name == "session"]
    assert whole.get_value("total_distance") == pytest.approx(
        (found.counts.backward_mm + found.counts.forward_mm) / 1000, abs=0.01
    )
    last = [frame for frame in frames if frame.name == "record"][-1]
    assert last.get_value("backward_steps") == found.counts.backward


def test_a_belt_has_cadence_and_no_distance(belt_log):
    messages, _ = decoded(session_log.load(belt_log))
    (whole,) = messages["session_mesgs"]
    assert "total_distance" not in whole and own(messages, whole)["backward_steps"] == 60
    assert whole["avg_cadence"] == 52  # strides; 104 steps
    assert all("distance" not in one and "enhanced_speed" not in one for one in messages["record_mesgs"])
    assert "enhanced_altitude" not in messages["record_mesgs"][5]
