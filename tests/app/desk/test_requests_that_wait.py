"""Requests that wait: for a calm moment, for a warning that is near, for whoever changes the settings."""

import json

import pytest
from backstep.app.desk import desk
from backstep.core import settings as rules


def test_a_pod_that_turns_is_busy(asked, monkeypatch):
    monkeypatch.setattr(asked.running.sensing.detecting, "calm", lambda: False)
    (line,) = asked.type('{"id": 3, "do": "set", "values": {"snooze_min": 9}}')
    assert json.loads(line)["busy"] is True and "hold it still" in line
    assert asked.ask("get")["settings"] == rules.defaults()


def test_settings_that_are_being_changed_are_busy(asked):
    asked.running.kept.changing = True
    (line,) = asked.type('{"id": 3, "do": "set", "values": {"snooze_min": 9}}')
    assert json.loads(line)["busy"] is True
    asked.running.kept.changing = False
    assert asked.ask("set", values={"snooze_min": 9})["changed"] == ["snooze_min"]
    assert not asked.running.kept.changing


@pytest.mark.parametrize("moving", [0, 1, 10, 10**6])
def test_modules_are_loaded_at_a_calm_moment_or_after_a_second(asked, monkeypatch, moving):
    asked.ask("status")
    looks, loads = [], []
    plain = desk._handlers
    monkeypatch.setattr(asked.running.sensing.detecting, "calm", lambda: looks.append(0) or len(looks) > moving)
    monkeypatch.setattr(desk, "_handlers", lambda module: loads.append(len(looks)) or plain(module))
    assert "settings" in asked.ask("get") and "settings" in asked.ask("get")
    assert loads == [min(moving + 1, 50)]  # the second one has its module, and does not look


@pytest.mark.parametrize(("unsteady", "looks"), [(0, 50), (10, 60), (10**6, 100)])
def test_a_module_is_not_loaded_while_a_warning_is_near(asked, monkeypatch, unsteady, looks):
    """For a second it waits for quiet, then no longer than another for a warning to come or to be near no more."""
    detecting, seen, loads = asked.running.sensing.detecting, [], []
    plain = desk._handlers
    asked.ask("status")
    monkeypatch.setattr(detecting, "calm", lambda: seen.append(0))
    monkeypatch.setattr(detecting, "steady", lambda: len(seen) >= 50 + unsteady)
    monkeypatch.setattr(desk, "_handlers", lambda module: loads.append(len(seen)) or plain(module))
    assert "settings" in asked.ask("get")
    assert loads == [looks]


def test_no_request_is_begun_while_a_warning_is_near(asked, monkeypatch):
    """Reading the settings held a sway's cue up by 25 ms."""
    asked.ask("get")
    seen = []
    monkeypatch.setattr(asked.running.sensing.detecting, "calm", lambda: False)
    monkeypatch.setattr(asked.running.sensing.detecting, "steady", lambda: seen.append(0) or len(seen) == 10)
    assert "settings" in asked.ask("get")
    assert len(seen) == 10
