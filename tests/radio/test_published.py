"""What the pod tells and takes, against the published tables."""

from datetime import UTC, datetime, timedelta

import pytest
from backstep.core.radio import day_time, heart, intervals
from backstep.core.radio.rsc import Rsc, speed
from hypothesis import given
from hypothesis import strategies as st
from radio import published

BYTES = st.binary(max_size=24)


def test_a_strap_is_heard_whatever_it_tells_besides():
    data = published.heart_rate_bytes(171, rr_1024=(360, 352), energy=900, wide=True, contact=3)
    assert heart.parsed(data) == (171, 343) and published.heart_rate(data)["contact"] == "detected"


@given(
    bpm=st.integers(20, 255), rr=st.lists(st.integers(0, 65535), max_size=8),
    energy=st.none() | st.integers(0, 65535), wide=st.booleans(), contact=st.sampled_from((0, 1, 3)),
)  # fmt: skip
def test_heart_rates(bpm, rr, energy, wide, contact):
    data = published.heart_rate_bytes(bpm, rr, energy, wide, contact)
    told = published.heart_rate(data)
    assert heart.parsed(data) == (told["bpm"], int(1000 * told["rr_s"][-1]) if rr else 0)


@given(BYTES)
def test_no_bytes_of_a_strap_are_an_error(data):
    bpm, rr_ms = heart.parsed(data)
    assert 0 <= bpm <= 255 and 0 <= rr_ms < 64000


def test_a_strap_that_hangs_loose_tells_nothing():
    assert heart.parsed(published.heart_rate_bytes(99, contact=2)) == (0, 0)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2099, 12, 31, 23, 59, 59)))
def test_a_phone_s_time(when):
    day, second, ms = day_time.current(published.current_time_bytes(when))
    seen = datetime(1970, 1, 1) + timedelta(days=day, seconds=second, milliseconds=ms)
    assert timedelta(0) <= when - seen < timedelta(milliseconds=5)


@given(BYTES)
def test_no_bytes_of_a_phone_s_time_are_an_error(data):
    day, second, ms = day_time.current(data)
    assert 0 <= second < 86400 and 0 <= ms < 1000 and (day == 0 or day >= 20000)
    day_time.offset_min(data)


def test_how_far_a_phone_is_from_utc():
    assert day_time.offset_min(published.local_time_bytes(timedelta(hours=1), True)) == 120
    assert day_time.offset_min(published.local_time_bytes(timedelta(hours=-9, minutes=-30), False)) == -570
    assert day_time.offset_min(b"\x80\x00") is None and day_time.offset_min(b"\x04\xff") is None
    assert datetime(2026, 11, 29, tzinfo=UTC)


@given(stride=st.integers(0, 4000), cadence=st.integers(0, 400), in_strides=st.booleans())
def test_a_shoe_s_measurement(stride, cadence, in_strides):
    rsc = Rsc("shoe", in_strides)
    rsc.fill(stride, cadence)
    told = published.rsc_measurement(bytes(rsc.value))
    assert told["cadence_per_min"] == min(255, cadence // 2 if in_strides else cadence)
    assert told["speed_m_s"] == pytest.approx(min(65535 / 256, stride / 1000 * cadence / 120), abs=1 / 500)
    assert told["stride_m"] == pytest.approx(stride / 1000 if cadence else 0, abs=0.0051)
    assert told["distance_m"] == 0 and not told["running"]


@pytest.mark.parametrize(("placement", "where"), [("belt", "hip"), ("wrist", "other")])
def test_who_measures_no_stride_says_so_and_tells_cadence_alone(placement, where):
    rsc = Rsc(placement, False)
    rsc.fill(0, 104)
    told = published.rsc_measurement(bytes(rsc.value))
    assert told == {"speed_m_s": 0, "cadence_per_min": 104, "running": False}
    assert published.rsc_features(rsc.features) == set() and published.sensor_location(rsc.place) == where


def test_a_shoe_s_features_are_those_it_sends():
    rsc = Rsc("shoe", False)
    assert published.rsc_features(rsc.features) == {"stride length", "total distance", "multiple locations"}
    assert published.sensor_location(rsc.place) == "top of shoe"


@given(st.lists(st.integers(0, 99_999), max_size=60), st.integers(0, 2**32 - 1))
def test_the_way_goes_on_from_what_an_app_has_set(ways, start):
    rsc = Rsc("shoe", False)
    assert published.control_response(rsc.answer(b"\x01" + start.to_bytes(4, "little"))) == (1, "success", [])
    for way in ways:
        rsc.walk(way)
    rsc.fill(900, 100)
    shown = round(published.rsc_measurement(bytes(rsc.value))["distance_m"] * 10)
    assert shown == (start + sum(ways) // 100) % 2**32


@pytest.mark.parametrize(
    ("request_", "how"),
    [
        (b"\x01", "invalid parameter"), (b"\x01\0\0\0\0\0", "invalid parameter"),
        (b"\x02", "op code not supported"), (b"\x03\x02", "success"), (b"\x03\x03", "invalid parameter"),
        (b"\x03", "invalid parameter"), (b"\x03\x02\x02", "invalid parameter"), (b"\x04\0", "invalid parameter"),
        (b"\x10\x01\x01", "op code not supported"), (b"\x00", "op code not supported"),
        (b"\xff" * 20, "op code not supported"),
    ],
)  # fmt: skip
def test_what_the_control_point_answers(request_, how):
    rsc = Rsc("shoe", False)
    assert published.control_response(rsc.answer(request_)) == (request_[0], how, [])
    assert published.sensor_location(rsc.place) == ("in shoe" if how == "success" else "top of shoe")


def test_where_it_may_be_worn():
    found = published.control_response(Rsc("shoe", False).answer(b"\x04"))
    assert found == (4, "success", ["top of shoe", "in shoe"])


@given(BYTES)
def test_no_bytes_at_the_control_point_are_an_error(data):
    answer = Rsc("shoe", True).answer(data)
    assert (published.control_response(answer)[0] == data[0]) if data else answer == b""


@given(st.integers(0, 30000), st.integers(0, 1000))
def test_speed_stays_inside_small_ints(stride, cadence):
    assert 0 <= speed(stride, cadence) <= 65535 and stride * cadence * 32 + 7500 < 1 << 30


def test_the_radio_is_on_the_air_less_the_less_happens():
    assert [row[1] for row in intervals.ADVERTISING] == sorted(row[1] for row in intervals.ADVERTISING)
    assert intervals.state(True, 0, 3, False) == intervals.JUST_ON
    assert intervals.state(True, 0, 90, False) == intervals.WALKING
    assert intervals.state(False, 20, 90, False) == intervals.STANDING
    assert intervals.state(False, 900, 990, False) == intervals.IDLE
    assert intervals.state(True, 0, 3, True) == intervals.TAKEN
