"""What a person is shown of a run."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from host_tools.recordings import Recording
from host_tools.sim import sim_view
from host_tools.virtual_pod.pod_run import Outcome, Pod
from host_tools.virtual_pod.timeline import Buzz, Latency

SUMMARY = {
    "backward": 40, "forward": 8, "other": 0, "strides": 24, "backward_mm": 18_400, "forward_mm": 4_100,
    "ascent_mm": 1_900, "sways": 1, "heap_free": 95 * 1024 + 7,
}  # fmt: skip
SWAY_BURSTS = [Buzz(11_000.0 + at, 11_250.0 + at, 127, "rtp") for at in (0.0, 310.0, 620.0)]


def outcome(**changed) -> Outcome:
    recording = Recording(np.zeros((10, 6), np.int16), 104.0, "belt")
    known = {
        "pod": Pod(recording), "start_s": 1.0, "found": [],
        "buzzes": [Buzz(1_000.0, 1_080.0, 70, "rtp"), *SWAY_BURSTS],
        "cues_said": [
            {"event": "buzz", "sample": 2, "pattern": "start", "ms": 80, "level": 70},
            {"event": "buzz", "sample": 1_041, "pattern": "sway", "ms": 870, "level": 127},
        ],
        "latencies": [Latency(20.0, 1.5), Latency(12.0, 0.5)], "summary": SUMMARY, "notes": [], "reason": "end",
        "crash": "", "overruns": 0, "virtual_s": 15.0, "wall_s": 2.0,
    }  # fmt: skip
    return Outcome(**(known | changed))


def shown(*outcomes) -> str:
    out = io.StringIO()
    sim_view.print_summary(list(outcomes), Console(file=out, width=80))
    return out.getvalue()


def test_bursts_of_one_pattern_are_one_cue_with_its_name():
    assert sim_view.cues(outcome()) == [(0.0, 80.0, 70, "start"), (10.0, 870.0, 127, "sway")]


def test_a_sway_that_cut_into_a_caution_is_shown_with_both():
    told = {1_037: "caution", 1_041: "sway"}
    said = [{"event": "buzz", "sample": sample, "pattern": name} for sample, name in told.items()]
    both = outcome(buzzes=[Buzz(10_960.0, 11_000.0, 90, "rtp"), *SWAY_BURSTS], cues_said=said)
    assert sim_view.cues(both) == [(pytest.approx(9.96), 910.0, 127, "caution, sway")]


def test_a_short_cue_that_is_told_of_when_it_is_over_has_its_name():
    said = [{"event": "buzz", "sample": round(104 * 4.2), "pattern": "caution"}]
    short = outcome(buzzes=[Buzz(5_000.0, 5_070.0, 90, "rtp"), *SWAY_BURSTS], cues_said=said)
    assert [cue[3] for cue in sim_view.cues(short)] == ["caution", ""]


def test_the_summary_shows_steps_distance_latency_and_heap():
    text = shown(outcome())
    for words in ("40", "18.4 m", "1.9 m", "12.0 / 20.0 / 20.0 ms", "0.5 / 1.5 / 1.5 ms", "95 KB", "870 ms"):
        assert words in text


def test_a_run_without_a_summary_or_a_buzz_is_shown_too():
    text = shown(outcome(summary={}, buzzes=[], latencies=[]))
    assert "No motor moved." in text
    assert "none" not in text  # nobody counted the faults
    assert "steps backward" in text


def test_json_summary_is_the_pods_with_latency():
    line = sim_view.summary_json(outcome())
    assert line["event"] == "summary"
    assert line["backward"] == 40
    assert line["latency_ms"] == [12.0, 20.0, 20.0]
    assert sim_view.summary_json(outcome(latencies=[]))["latency_ms"] == []


def test_only_what_matters_is_told():
    assert "12.3 deg" in sim_view.worth_telling({"event": "sway", "lean_ddeg": 123, "rate_ddps": 950})
    assert sim_view.worth_telling({"event": "buzz", "pattern": "mark", "ms": 60}) == "buzz: mark, 60 ms"
    assert sim_view.worth_telling({"text": "hello"}) == "hello"
    assert sim_view.worth_telling({"event": "stride"}) == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"event": "caution", "lean_ddeg": 54, "rate_ddps": 841}, "CAUTION: leaning back 5.4 deg at 84 deg/s"),
        (
            {"event": "caution", "lean_ddeg": -19, "rate_ddps": 300},
            "CAUTION: trunk dropping, bent forward 1.9 deg",
        ),
        ({"event": "sway", "lean_ddeg": 0, "rate_ddps": -40}, "SWAY: trunk dropping, bent forward 0.0 deg"),
        (
            {"event": "fall", "impact_mg": 3900, "turned_ddeg": 738},
            "FALL: impact of 3.9 g, turned by 74 deg, lying still",
        ),
        ({"event": "fall_over"}, "fall over: moved, or a press"),
        ({"event": "fall_alarm"}, "FALL ALARM"),
        ({"event": "slide", "speed_mm_s": 814}, "FOOT: slides at 814 mm/s"),
        ({"event": "catch", "way_mm": 120, "usual_mm": 600}, "FOOT: caught after 120 mm"),
        ({"event": "toe_lift", "lift_ddeg": 83}, "FOOT: toes up by 83 tenths of a degree"),
        ({"event": "recovery", "stride_mm": 300, "usual_mm": 600}, "FOOT: hurried strides of 300 mm"),
        ({"event": "mark", "false_alarm": 1, "ago_ms": 1140}, "mark: false alarm 1.1 s ago"),
        ({"event": "mark", "false_alarm": 0, "ago_ms": 0}, "mark"),
        ({"event": "posture", "lean_ddeg": 312, "seconds": 9}, "POSTURE: leaning forward by 31 deg for 9 s"),
        ({"event": "posture", "lean_ddeg": -204, "seconds": 40}, "POSTURE: leaning back by 20 deg for 40 s"),
        ({"event": "lap", "number": 2}, "lap 2"),
        ({"event": "stride"}, ""),
        ({"event": "near_fall", "impact_mg": 3100}, ""),
    ],
)
def test_what_is_told_of_an_event(line, told):
    assert sim_view.worth_telling(line) == told


@pytest.mark.parametrize(("width", "whole"), [(60, "direction"), (80, "········")])
def test_the_live_table_fits_the_terminal(width, whole):
    watcher = sim_view.Watcher(None)
    watcher.run_of(Pod(Recording(np.zeros((10, 6), np.int16), 104.0, "belt")))
    out = io.StringIO()
    Console(file=out, width=width).print(watcher.table(width))
    assert "…" not in out.getvalue()
    assert whole in out.getvalue()


@pytest.mark.parametrize(
    ("now_s", "length_s", "told"),
    [(51.94, 60, "0:51.9"), (61, 60, "1:00.0"), (900, 3600, "15:00.0 25%"), (9600, 9600, "160:00.0 100%")],
)
def test_how_far_a_long_recording_is_has_its_share(now_s, length_s, told):
    assert sim_view.reached(SimpleNamespace(now_s=lambda: now_s, length_s=length_s)) == told


def test_the_motor_bar_grows_with_the_level():
    assert [sim_view.motor_bar(level).plain.count("█") for level in (0, 1, 64, 127)] == [0, 1, 5, 8]


class At:
    """A run that is at a time [s]."""

    def __init__(self, seconds: float, placement="belt", **settings):
        self.now_s = lambda: seconds
        self.pod = SimpleNamespace(placement=placement, settings=settings)


def test_what_two_pods_say_is_told_in_the_order_of_its_time():
    watcher = sim_view.Watcher(None)
    ahead, behind = At(9.0), At(4.0, "shoe")
    watcher.runs = [ahead, behind]
    watcher._tell(ahead, "nine")
    assert watcher.lines == []
    watcher._tell(behind, "four")
    assert watcher.lines == [" 0:04.0  shoe   four"]
    watcher.over(behind)
    assert watcher.lines == [" 0:04.0  shoe   four", " 0:09.0  belt   nine"]


def test_a_warning_is_told_of_before_its_buzz():
    watcher = sim_view.Watcher(None)
    belt = At(9.0)
    watcher.runs = [belt]
    watcher._tell(belt, "buzz: caution, 70 ms")
    belt.now_s = lambda: 9.02
    watcher._tell(belt, "CAUTION: leaning back")
    watcher.over(belt)
    told = [line.split("  ")[-1].strip() for line in watcher.lines]
    assert told == ["CAUTION: leaning back", "buzz: caution, 70 ms"]


def test_nobody_is_told_to_type_where_nothing_can_be_typed():
    watcher = sim_view.Watcher(None)
    run = At(0.0)
    watcher.runs = [run]
    watcher._told_s[run] = 0.0
    watcher.said(run, {"text": "backstep on Virtual pod, belt at 104 Hz; type help, Ctrl-C leaves"})
    assert watcher.lines == [" 0:00.0  belt   backstep on Virtual pod, belt at 104 Hz"]


def test_the_summary_of_two_pods_stays_on_a_screen_of_24_lines():
    text = shown(outcome(), outcome())
    rows = text[text.index("summary") :].splitlines()
    assert len(rows) == 1 + len(sim_view.summary_rows(outcome())) < 24
    assert text.index("what its motor did") < text.index("summary")


def test_a_climb_without_a_calibrated_level_is_said_to_be_without():
    assert "1.9 m, uncalibrated" in shown(outcome())
    level = Pod(outcome().pod.recording, settings={"upright_z": 16384})
    assert "uncalibrated" not in shown(outcome(pod=level))
    counts = SimpleNamespace(cadence_spm=90, strides=3, grade_permille=70, direction=2)
    for settings, grade in ({}, ""), ({"upright_z": 16384}, "+7.0 %"):
        run = At(0.0, **settings)
        run.log = SimpleNamespace(counts=counts)
        assert sim_view.pace(run) == ("90/min", "backward", grade)
