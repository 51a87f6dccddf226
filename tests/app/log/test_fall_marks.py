"""The raw seconds of a fall on flash: what was around its impact, beside those of a sway."""

import os

import pytest
from app.fakes import MARK
from app.marked_rows import AFTER, BEFORE, RATE_HZ, held, recorded, walk, worn_on_a_belt
from app.marking import STRUCK_MG
from backstep.core import events


@pytest.fixture
def belt(pod, tmp_path):
    return worn_on_a_belt(pod, tmp_path)


def fallen(rate_hz, hits_ms, told_ms, count_ms=20_000):
    """Return rows with impacts and the fall that is told after the last of them."""
    rows = walk(rate_hz * count_ms // 1000, sways=())
    for ms in hits_ms:
        at = rate_hz * ms // 1000
        rows[at] = (*rows[at][:2], STRUCK_MG, *rows[at][3:])
    told = rate_hz * told_ms // 1000
    rows[told] = (MARK + events.FALL, *rows[told][1:])
    return rows


@pytest.mark.parametrize(
    "placement,rate_hz,before_ms,after_ms",
    [("shoe", 208, 750, 1250), ("belt", 104, 1250, 750), ("wrist", 52, 1250, 750)],
)
def test_a_fall_is_kept_with_what_was_around_it(pod, tmp_path, placement, rate_hz, before_ms, after_ms):
    pod.settings(placement=placement)
    pod.imu.rows = rows = fallen(rate_hz, (5500,), 8000)
    pod.run(20_000)
    path = tmp_path / "raw" / "0001.raws"
    assert pod.said(f"fall: raw seconds kept as {path}")
    hit = rate_hz * 5500 // 1000
    before, after = rate_hz * before_ms // 1000, rate_hz * after_ms // 1000
    ((recording, about),) = held(path)
    assert recorded(recording, rate_hz, placement) == rows[hit - before : hit + after]
    fields = {"impact_mg": 4096, "turned_ddeg": 880}
    assert about == {"event": "fall", "sample": hit, "row": before, "false_alarm": False} | fields


def test_an_impact_after_which_nobody_lies_is_forgotten(belt):
    belt.imu.rows = fallen(RATE_HZ, (4000,), 19_900)
    belt.run(19_000)
    assert os.listdir(belt.raw) == []


def test_an_impact_after_another_has_what_was_around_that_one_before_it(belt):
    belt.imu.rows = rows = fallen(RATE_HZ, (4000, 5000), 9000)
    belt.run(20_000)
    end, hit = 4 * RATE_HZ + AFTER, 5 * RATE_HZ
    ((recording, about),) = held(belt.raw / "0001.raws")
    seen = rows[end - BEFORE + 1 : end] + rows[hit : hit + AFTER]
    assert recorded(recording, gap=(BEFORE - 1, hit - end)) == seen
    assert about["row"] == BEFORE - 1


def test_a_sway_and_the_fall_after_it_are_both_kept(belt):
    belt.imu.rows = rows = fallen(RATE_HZ, (5000,), 8000, count_ms=40_000)
    sway = 46 * RATE_HZ // 10
    rows[sway] = (MARK + events.SWAY, *rows[sway][1:])
    belt.run(40_000)
    found = held(belt.raw / "0001.raws")
    assert [(one["event"], one["sample"]) for _, one in found] == [("fall", 5 * RATE_HZ), ("sway", sway)]
    for recording, one in found:
        first = one["sample"] - BEFORE
        assert recorded(recording) == rows[first : first + BEFORE + AFTER]


def test_falls_are_not_kept_where_that_is_switched_off(pod, tmp_path):
    pod.settings(placement="wrist", raw_falls=0)
    pod.imu.rows = fallen(52, (4000,), 8000)
    pod.run(20_000)
    assert not (tmp_path / "raw").exists()
