"""Who may open a serial port, and who has it open."""

import grp
import os
import stat
from types import SimpleNamespace

import pytest

from host_tools.talk import pod_link, port_access


@pytest.fixture
def port(monkeypatch, tmp_path):
    """Have this user be refused at a port; returns what says of which group it is, and who is in that."""

    def owned(gid=20, mode=0o660, members=(), joined=()):
        facts = SimpleNamespace(st_gid=gid, st_mode=stat.S_IFCHR | mode)
        monkeypatch.setattr(port_access.os, "access", lambda path, mode: False)
        monkeypatch.setattr(port_access.os, "stat", lambda path: facts)
        monkeypatch.setattr(port_access.os, "getgroups", lambda: list(joined))
        monkeypatch.setattr(port_access, "_user", lambda: "anna")
        monkeypatch.setattr(grp, "getgrgid", lambda gid: SimpleNamespace(gr_name="dialout", gr_mem=list(members)))
        return port_access.refusal("/dev/ttyACM0", 0x303A)

    return owned


def test_the_command_that_mends_it_is_named(port):
    why, commands = port()
    assert "of group dialout, and you are not in that" in why
    assert commands == ("sudo usermod -aG dialout $USER", "then log out and in again")
    assert port(members=["anna"]) == (
        "no permission yet: you joined group dialout after this login", ("log out and in again",)
    )  # fmt: skip


@pytest.mark.parametrize(("gid", "mode"), [(0, 0o660), (20, 0o600)])
def test_without_a_group_to_join_it_is_a_rule_for_its_device(port, gid, mode):
    commands = port(gid, mode)[1]
    assert 'ATTRS{idVendor}=="303a", TAG+="uaccess"' in commands[0] and "60-backstep.rules" in commands[1]
    assert max(map(len, commands)) <= 75  # what a line of the doctor's has room for


def test_who_has_it_open_is_named_but_for_those_that_do_not_count(tmp_path):
    port = tmp_path / "port"
    port.touch()
    there = (7, "screen", port), (8, "sim", port), (9, "bash", "/dev/null"), (10, "gone", None)
    for number, name, target in there:
        (tmp_path / "proc" / str(number) / "fd").mkdir(parents=True)
        (tmp_path / "proc" / str(number) / "comm").write_text(name + "\n")
        if target:
            (tmp_path / "proc" / str(number) / "fd" / "3").symlink_to(target)
    assert port_access.holders(str(port), frozenset({8}), tmp_path / "proc") == ["screen (7)"]
    (tmp_path / "link").symlink_to(port)
    assert port_access.holders(str(tmp_path / "link"), frozenset({8}), tmp_path / "proc") == ["screen (7)"]


def test_every_verb_says_who_has_the_port_open(monkeypatch):
    monkeypatch.setattr(port_access, "holders", lambda port, but: ["screen (7)"])
    _, line = os.openpty()
    port = os.ttyname(line)
    assert pod_link.why_not_open(port) == f"{port}: screen (7) has it open; end that and repeat"
    monkeypatch.setattr(port_access, "refusal", lambda port: ("no permission", ("do a", "then b")))
    assert pod_link.why_not_open(port) == f"{port}: no permission; do a, then b"


def test_what_is_no_serial_port_is_told_as_that(tmp_path):
    (tmp_path / "file").touch()
    for port in (os.devnull, str(tmp_path), str(tmp_path / "file")):
        told = pod_link.why_not_open(port)
        assert told == f"{port}: is no serial port; backstep doctor finds the pod's"
