"""`--pod sim`: the one simulated pod that runs, by what it said of itself."""

import os

import pytest
from talking import Line, command

from host_tools.sim.sim_pty import own_uid
from host_tools.talk import announced, find, usb_port


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(find, "ports", list)
    return tmp_path / "cache" / "backstep" / "pods"


@pytest.fixture
def line():
    line = Line()
    yield line
    line.close()


def test_the_one_that_runs_is_found_and_forgotten_at_its_end(line):
    with announced.announced(line.port):
        assert announced.ports() == [line.port]
        assert command("time", "--pod", "sim")[:2] == (0, "the pod knows the time now\n")
    assert announced.ports() == []


def test_each_has_a_uid_of_its_own_and_keeps_it_with_its_flash(line, tmp_path, monkeypatch):
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    first = own_uid(one)
    with announced.announced(line.port):
        assert own_uid(one) == first
    uids = [first, own_uid(other), own_uid(None)]
    monkeypatch.setattr(os, "getpid", lambda: 2**22)
    assert len({*uids, own_uid(None)}) == 4 and all(len(uid) == 6 and uid[0] == 2 for uid in uids)


def test_a_simulated_pod_is_found_by_its_name_and_uid():
    shoe, belt = Line(name="left shoe"), Line(name="my belt")
    with announced.announced(shoe.port):
        assert command("time", "--pod", "left shoe")[0] == 0
        code, _, err = command("time", "--pod", "my belt")
    assert code == 2 and f"there is: {shoe.port}: left shoe" in err
    shoe.close()
    belt.close()


def test_a_pod_on_usb_goes_before_a_simulated_one_of_its_name(line, monkeypatch):
    real = Line()
    monkeypatch.setattr(find, "ports", lambda: [real.port])
    with announced.announced(line.port):
        assert command("time", "--pod", "left")[0] == 0
    assert real.asked and not line.asked
    real.close()


def test_none_says_how_to_start_one():
    assert command("status", "--pod", "sim") == (
        2, "", "backstep status: --pod sim: no simulated pod runs; backstep sim --pty starts one\n"
    )  # fmt: skip


def test_without_a_pod_on_usb_the_one_that_is_simulated_is_named(line, monkeypatch):
    monkeypatch.setattr(usb_port.list_ports, "comports", list)
    assert "simulated" not in command("time")[2]
    with announced.announced(line.port):
        code, _, err = command("time")
    assert code == 2 and err.endswith("with --port; a simulated pod runs: --pod sim\n")


def test_several_are_named_and_none_is_guessed(line, cache):
    other = Line()
    with announced.announced(line.port):
        (cache / str(os.getppid())).write_text(other.port)
        code, _, err = command("time", "--pod", "sim")
    other.close()
    assert code == 2 and line.port in err and other.port in err and "which one? Name its --port" in err


def test_one_whose_process_is_gone_is_none(line, cache):
    cache.mkdir(parents=True)
    gone = cache / str(2**22 + 1)  # [proc(5)] larger than any process number
    gone.write_text(line.port)
    assert announced.ports() == [] and not gone.exists()


def test_a_folder_that_cannot_be_made_stops_nobody(line, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with announced.announced(line.port):
        assert announced.ports() == []


def test_a_folder_that_may_not_be_read_stops_nobody(monkeypatch):
    def refused(folder, pattern):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(announced.Path, "glob", refused)
    assert announced.ports() == [] and announced.processes() == frozenset()


def test_a_real_pod_that_is_called_sim_is_found_where_none_is_simulated(monkeypatch):
    line = Line(name="sim")
    monkeypatch.setattr(find, "ports", lambda: [line.port])
    assert command("time", "--pod", "sim")[0] == 0
    line.close()
