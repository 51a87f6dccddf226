"""The model of an ESP32 against what was measured on one, and the tools that measure the firmware with it."""

import json
from dataclasses import replace

import pytest

from host_tools.bench import bench_reality, reality
from host_tools.bench.bench_reality import Compared
from host_tools.sim import sim
from host_tools.virtual_pod.costs import Costs

pytestmark = pytest.mark.usefixtures("pod_words")


@pytest.mark.parametrize("part", [bench_reality.computing, bench_reality.bus_and_flash])
def test_the_model_is_within_a_fifth_of_what_was_measured(part):
    rows = list(part())
    assert rows
    assert [row for row in rows if not row.is_true] == []


def test_a_figure_outside_is_marked():
    assert Compared("inside", 10, 20, 8.1).is_true and Compared("inside", 10, 20, 23.9).is_true
    outside = [Compared("less", 10, 20, 7.9), Compared("more", 10, 20, 24.1)]
    assert not any(row.is_true for row in outside)
    shares = [str(cell) for cell in bench_reality.compared_table(iter(outside)).columns[3].cells]
    assert shares == ["0.79 !", "1.21 !"]


def test_a_start_counts_from_power_on():
    began = reality.start("wrist", Costs.FREE)
    assert 0.2 < began.first_sample_s < began.first_line_s + 1 < 3
    assert began.flash_reads > 100 and began.computed_s < 0.1


def test_a_session_without_costs_is_replay():
    found = reality.session(sim.walked(sim.SCENARIOS["sway"], "belt", 1), Costs.FREE)
    assert (found.samples_lost, found.strides_differing) == (0, 0)
    assert found.strides >= 5
    assert 15 < found.stall_ms < 250
    assert len(found.cue_ms) == 1 and found.cue_p99_ms == found.cue_ms[0] < 25
    assert found.load_pct < 1 and found.busy_pct < 20


def test_steps_that_the_pod_lacks_or_has_besides_are_counted():
    outcome = reality.session(sim.walked(sim.SCENARIOS["sway"], "belt", 1), Costs.FREE).outcome
    wanted, differing = reality.compare(outcome)
    steps = [event for event in outcome.found if event["event"] == "step"]
    assert (wanted, differing) == (len(steps), 0)
    other = [steps[0] | {"sample": 1}, *(event for event in outcome.found if event is not steps[1])]
    assert reality.compare(replace(outcome, found=other)) == (wanted, 2)


def test_a_history_is_forty_sessions_and_marks_that_the_log_can_read():
    from binascii import crc32

    from backstep.core.log.chest import cut
    from backstep.core.log.log_reader import Reader

    files = reality.history("belt")
    sessions = [path for path in files if path.startswith("/log/")]
    chests = [cut(data, crc32) for path, data in files.items() if path.startswith("/raw/")]
    marks = [about for chest in chests for _, about in chest]
    assert (len(sessions), len(marks)) == (40, 40)
    heads = [block[0] for block in Reader(files["/log/boots/0000/00007-01.bsl"], crc32).blocks()]
    assert [head["number"] for head in heads] == list(range(len(heads))) and len(heads) > 5
    assert {head["boot"] for head in heads} == {7}
    assert len(chests) == 2 and json.loads(marks[0])["event"] == "sway"


@pytest.mark.slow
def test_the_stall_after_a_fall_is_seen_where_flash_takes_its_time():
    """Raw seconds are written, for which LittleFS looks through all it has."""
    slow_flash = replace(Costs.FREE, flash_read_us=20_000)
    found = reality.session(sim.walked(sim.SCENARIOS["fall"], "belt", 1), slow_flash)
    assert found.stall_ms > 1000
