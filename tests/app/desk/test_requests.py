"""Requests of a program at the console: each answers, refuses with its reason, and changes what it says."""

import json

import pytest
from backstep.app.desk import desk
from backstep.app.kept import settings_store, twin
from backstep.core import patterns
from backstep.core import settings as rules

NOON_MS = 1_764_244_800_000


def test_hello_tells_who_and_what_can_be_asked(asked):
    told = asked.ask("hello")
    assert (told["name"], told["uid"], told["board"]) == ("backstep", "020000000001", "test_board")
    assert (told["placement"], told["rate_hz"], told["boots"], told["safe"]) == ("shoe", 208, 1, False)
    assert told["requests"] == desk.names() and told["protocol"] == desk.PROTOCOL


def test_every_request_of_the_table_has_an_answer():
    for row in desk.TABLE:
        name, module = row.split()[:2]
        handlers = desk.HANDLERS if module == "desk" else desk._handlers(module)
        assert handlers[name].__doc__


def test_status_has_what_the_summary_has_and_more(asked):
    told = asked.ask("status")
    assert (told["battery_mv"], told["battery_pct"], told["on_usb"]) == (3912, 65, False)
    assert told["session"] == "log/00001-01.bsl" and told["backward"] == 0
    assert told["uptime_ms"] > 0 and told["unix_ms"] == 0 and told["day_counts"] == [0] * 5


def test_the_time_is_taken_and_told_how_far_it_was_off(asked):
    assert asked.ask("time", unix_ms=NOON_MS, utc_offset_min=60)["ahead_ms"] is None
    assert asked.ask("time", unix_ms=NOON_MS - 1500, utc_offset_min=60)["ahead_ms"] == 1500
    assert asked.ask("status")["unix_ms"] == NOON_MS
    assert asked.ask("time", unix_ms=5, utc_offset_min=0).startswith("time: unix_ms: 5 is outside")
    assert asked.ask("time", unix_ms=NOON_MS, utc_offset_min=900).startswith("time: utc_offset_min: 900")


def test_a_laptop_that_was_ahead_once_is_put_right_and_its_days_are_dropped(asked):
    asked.ask("time", unix_ms=NOON_MS + 40 * 86_400_000, utc_offset_min=60)
    assert asked.ask("status")["day"] == NOON_MS // 86_400_000 + 40
    told = asked.ask("time", unix_ms=NOON_MS, utc_offset_min=60)
    assert told["stepped_back"] and 40 * 86_400_000 <= told["ahead_ms"] < 40 * 86_400_000 + 60_000
    status = asked.ask("status")
    assert status["day"] == NOON_MS // 86_400_000
    assert NOON_MS <= status["unix_ms"] < NOON_MS + 60_000
    assert not asked.ask("time", unix_ms=NOON_MS - 2000, utc_offset_min=60)["stepped_back"]


def test_settings_change_all_or_none(asked):
    changed = asked.ask("set", values={"cue_every_steps": 7, "placement": "belt"})
    assert changed == {"changed": ["cue_every_steps", "placement"], "waits": ["placement"]}
    error = asked.ask("set", values={"cue_every_steps": 9, "placement": "hat", "hue": 1})
    assert error.splitlines() == ["hue: no such setting", "placement: 'hat' is none of shoe, belt, wrist"]
    told = asked.ask("get")
    assert told["settings"] == rules.check({"cue_every_steps": 7, "placement": "belt"})
    assert told["waits"] == ["placement"]


def test_settings_that_are_no_more_are_told_of_until_one_is_changed(asked):
    kept = {"version": 5, "settings": {**rules.defaults(), "sway_lean_deg": 12, "snooze_min": 9}}
    twin.write(asked.running.kept.path.removesuffix(".json"), kept)
    line = "settings: sway_lean_deg: gone, all else is kept; use sway_sensitivity instead"
    for _ in range(2):
        told = asked.ask("get")
        assert told["gone"] == line and told["settings"] == rules.check({"snooze_min": 9})
    changed = asked.ask("set", values={"cue_every_steps": 7})
    assert changed["gone"] == line and changed["changed"] == ["cue_every_steps"]
    assert "gone" not in asked.ask("get")
    refused = asked.ask("set", values={"sway_lean_deg": 9})
    assert refused == "sway_lean_deg: no such setting any more, use sway_sensitivity"


def test_what_may_change_at_once_does(asked):
    asked.ask("set", values={"haptic_strength_pct": 40, "cue_every_steps": 3, "snooze_min": 0, "pod_name": "left"})
    assert asked.running.sensing.notifying._player.strength_pct == 40
    assert asked.running.sensing.keeper._every_steps == 3
    assert asked.ask("hello")["name"] == "left"
    assert asked.ask("snooze").startswith("snooze: nothing to do")


def test_a_lap_begins_only_while_a_session_runs(asked):
    assert asked.ask("lap") == "lap: no session runs"
    for _ in range(2):
        asked.ask("begin")
        assert asked.ask("lap") == {} and asked.ask("lap") == {}
        assert asked.running.sensing.keeper._laps == 3
        asked.ask("end")


def test_reset_sets_some_or_all_to_their_defaults(asked):
    asked.ask("set", values={"cue_every_steps": 7, "snooze_min": 9})
    assert asked.ask("reset", names=["snooze_min"])["changed"] == ["snooze_min"]
    assert asked.ask("reset", names=["hue"]) == "reset: hue: no such setting"
    assert asked.ask("reset")["changed"] == ["cue_every_steps"]
    assert asked.ask("get")["settings"] == rules.defaults()


def test_a_flash_that_refuses_leaves_the_settings(asked, monkeypatch):
    from backstep.app.kept import twin

    def refuse(path, table):
        raise OSError(28)

    monkeypatch.setattr(twin, "pieces", refuse)
    assert asked.ask("set", values={"snooze_min": 9}) == "OSError: 28"
    assert asked.ask("get")["settings"] == rules.defaults()
    assert asked.running.sensing.keeper._snooze_s == 300


def test_a_lack_of_memory_is_told_as_that_and_frees_what_answered(asked, monkeypatch):
    def lack(path, settings):
        raise MemoryError

    with monkeypatch.context() as short:
        short.setattr(settings_store, "saving", lack)
        (line,) = asked.type('{"id": 3, "do": "set", "values": {"snooze_min": 9}}')
    assert json.loads(line)["busy"] is True and "the pod lacked memory" in line
    assert asked.desk._handlers == {}
    assert asked.ask("set", values={"snooze_min": 9})["changed"] == ["snooze_min"]


def test_buzz_plays_any_pattern_and_names_them_all(asked):
    for row in patterns.PATTERNS:
        assert asked.ask("buzz", pattern=row[0]) == {}
    assert asked.ask("buzz", pattern="nix").startswith("pattern: 'nix' is none of sway, caution")


def test_live_tells_events_until_it_is_off(asked):
    assert asked.ask("live", on=True) == {"on": True}
    asked.running.sensing.keeper.running = True
    lines = asked.type('{"id": 2, "do": "mark"}')
    assert [json.loads(line).get("event") for line in lines if line.startswith("{")] == ["mark", None]
    asked.ask("live", on=True)
    assert asked.ask("live", on=False) == {"on": False}
    assert not [line for line in asked.type('{"id": 2, "do": "mark"}') if '"event"' in line]


def test_what_takes_long_begins_with_an_empty_fifo(asked, monkeypatch):
    sampling, done = asked.running.sensing.sampling, []
    monkeypatch.setattr(sampling, "drain_now", lambda: done.append("drained"))
    monkeypatch.setattr(settings_store, "saving", lambda path, settings: done.append("saved") or [])
    sampling.waits = True
    asked.ask("set", values={"snooze_min": 9})
    assert done[-2:] == ["drained", "saved"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "request: no JSON"),
        ("{}", "id: None is no whole number"),
        ('{"id": true, "do": "hello"}', "id: True is no"),
        ('{"id": 1}', "do: None is none of hello, status"),
        ('{"id": 1, "do": "set"}', "set: values: missing"),
        ('{"id": 1, "do": "set", "values": 5, "x": 1}', "set: 'x': no such argument"),
        ('{"id": 1, "do": "live", "on": 1}', "live: on: 1 is no flag"),
        ('{"id": 1, "do": ' + "[" * 900, "request: "),
    ],
)
def test_a_broken_request_gets_one_error(asked, line, words):
    (answer,) = asked.type(line)
    assert words in json.loads(answer)["error"]


@pytest.mark.parametrize(
    ("do", "why", "said"),
    [("stop", "stop", "stopped"), ("maintenance", "maintenance", "stopped for maintenance")],
)
def test_ways_out_are_reasons_in_the_log(pod, do, why, said):
    from host_tools.sessions import session_log

    pod.type_at(1000, b'{"id": 1, "do": "%s"}\n' % do.encode())
    assert pod.run(None)[-1] == "backstep: " + said
    assert session_log.load(pod.root / "log" / "00001-01.bsl").ended == why
    assert pod.parts.resets == 0


def test_reboot_resets_the_pod_after_its_way_out(pod):
    pod.type_at(1000, b'{"id": 1, "do": "reboot"}\n')
    assert pod.run(None)[-1] == "backstep: starting anew"
    assert pod.parts.resets == 1 and pod.haptic.level == 0


def test_the_desk_is_cleared_when_nobody_asks(pod, monkeypatch):
    from backstep.app.desk import console

    made = []
    plain = console.Console.listen

    def watched(self):
        made.append(self)
        return plain(self)

    monkeypatch.setattr(console.Console, "listen", watched)
    held = []
    pod.type_at(1000, b'{"id": 1, "do": "hello"}\n')
    pod.world.at(20_000, lambda: held.append(made[0]._desk))
    pod.world.at(40_000, lambda: held.append(made[0]._desk))
    pod.run(45_000)
    assert held[0] is not None and held[1] is None
