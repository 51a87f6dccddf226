import numpy as np
import pytest
from vm import word_bits

from host_tools.bench import bench, bench_latency, bench_replay, bench_sample
from host_tools.compiled import build, fast
from host_tools.virtual_pod.timeline import Latency

LATENCIES = [Latency(1.0, 0.1), Latency(10.7, 0.2), Latency(20.3, 0.3)]


def test_a_histogram_has_a_line_a_bucket_and_counts_every_value():
    lines = bench_latency.histogram([0.0, 2.4, 2.5, 9.9], bucket_ms=2.5)
    assert [int(line.split()[4]) for line in lines] == [2, 1, 0, 1]
    assert [line.count("█") for line in lines] == [50, 25, 0, 25]
    assert bench_latency.histogram([]) == ["  0.0 ..   2.5 ms     0"]


@pytest.mark.parametrize(("p99_ms", "says"), [(25, "within the aim"), (40, "within the floor"), (40.1, "ABOVE")])
def test_the_verdict_names_floor_and_aim(p99_ms, says):
    assert says in bench_latency.verdict(p99_ms)


def test_the_budget_parts_a_latency_into_fifo_and_bus():
    stages = {stage.name: stage for stage in bench_latency.budget(LATENCIES, 104)}
    assert stages["wait in the FIFO"].worst_ms == pytest.approx(2000 / 104)
    assert stages["wait in the FIFO"].typical_ms == pytest.approx(1000 / 104)
    assert stages["bus"].worst_ms == pytest.approx(10.7 - 1000 / 104)
    assert stages["sensor's filter"].worst_ms == pytest.approx(6.8, abs=0.05)
    assert stages["MicroPython"].worst_ms == 0.3
    table = bench_latency.budget_table(list(stages.values()))
    assert table.row_count == len(stages) + 1


def test_open_loop_and_kick_are_faster_on_the_model():
    from host_tools.docs.haptics import reach_ms

    for name, before, now, speed in bench_latency.rises():
        assert 0 < reach_ms(now, speed / 2) < reach_ms(before, speed / 2), name
    assert bench_latency.rise_table().row_count == 3


def test_a_detectors_cost_is_measured_sample_by_sample():
    rows = np.tile(np.array([[0, 0, 1000, 0, 0, 0]], dtype=np.int16), (50, 1))
    cost = bench_sample.measure(bench_sample.detector("belt"), rows)
    assert len(cost.times_us) == 50 and cost.times_us.sum() > 0
    assert 1000 < cost.heap < 60_000 * word_bits() // 32
    assert bench.shares(np.array([1, 2, 3])) == ("2", "3")


def test_replay_is_timed_by_python_and_by_machine_code(monkeypatch):
    rows = np.tile(np.array([[0, 0, 1000, 0, 0, 0]], dtype=np.int16), (50, 1))
    monkeypatch.setattr(fast, "_ROWS_TO_BUILD", 0)
    python_s, machine_s = bench_replay.hour_s("wrist", rows, 5000)
    assert python_s > 0
    assert (machine_s is None) == (build.compiler() is None)
    monkeypatch.setattr(fast, "machine", lambda detector, rows: None)
    assert bench_replay.hour_s("wrist", rows, 5000)[1] is None


@pytest.mark.parametrize("suffix", [".npz", ".csv"])
def test_what_replay_holds_of_memory_is_measured(suffix, tmp_path):
    rows = np.tile(np.array([[0, 0, 1000, 0, 0, 0]], dtype=np.int16), (50, 1))
    most, anonymous = bench_replay.held_mb(tmp_path, suffix, rows, 3000)
    assert 5 < anonymous < most < 200 and most > 20


def test_twenty_sways_are_within_the_aim():
    found = bench_latency.sways(seeds=(1,))
    assert len(found) == 20
    assert max(latency.virtual_ms for latency in found) <= bench_latency.AIM_MS
