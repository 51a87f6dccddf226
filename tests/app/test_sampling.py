"""Sampling: lost edges, bus errors, dead, absent and wrong sensors, overflow."""

from types import SimpleNamespace

import pytest
from app.fake_chips import EIO
from app.fakes import WatchdogReset

from host_tools.sessions import session_log

WRONG = "lsm6dsox at 0x6a: who_am_i is 0x00, want 0x6c"


def fault_buzzes(pod):
    return [event for event in pod.events if event.get("pattern") == "fault"]


def notes(pod):
    return [event["text"] for event in pod.events if event["event"] == "note"]


@pytest.fixture
def pod(pod):
    pod.settings(console_events=1)
    return pod


def summary(pod):
    return pod.events[-1]


@pytest.mark.parametrize("message", [WRONG, "lsm6dsox at 0x6a: no answer"])
def test_a_sensor_absent_or_wrong_at_boot_is_said_felt_and_tried_again(pod, message):
    pod.imu.refuses = message
    pod.run(20_000)
    tries = [text for text in notes(pod) if message in text]
    assert tries == [f"imu: {message}; trying again in {delay_s} s" for delay_s in (1, 2, 4, 8, 16)]
    assert len(fault_buzzes(pod)) == 5
    assert summary(pod)["imu"] == "down" and summary(pod)["seconds"] == 0
    assert pod.parts.watchdogs[0].fed_us > 19_000_000


def test_a_sensor_that_comes_late_just_starts_and_has_missed_nothing(pod):
    pod.imu.refuses = WRONG
    pod.world.at(2500, lambda: setattr(pod.imu, "refuses", None))
    pod.run(6000)
    assert "imu: running again, 0 samples missing" in notes(pod)
    assert pod.detector.gaps == [] and pod.detector.n == pytest.approx(3.4 * 208, abs=30)
    assert summary(pod)["imu"] == "running"


def test_a_sensor_dying_in_mid_session_comes_back_with_a_stated_gap(pod):
    pod.world.at(3000, lambda: setattr(pod.imu, "refuses", "lsm6dsox at 0x6a: no answer"))
    pod.world.at(5500, lambda: setattr(pod.imu, "refuses", None))
    pod.run(10_000)
    assert len(pod.detector.gaps) == 1
    at, missing = pod.detector.gaps[0]
    assert at == pytest.approx(3 * 208, abs=10) and missing == pytest.approx(3 * 208, abs=80)
    assert pod.detector.n == pytest.approx(10 * 208, abs=100)
    gap = next(event for event in pod.events if event["event"] == "gap")
    assert gap == {"event": "gap", "sample": at + missing, "missing": missing}
    assert summary(pod)["missing"] == missing
    assert summary(pod)["faults"]["bus errors"] == 4 and summary(pod)["faults"]["sensor restarts"] == 1


def test_a_sensor_that_went_silent_is_started_anew(pod):
    pod.world.at(3000, pod.imu.freeze)
    pod.run(6000)
    assert len(pod.imu.started) == 2
    assert pod.imu.started[1] - 3000 < 1000
    assert summary(pod)["faults"]["sensor silent"] == 2
    assert sum(missing for _, missing in pod.detector.gaps) == pytest.approx(180, abs=30)


def test_a_broken_interrupt_line_loses_nothing(pod):
    pod.imu.rows = [(0, index, 1000, 0, 0, 0) for index in range(2000)]
    pod.world.at(1000, lambda: setattr(pod.imu, "edges", False))
    pod.run(5000)
    assert pod.detector.seen == list(range(len(pod.detector.seen)))
    assert len(pod.detector.seen) == pytest.approx(5 * 208, abs=120)
    assert summary(pod)["faults"].keys() == {"lost interrupts"}
    assert len(pod.imu.started) == 1


def test_what_the_fifo_kept_through_a_stall_is_more_than_is_taken_at_once_and_is_not_lost(pod):
    pod.imu.rows = [(0, index, 1000, 0, 0, 0) for index in range(2000)]
    drain = pod.imu.drain_into
    pod.world.at(1000, lambda: setattr(pod.imu, "drain_into", lambda ring: 0))
    pod.world.at(1550, lambda: setattr(pod.imu, "drain_into", drain))
    pod.run(5000)
    assert pod.detector.seen == list(range(len(pod.detector.seen)))
    assert len(pod.detector.seen) == pytest.approx(5 * 208, abs=120)
    assert len(pod.imu.started) == 1 and not pod.imu.overflows


@pytest.mark.parametrize("rose", [True, False])
def test_an_edge_that_waits_for_its_turn_while_flash_is_erased_is_not_lost(world, rose):
    from backstep.app.sampling import Sampling

    sampling = Sampling(None, SimpleNamespace(drain_began_us=0), 208, 40, [], None, None)
    sampling.limit_wait()
    world.now_us += 100_000
    if rose:
        sampling.data_ready.on_edge(None)
    sampling.limit_wait()
    assert sampling._late is not rose


def test_one_bus_error_is_counted_and_retried_at_once(pod):
    pod.imu.rows = [(0, index, 1000, 0, 0, 0) for index in range(2000)]
    pod.world.at(1000, lambda: setattr(pod.imu, "drain_error", OSError(EIO)))
    pod.world.at(1021, lambda: setattr(pod.imu, "drain_error", None))
    pod.run(3000)
    assert pod.detector.seen == list(range(len(pod.detector.seen)))
    assert 1 <= summary(pod)["faults"]["bus errors"] <= 3
    assert len(pod.imu.started) == 1


def test_an_overflow_of_the_fifo_is_a_stated_gap(pod):
    pod.imu.depth = 40
    pod.imu.rows = [(0, index, 1000, 0, 0, 0) for index in range(2000)]

    def stall():
        for _ in range(400):  # nobody runs for 400 ms, but the sensor does
            pod.world.wait(1000)

    pod.world.at(2000, stall)
    pod.run(4000)
    (at, missing), *more = pod.detector.gaps
    assert not more and 20 < missing < 100
    expected = list(range(at)) + list(range(at + missing, at + missing + len(pod.detector.seen) - at))
    assert pod.detector.seen == expected
    assert summary(pod)["missing"] == missing


def test_a_flash_stall_of_80_ms_loses_nothing(pod):
    pod.imu.rows = [(0, index, 1000, 0, 0, 0) for index in range(3000)]

    def stall():
        for _ in range(80):
            pod.world.wait(1000)

    for at_ms in range(1000, 9000, 400):
        pod.world.at(at_ms, stall)
    pod.run(9000)
    assert pod.detector.seen == list(range(len(pod.detector.seen)))
    assert pod.detector.gaps == [] and summary(pod)["faults"] == {}


def test_a_driver_that_is_handed_a_rate_it_cannot_do_is_given_up_loudly(pod):
    def start(rate_hz, watermark):
        raise ValueError("rate_hz: 208 is none of 26, 52")

    pod.imu.start = start
    with pytest.raises(WatchdogReset):
        pod.run(None)
    assert any("given up after 5 restarts; the watchdog will reset the pod" in text for text in notes(pod))
    assert fault_buzzes(pod)


def test_a_sensor_that_repeats_itself_is_said_felt_and_started_anew(pod):
    pod.world.at(3000, lambda: setattr(pod.imu, "stuck", True))
    pod.world.at(15_000, lambda: setattr(pod.imu, "stuck", False))
    pod.run(30_000)
    assert notes(pod).count("imu: the same sample for 5 s; starting it anew") == len(fault_buzzes(pod)) == 2
    assert pod.imu.started[1:] == pytest.approx([8000, 13_000], abs=200)
    assert summary(pod)["faults"] == {"sensor stuck": 2, "sensor restarts": 2}
    assert summary(pod)["imu"] == "running"


def test_a_sensor_that_rests_for_less_is_left_alone(pod):
    pod.world.at(3000, lambda: setattr(pod.imu, "stuck", True))
    pod.world.at(7800, lambda: setattr(pod.imu, "stuck", False))
    pod.run(10_000)
    assert summary(pod)["faults"] == {} and len(pod.imu.started) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("told", "true_permille"), [(1030, 1030), (0, 1031), (0, 970), (0, 1001)])
def test_the_true_rate_reaches_detector_and_log_told_by_the_imu_or_by_the_clock(pod, told, true_permille):
    """An LSM6DS3TR-C does not tell it: what comes in most of a minute is counted, sure to 0.2 %."""
    pod.imu.rate_permille, pod.imu.is_tagged = told, told > 0
    pod.imu.true_permille = true_permille
    pod.run(60_000)
    wanted = 1000 if true_permille == 1001 else true_permille
    assert pod.detector.rates == pytest.approx([wanted], abs=1)
    (path,) = (pod.root / "log").iterdir()
    records = session_log.load(path).records
    assert [record["permille"] for record in records if record["event"] == "rate"] == pod.detector.rates
