"""Logs of pods worn together as one session: clocks, directions, who tells what, and what is lost."""

import numpy as np
import pytest
from backstep.core import events
from backstep.core.log import log
from band_logs import NUMBER, WornPod, worn

from host_tools.errors import UserError
from host_tools.sessions import folder, partners, session_log
from host_tools.sessions.hub_time import HubTime
from host_tools.sessions.merged import band_of, merged
from host_tools.sessions.session_figures import figures
from host_tools.sessions.timeline import timeline

WALK_S = np.arange(10.0, 290.0, 1.2)  # contacts of the shoe's foot; the other's are between
BACK, FORWARD = events.BACKWARD, events.FORWARD
UNIX_S = 1_795_943_520


def walked(shoe, belt, wrist, turned_s=150.0):
    """Walk backward, then forward; the belt and the wrist feel each foot some 20 ms otherwise than the shoe."""
    for at_s in WALK_S:
        shoe.stride(at_s, BACK if at_s < turned_s else FORWARD)
        for other_s in (at_s - 0.6, at_s):
            belt.step(other_s + 0.02)
            wrist.step(other_s - 0.02)


@pytest.fixture
def pods(tmp_path):
    made = worn(tmp_path)
    walked(*made)
    return made


def together(*pods, until_s=300.0, **told):
    paths = [pod.write(until_s, **told) for pod in pods]
    return partners.load(paths[-1])[1]


@pytest.mark.parametrize("hub_start_ms", [5000, (1 << 30) - 100_000])
def test_clocks_are_aligned_within_5_ms_and_the_residual_is_told(tmp_path, hub_start_ms):
    shoe, belt, wrist = worn(tmp_path, hub_start_ms=hub_start_ms)
    walked(shoe, belt, wrist)
    for pod in (belt, wrist):
        for at_s in range(12, 280, 7):
            pod.put(at_s, events.NEAR_FALL if pod is wrist else events.SWAY, (100,) if pod is wrist else (91, 780))
    found = together(shoe, belt, wrist)
    first = found.pods[0].log
    assert first.placement == "shoe" and found.rate_hz == 208
    for event, pod in (("sway", belt), ("near_fall", wrist)):
        samples = [one["sample"] for one in found.records if one["event"] == event]
        at_s = np.array([sample / (208 * shoe.off) + shoe.start_s for sample in samples])
        true_s = [pod.sample(at_s) / (104 * pod.off) + pod.start_s for at_s in range(12, 280, 7)]
        assert np.abs(at_s - true_s).max() < 0.005 + 0.5 / 208  # the first pod's samples are whole
    residuals = [pod.apart_ms for pod in found.pods]
    assert all(0 <= ms < 5 for ms in residuals)


def test_a_step_of_the_belt_has_the_direction_of_the_stride_that_covers_it(pods):
    found = together(*pods)
    steps = [one for one in found.records if one["event"] == "step" and one["told_by"] == "belt"]
    assert len(steps) == 2 * len(WALK_S)
    true = ["backward" if at_s < 150 else "forward" for at_s in WALK_S for _ in range(2)]
    assert [one["direction"] for one in steps] == true


def test_what_the_shoe_could_not_judge_stays_what_the_belt_said(tmp_path):
    shoe, belt, wrist = worn(tmp_path)
    for at_s in WALK_S:
        shoe.stride(at_s, events.UNKNOWN)
        belt.step(at_s, FORWARD)
    belt.step(295, events.UNKNOWN)  # no stride covers it
    found = together(shoe, belt)
    told = [one["direction"] for one in found.records if one["event"] == "step"]
    assert told == ["forward"] * len(WALK_S) + ["unknown"]


def test_steps_count_once_and_strides_are_the_shoes(pods):
    found = together(*pods)
    alone = found.pods[0].log
    assert (found.counts.backward, found.counts.forward) == (alone.counts.backward, alone.counts.forward)
    assert found.counts.other == 0 and found.strides == alone.strides and found.contacts == []
    assert found.worn == ("shoe", "belt", "wrist")
    series = timeline(found)
    assert sum(int(steps.sum()) for steps in series.steps.values()) == 2 * len(WALK_S)
    assert figures(found)[0]["backward"] == figures(alone)[0]["backward"]
    assert figures(found)[0]["moving_s"] == figures(alone)[0]["moving_s"]


def test_what_the_shoe_lost_is_counted_by_the_belt(tmp_path):
    shoe, belt, wrist = worn(tmp_path)
    walked(shoe, belt, wrist)
    paths = [pod.write(300.0) for pod in (shoe, belt, wrist)]
    whole = partners.load(paths[0])[1]
    data = paths[0].read_bytes()
    paths[0].write_bytes(data[: len(data) // 2])
    found = partners.load(paths[0])[1]
    assert found.counts.backward + found.counts.forward + found.counts.other == pytest.approx(
        whole.counts.backward + whole.counts.forward, abs=3
    )
    assert len(found.strides) < len(whole.strides) * 0.6 and found.counts.other > 50
    assert found.ended == "console" and found.lost == []
    assert "shoe: " in session_log.what_is_missing(found) and "no end" in session_log.what_is_missing(found)
    series = timeline(found)
    assert series.known.all() and sum(int(steps.sum()) for steps in series.steps.values()) == 2 * len(WALK_S)


def test_why_it_ended_is_told_by_the_pod_that_ended_it(pods):
    shoe, belt, wrist = pods
    wrist.write(300.0, ended=log.BY_BAND)
    assert together(shoe, ended=log.BY_BAND).ended == "another pod"
    belt.write(300.0, ended=log.BY_BUTTON)
    assert together(shoe, ended=log.BY_BAND).ended == "button"


def test_a_gap_in_the_middle_of_the_shoe_is_filled_too(tmp_path):
    shoe, belt, wrist = worn(tmp_path)
    walked(shoe, belt, wrist)
    shoe.records = [one for one in shoe.records if not shoe.sample(100) < one[1] <= shoe.sample(160)]
    shoe.put(160, events.GAP, (shoe.sample(160) - shoe.sample(100),))
    found = together(shoe, belt)
    counted = [one for one in found.records if one["event"] == "step" and one["counted"]]
    assert len(counted) == pytest.approx(60 / 0.6, abs=3) and found.lost == []
    assert all(one["direction"] == "unknown" for one in counted[2:-2])


def test_what_each_senses_is_told_by_it_and_what_all_log_is_told_once(pods):
    shoe, belt, wrist = pods
    belt.put(50, events.SWAY, (91, 780))
    shoe.put(60, events.SLIDE, (700,))
    for pod, late_s in ((shoe, 0.0), (belt, 0.2), (wrist, 0.4)):
        pod.put(70 + late_s, events.MARK, (0, 0))
        pod.put(71.5 + late_s, events.MARK, (0, 0))  # a second one, soon after
        pod.put(200 + 8 * late_s, events.FALL, (3000 + pod.index, 740))
    wrist.put(90, events.MARK, (0, 0))
    wrist.put(50.1, log.BUZZ, (0, 870, 127))
    found = together(*pods)
    told = [
        (one["event"], one["told_by"])
        for one in found.records
        if one["event"] in ("sway", "slide", "fall", "buzz")
    ]
    assert told == [("sway", "belt"), ("buzz", "wrist"), ("slide", "shoe"), ("fall", "belt")]
    assert [one["told_by"] for one in found.records if one["event"] == "mark"] == ["shoe", "shoe", "wrist"]
    counts = found.counts
    assert (counts.sways, counts.foot_cues, counts.falls, counts.marks) == (1, 1, 1, 3)
    assert [one["event"] for one in found.records].count("begin") == 1


def test_laps_of_all_are_one_row_of_laps(pods):
    pods[2].put(60, events.LAP, (2,))  # while its link was lost
    for pod in pods:
        pod.put(120, events.LAP, (3 if pod is pods[2] else 2,))
    found = together(*pods)
    assert [part.name for part in found.parts()] == ["session", "lap 1", "lap 2", "lap 3"]
    assert [one["number"] for one in found.records if one["event"] == "lap"] == [2, 3]


def test_a_partner_that_is_missing_leaves_those_there_are(pods, tmp_path):
    shoe, belt, wrist = pods
    found = together(shoe, wrist)
    assert found.worn == ("shoe", "wrist")
    assert partners.load(shoe.folder / "00012-01.bsl", alone=True)[1].pods == []


def test_belt_and_wrist_without_a_shoe_count_by_the_belt(pods):
    _, belt, wrist = pods
    found = together(belt, wrist)
    assert found.placement == "belt" and found.counts.other == 2 * len(WALK_S) and found.strides == []


def test_a_clock_that_was_set_in_mid_session_changes_no_alignment_and_dates_the_session(pods):
    shoe, belt, wrist = pods
    belt.put(130, log.CLOCK, (UNIX_S + 130, 0, 7_000_000, 1, 60))
    belt.put(140, events.SWAY, (91, 780))
    shoe.write(300.0)
    path = belt.write(300.0, unix_s=UNIX_S)
    found = partners.load(path)[1]
    (sway,) = [one for one in found.records if one["event"] == "sway"]
    assert sway["sample"] / (208 * shoe.off) + shoe.start_s == pytest.approx(140, abs=0.01)
    assert found.unix_ms == pytest.approx(1000 * UNIX_S, abs=20) and found.utc_offset_min == 60
    assert found.records[0]["sample"] < 0  # the belt's log begins 3 s before the shoe's


def test_a_pod_that_started_anew_has_two_logs_of_the_session(pods):
    shoe, belt, _ = pods
    again = WornPod(belt.folder, "belt", 1, 104, 200.0, belt.off)
    again.records = [(code, sample - belt.sample(200), fields) for code, sample, fields in belt.records
                     if code == events.SWAY]  # fmt: skip
    again.put(250, events.SWAY, (91, 780))
    belt.records = [one for one in belt.records if one[1] < belt.sample(180)]
    belt.put(170, events.SWAY, (91, 780))
    paths = shoe.write(300.0), belt.write(180.0), again.write(300.0, "00013-01.bsl")
    found = partners.load(paths[0])[1]
    assert [pod.path for pod in found.pods] == list(paths) and {one["told_by"] for one in found.records} == {
        "shoe",
        "belt",
    }
    at_s = [one["sample"] / 208 / shoe.off + 3 for one in found.records if one["event"] == "sway"]
    assert at_s == pytest.approx([170, 250], abs=0.01)


def test_only_the_same_session_of_pods_in_folders_beside_each_other_is_taken(pods, tmp_path):
    shoe, belt, wrist = pods
    path = shoe.write(300.0)
    belt.write(300.0, number=NUMBER + 1)
    wrist.write(300.0, name="00077-03.bsl")
    (tmp_path / "b2" / "00001-01.bsl").write_bytes(b"no log")
    assert [one.parent.name for one in partners.partners(path)] == ["a1", "c3"]
    assert band_of(session_log.load(path)) == NUMBER == partners.number_of(path)


def test_a_partners_file_without_a_sound_block_is_left_out_and_ones_own_is_told(pods):
    shoe, belt, _ = pods
    paths = shoe.write(300.0), belt.write(300.0)
    assert len(partners.load(paths[0])[1].pods) == 2
    paths[1].write_bytes(b"damaged")
    assert partners.load(paths[0])[1].pods == []
    with pytest.raises(UserError, match="no session log"):
        partners.load(paths[1])


def test_one_point_and_points_too_close_have_the_pods_own_rate():
    one = HubTime([(1000, 5000)], 104.0)
    assert one.ms(1104) == pytest.approx(6000) and one.sample(6000) == pytest.approx(1104)
    assert one.residual_ms is None and one.points == 1
    close = HubTime([(1000, 5000), (1104, 6010)], 104.0)
    assert close.ms(2144) == pytest.approx(6010 + 10_000)


def test_a_point_that_goes_back_is_left_out():
    assert HubTime([(0, 9000), (6240, 3000), (6240, 69_000)], 104.0).points == 2


def test_a_pod_is_meant_by_folder_name_or_placement(pods):
    shoe, belt, wrist = pods
    paths = [pod.write(300.0) for pod in pods]
    (belt.folder / "settings.json").write_text('{"pod_name": "waist"}')
    for word in ("b2", "waist", "belt"):
        assert partners.of_pod(paths, word) == [paths[1]]
    with pytest.raises(UserError, match="--pod ear: no session of such a pod; there are folders of a1, b2, c3"):
        partners.of_pod(paths, "ear")


def test_a_copy_of_a_pods_folder_counts_nothing_twice(pods, tmp_path):
    """As `backstep rescue` of an image makes one beside what was fetched."""
    paths = [pod.write(300.0) for pod in pods]
    whole = partners.load(paths[0])[1]
    copy = tmp_path / "dump" / "00012-01.bsl"
    copy.parent.mkdir()
    data = paths[0].read_bytes()
    for share in (1, 2):  # of it all, and of its first half
        copy.write_bytes(data[: len(data) // share])
        logs = [(path, session_log.load(path)) for path in (copy, *paths)]
        (grouped,) = (log for _, log in partners.grouped(logs))
        for found in (grouped, partners.load(paths[1])[1], partners.load(copy)[1]):
            assert len(found.pods) == 3 and len(found.strides) == len(whole.strides)
            assert found.counts.backward == whole.counts.backward
    for path in paths[1:]:
        path.unlink()
    path, alone = partners.load(copy)
    assert path == paths[0] and alone.pods == [] and alone.strides == whole.strides


def test_what_cannot_be_read_beside_a_session_costs_nothing_and_is_named(pods):
    paths = [pod.write(300.0) for pod in pods[:2]]
    beside = paths[1].parent
    (beside / "old.bsl").mkdir(), (beside / "gone.bsl").symlink_to("nowhere")
    assert len(partners.load(paths[0])[1].pods) == 2
    assert partners.of_pod(sorted(beside.glob("*.bsl")), "belt") == [paths[1]]
    found, faults = folder.briefs(sorted(beside.glob("*.bsl")))
    assert [one.path for one in found] == [paths[1]]
    assert [one.split("/")[-1] for one in faults] == [
        "gone.bsl: No such file or directory",
        "old.bsl: Is a directory",
    ]


def test_a_placement_of_newer_firmware_counts_after_those_that_are_known(pods):
    for pod in pods[:2]:
        pod.put(120, events.MARK, (0, 0))
    logs = [(path, session_log.load(path)) for path in (pods[1].write(300.0), pods[0].write(300.0))]
    logs[0][1].placement = "unknown"
    found = merged(logs)
    assert found.worn == ("shoe", "unknown") and found.counts.marks == 1 and found.counts.other == 0
