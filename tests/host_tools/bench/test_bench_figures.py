"""The figures of the bench: all of them by name, whole numbers or not, as one valid piece of JSON."""

import importlib.util
import json

import pytest

from host_tools.__main__ import main
from host_tools.bench import bench_figures, reality_crew
from host_tools.errors import UserError

NAMES = {
    "start_s", "start_filled_s", "stall_ms", "samples_lost", "strides_differing", "cue_p99_ms", "load_pct",
    "least_heap_kb", "free_heap_kb", "hours_200mah", "deploy_s", "sync_kbs", "sync_line_pct", "crew_median_ms",
    "crew_p99_ms", "crew_warnings", "crew_directions_pct", "crew_samples_lost", "load_crew_pct",
    "load_radio_off_pct", "free_heap_crew_kb",
}  # fmt: skip


def measured(costs, minutes):
    """Stand in for the parts, each of which takes virtual pods for minutes."""
    session = {"stall_ms": 90.0, "samples_lost": 1, "strides_differing": 2, "cues_ms": [10.0, 20.0]}
    made = {"a": session, "b": session | {"stall_ms": 120.0, "cues_ms": []}}
    made["c"] = {"start_s": 1.0, "start_filled_s": 2.0}
    made["crew"] = dict.fromkeys(reality_crew.NAMES, 7.5)
    made["c"] |= {"sync_kbs": 9.6, "sync_line_pct": 86.0}
    by_place = ("load_pct", "least_heap_kb", "free_heap_kb")
    for place in ("shoe", "belt", "wrist"):
        made[place] = {f"{name}.{place}": 9.5 for name in by_place} | {"start_s": 1.5, "hours_200mah": 24.0}
    return {what: lambda found=found: found for what, found in made.items()}


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(bench_figures, "parts", measured)
    monkeypatch.setattr(bench_figures, "_deploy", lambda costs: {"deploy_s": 19.0})
    plain = bench_figures.figures
    monkeypatch.setattr(bench_figures, "figures", lambda **options: plain(**options, workers=0))


def test_all_of_it_is_valid_json_on_stdout_and_progress_on_stderr(quick, capsys):
    assert main(["bench", "--json", "--minutes", "3"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found.keys() == NAMES
    by_place = {name for name in NAMES if isinstance(found[name], dict)} - {"crew_median_ms", "crew_p99_ms"}
    assert all(found[name].keys() == {"shoe", "belt", "wrist"} for name in by_place)
    assert found["crew_p99_ms"].keys() == {"own_motor", "asked", "air", "motor", "all"}
    assert said.err.count("bench: ") == 8 and "deployment" in said.err


def test_of_several_sessions_the_longest_stall_and_all_that_was_lost_count(quick):
    found = bench_figures.figures()
    assert (found["stall_ms"], found["samples_lost"], found["strides_differing"]) == (120.0, 2, 4)
    assert found["start_s"] == 1.5 and 19 < found["cue_p99_ms"] <= 20


def test_figures_of_a_placement_are_a_table_of_their_own():
    named = {"start_s": 1.5, "load_pct.shoe": 30.0, "load_pct.belt": 20.0}
    assert bench_figures.nested(named) == {"start_s": 1.5, "load_pct": {"shoe": 30.0, "belt": 20.0}}
    assert bench_figures.figures_table(named).row_count == 3


def test_every_part_is_named_and_the_longest_come_first():
    named = list(bench_figures.parts(bench_figures.Costs.FREE, 30))
    assert named[0] == "busy 30 min, shoe" and len(named) == 3 + 1 + 1 + 2 + 3 + 3 + 1 + 2 + 3


def test_a_pod_that_does_not_sum_up_is_no_figure(monkeypatch):
    class Outcome:
        crash, summary, virtual_s = "", {}, 60.0

    class Session:
        outcome, placement = Outcome(), "wrist"

    with pytest.raises(UserError, match="a wrist in 60 s: it did not sum up its session"):
        bench_figures._true(Session())


def test_without_bumble_it_says_what_to_install_before_it_measures(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"bench: .*pip install 'backstep-pod\[radio\]'"):
        bench_figures.figures(workers=0)
