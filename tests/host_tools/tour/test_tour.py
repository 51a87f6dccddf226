"""The tour: real commands, told before they run, on a simulated pod; what it leaves can be shown and exported."""

import io
import sys

import pytest
from garmin_fit_sdk import Decoder, Stream
from rich.console import Console
from talking import command

from host_tools.errors import UserError
from host_tools.tour import tour


@pytest.fixture
def told(monkeypatch):
    """What a Tour prints; each command is a Python that ends with 3 where the verb is `broken`, and is kept."""
    out, ran = io.StringIO(), []

    def ours(words):
        ran.append(words)
        script = "import sys, time; print('here', flush=True); words = sys.argv[1:]\n"
        script += "time.sleep(60 if words[0] == 'sim' else 0); sys.exit(3 * (words[0] == 'broken'))"
        return [sys.executable, "-c", script, *words]

    monkeypatch.setattr(tour, "_ours", ours)
    return Console(file=out, width=200), out, ran


def test_without_a_terminal_it_wants_yes(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    code, _, err = command("tour", "--to", tmp_path / "new")
    assert code == 2 and "no terminal: want --yes" in err and not (tmp_path / "new").exists()


def test_each_command_is_told_as_it_is_run(told):
    console, out, ran = told
    tour.Tour(True, console).step("What comes.", "lap", "--port", "/a/port")
    assert ran == [("lap", "--port", "/a/port")]
    assert out.getvalue().splitlines()[-2:] == ["What comes.", "$ backstep lap --port /a/port"]


def test_enter_is_waited_for_before_a_command_runs(told, monkeypatch):
    console, _, ran = told
    monkeypatch.setattr("builtins.input", lambda prompt: ran.append(prompt))
    tour.Tour(False, console).step("What comes.", "lap")
    assert ran == ["Enter goes on ", ("lap",)]


def test_a_command_that_fails_ends_it_and_the_pod(told):
    console, _, ran = told
    one = tour.Tour(True, console)
    with pytest.raises(UserError, match="backstep broken ended with 3"), one.pod("sim"):
        one.step("What comes.", "broken")
    assert ran == [("sim",), ("broken",)]


def test_a_pod_that_does_not_start_is_waited_for_only_so_long(told, monkeypatch):
    console, _, _ = told
    monkeypatch.setattr(tour, "_PATIENCE_S", 0.0)
    with pytest.raises(UserError, match="was not up for 1 s in 0.0 s"):
        tour.Tour(True, console).wait_until(1, ("--port", "/a/port"))


@pytest.mark.vm
@pytest.mark.slow
def test_it_ends_with_a_session_that_can_be_shown_and_exported(tmp_path):
    folder = tmp_path / "tour"
    assert command("tour", "--to", folder, "--yes")[0] == 0
    assert (folder / "report.html").stat().st_size > 10_000
    messages, errors = Decoder(Stream.from_file(str(folder / "walk.fit"))).read()
    (whole,) = messages["session_mesgs"]
    assert errors == [] and whole["total_distance"] > 20 and whole["num_laps"] == 2
    assert command("export", "latest", folder, "--to", "csv", "--out", tmp_path / "again.csv")[0] == 0
