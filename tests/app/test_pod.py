"""The whole app on CPython: starting, settings, and the quiet motor at every way out."""

import json

import pytest
from app.fake_chips import REST
from app.fakes import MARK, WatchdogReset
from backstep.core import events

SWAY = (MARK + events.SWAY, 0, 0, 0, 0, 0)
DAY_MS, MINUTE_MS = 86_400_000, 60_000
WHY = {KeyboardInterrupt: ("Ctrl-C", 10 * MINUTE_MS), SystemExit: ("SystemExit", DAY_MS)}


def at_sample(index, row):
    return [REST] * index + [row]


def assert_quiet(pod):
    assert pod.haptic.level == 0
    assert pod.imu.stopped >= 1
    assert pod.imu.on_edge is None


def test_it_starts_counts_time_and_stops_on_command(pod):
    lines = pod.run(3500)
    assert lines[0].startswith("backstep on test_board (esp32s3), shoe at 208 Hz, started by power on")
    assert len([line for line in lines if "KB free" in line]) == 3
    assert lines[-2:] == ["session of 0:03: 0 backward, 0 forward, 0 other steps", "backstep: stopped"]
    assert_quiet(pod)


def test_every_sample_reaches_the_detector_once_and_in_order(pod):
    pod.imu.rows = [(0, index % 30000, 1000, 0, 0, 0) for index in range(2000)]
    pod.run(5000)
    assert pod.detector.seen == [index % 30000 for index in range(len(pod.detector.seen))]
    assert len(pod.detector.seen) == pytest.approx(5 * 208, abs=120)
    assert pod.detector.gaps == []


@pytest.mark.parametrize(
    ("placement", "rate_hz", "drains_a_s"), [("shoe", 208, 20), ("belt", 104, 52), ("wrist", 52, 26)]
)
def test_the_placement_sets_rate_and_watermark(pod, placement, rate_hz, drains_a_s):
    pod.settings(placement=placement)
    pod.run(2000)
    assert pod.detector.rate_hz == pod.imu._rate_hz == rate_hz
    assert pod.imu.drains == pytest.approx(drains_a_s * 2, rel=0.25)


def test_the_start_and_stop_cues_are_played_to_their_end(pod):
    pod.run(2000)
    start, stop = pod.haptic.on_spans()[:2], pod.haptic.on_spans()[2:]
    assert [round(to - since) for since, to in start] == pytest.approx([80, 240], abs=3)
    assert [round(to - since) for since, to in stop] == pytest.approx([240, 80], abs=3)


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
def test_ctrl_c_and_exit_in_the_middle_of_a_sway_pattern(pod, raised):
    pod.imu.rows = at_sample(200, SWAY)

    def interrupt():
        assert pod.haptic.level == 127
        raise raised

    pod.world.at(1100, interrupt)
    lines = pod.run(None)
    assert_quiet(pod)
    name, limit_ms = WHY[raised]
    assert lines[-1] == "backstep: stopped by " + name
    told = lines.index("session of 0:01: 0 backward, 0 forward, 0 other steps")
    assert "1 sway" in lines[told + 1]
    assert pod.parts.watchdogs[-1].timeout_ms == limit_ms


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize(
    "place", ["imu.drain_into", "haptic.drive", "detector.feed", "stdout.write", "reader.readinto"]
)
def test_the_motor_is_off_wherever_the_interrupt_hits(pod, raised, place):
    def hit():
        owner, name = place.split(".")
        target = getattr(pod, owner)
        if place == "detector.feed":
            target.raises = raised()
            return

        def interrupted(*_):
            delattr(target, name)
            raise raised

        setattr(target, name, interrupted)

    pod.imu.rows = at_sample(200, SWAY)
    pod.world.at(980, hit)
    pod.type_at(1000, b"?")
    pod.run(None)
    assert_quiet(pod)


def test_a_second_ctrl_c_during_the_way_out_does_not_leave_the_motor_on(pod):
    pod.imu.rows = at_sample(200, SWAY)
    stop, hits = pod.haptic.stop, []

    def interrupted():
        if len(hits) < 2:
            hits.append(1)
            raise KeyboardInterrupt
        stop()

    def interrupt():
        pod.haptic.stop = interrupted
        raise KeyboardInterrupt

    pod.world.at(1100, interrupt)
    pod.run(None)
    assert hits == [1, 1]
    assert_quiet(pod)


def test_an_error_of_the_app_itself_is_said_and_the_watchdog_restarts_the_pod(pod, monkeypatch):
    from backstep.app.health import Health

    def broken(self, watchdog):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Health, "_feed", broken)
    lines = pod.run(None)
    assert lines[-1] == "backstep: stopped by an error: RuntimeError: a bug"
    assert pod.parts.watchdogs[-1].timeout_ms == MINUTE_MS
    assert_quiet(pod)


def test_a_motor_that_refuses_its_stop_is_said(pod):
    pod.world.at(1000, lambda: setattr(pod.haptic, "refuses", "drv2605l at 0x5a: gone"))
    lines = pod.run(2000)
    assert lines[-1] == "backstep: stopped; THE MOTOR DID NOT TAKE ITS STOP"


def test_a_stop_that_is_refused_at_first_is_tried_again(pod):
    def interrupt():
        pod.haptic.fail_next = 7
        raise KeyboardInterrupt

    pod.imu.rows = at_sample(200, SWAY)
    pod.world.at(1100, interrupt)
    assert pod.run(None)[-1] == "backstep: stopped by Ctrl-C"
    assert_quiet(pod)


def test_settings_are_read(pod):
    pod.settings(haptic_strength_pct=50, cue_every_steps=0)
    pod.imu.rows = at_sample(300, SWAY)
    pod.run(3500)
    assert max(level for _, level in pod.haptic.writes) == 64


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"snooze_min": 95, "hue": 1}', ("snooze_min: 95 is outside 0..60 min", "hue: no such setting")),
        ('{"sway_refractory_s": ', ()),
        ("\x00\x01\x02", ()),
        ("[" * 300 + "]" * 300, ("is no table of names and values",)),
        ("[1, 2]", ("settings: [1, 2] is no table of names and values",)),
        (" " * 5000, ("longer than 4096 characters",)),
    ],
)
def test_damaged_settings_run_on_the_defaults_and_are_kept_aside(pod, text, words):
    pod.settings_path.write_text(text)
    lines = pod.run(1500)
    assert pod.said("running on the defaults; the damaged file is kept as ")
    for word in words:
        assert [line for line in lines if word in line], word
    assert not pod.settings_path.exists()
    assert pod.settings_path.with_suffix(".bad").read_text() == text
    assert pod.detector.n > 200


def test_settings_that_are_no_text_are_kept_aside_too(pod):
    pod.settings_path.write_bytes(b'{"placement": "\xff\xfe"}')
    pod.run(1000)
    assert pod.said("running on the defaults")


def test_absent_settings_are_the_defaults_without_a_word(pod):
    assert not [line for line in pod.run(1000) if "settings" in line]


def test_console_events_are_json_lines_and_nothing_else(pod):
    pod.settings(console_events=1)
    pod.imu.rows = at_sample(150, SWAY) + [(MARK + events.STRIDE, events.BACKWARD, 0, 0, 0, 0)]
    lines = pod.run(2000)
    assert all(line.startswith("{") for line in lines[:-1]) and lines[-1] == "backstep: stopped"
    found = {event["event"]: event for event in pod.events}
    assert list(found) == ["note", "buzz", "sway", "stride", "summary"]
    assert found["sway"] == {"sample": 150, "event": "sway", "lean_ddeg": 123, "rate_ddps": 700}
    assert found["stride"]["direction"] == "backward" and found["stride"]["sample"] == 151
    buzzes = [event for event in pod.events if event["event"] == "buzz"]
    assert [event["pattern"] for event in buzzes] == ["start", "sway", "stop"]
    assert (buzzes[1]["ms"], buzzes[1]["level"]) == (870, 127)
    assert (found["summary"]["backward"], found["summary"]["sways"], found["summary"]["strides"]) == (2, 1, 1)
    assert sum(found["summary"]["cues_by_5ms"]) == 1 and found["summary"]["cue_worst_ms"] <= 55


def test_the_watchdog_is_fed_and_resets_a_pod_whose_sampling_hangs(pod, monkeypatch):
    from backstep.app.sampling import Sampling

    async def hangs(self):
        import asyncio

        await asyncio.sleep(1e6)

    monkeypatch.setattr(Sampling, "_drain_while_well", hangs)
    with pytest.raises(WatchdogReset):
        pod.run(None)
    assert pod.world.now_us == pytest.approx(8_000_000, abs=300_000)


@pytest.mark.slow
def test_ten_minutes_leave_the_watchdog_content(pod):
    lines = pod.run(600_500)
    assert "session of 10:00" in lines[-2] and len([line for line in lines if "KB free" in line]) >= 598
    assert json.dumps(lines).count("ok") >= 598


def interrupt():
    raise KeyboardInterrupt


def idle(pod, minutes):
    end_us = pod.world.now_us + round(minutes * 60_000_000)
    while pod.world.now_us < end_us:
        pod.world.wait(end_us - pod.world.now_us)


def test_a_stray_ctrl_c_is_felt_and_the_pod_starts_again_in_ten_minutes(pod):
    pod.world.at(2000, interrupt)
    pod.run(None)
    spans = [round(to - since) for since, to in pod.haptic.on_spans() if since >= 1999]
    assert spans == pytest.approx([240, 80], abs=3) and pod.haptic.level == 0
    assert pod.said("it starts again in 10 min, unless somebody types")
    idle(pod, 9.5)
    with pytest.raises(WatchdogReset):
        idle(pod, 1.6)


def test_who_types_at_the_prompt_is_not_reset(pod, monkeypatch):
    pod.world.at(2000, interrupt)
    pod.run(None)
    taken = [60_000]
    monkeypatch.setattr("gc.mem_alloc", lambda: taken[0], raising=False)
    for _ in range(4):
        taken[0] += 32  # a line typed
        idle(pod, 8)
    with pytest.raises(WatchdogReset):
        idle(pod, 11)


@pytest.mark.parametrize(("battery_mv", "limit_ms"), [(4900, DAY_MS), (3900, 600_000), (-1, 600_000)])
def test_a_supply_by_usb_is_known_to_have_somebody_at_it(pod, battery_mv, limit_ms):
    pod.parts.millivolts = battery_mv
    pod.world.at(2000, interrupt)
    pod.run(None)
    assert pod.parts.watchdogs[-1].timeout_ms == limit_ms


def test_a_motor_that_was_left_running_is_stopped_before_anything_else(pod):
    """As by an MCU that was reset amid a pattern."""
    pod.haptic.level = 127
    stop, stopped_ms = pod.haptic.stop, []

    def noted():
        stopped_ms.append((pod.world.now_us / 1000, pod.imu.started == []))
        stop()

    pod.haptic.stop = noted
    pod.run(1000)
    assert stopped_ms[0] == (0, True)
