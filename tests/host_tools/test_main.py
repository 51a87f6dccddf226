import errno
import io
import signal
import subprocess
import sys
import tomllib
import zipfile

import pytest

import host_tools.__main__ as program
from host_tools.__main__ import VERBS, main


@pytest.mark.parametrize("verb", [row[0] for row in VERBS])
def test_every_verb_explains_itself_in_80_columns(verb, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert verb in shown
    assert [line for line in shown.splitlines() if len(line) > 80] == []


def test_a_fault_is_one_line_and_code_2(capsys, tmp_path):
    assert main(["replay", str(tmp_path / "none.bsr")]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"backstep replay: {tmp_path / 'none.bsr'}: there is no such file\n"
    assert main(["replay", str(tmp_path)]) == 2 and "is a folder, want a recording" in capsys.readouterr().err


def test_a_pods_verbs_load_no_library_that_takes_long():
    light = [where for _, where, _ in VERBS if where.startswith(("host_tools.talk", "host_tools.tour"))]
    code = (
        f"import sys, importlib\nfor where in {light}: importlib.import_module(where.partition(':')[0])\n"
        "print([name for name in ('numpy', 'matplotlib', 'esptool', 'littlefs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(light) > 15 and done.stdout == "[]\n"


def test_a_word_too_many_is_told_with_the_verbs_usage(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["snooze", "5", "--loud"])
    err = capsys.readouterr().err
    assert err.startswith("usage: backstep snooze") and err.endswith("unrecognized arguments: 5 --loud\n")


def test_a_name_that_the_terminal_has_no_letters_for_is_shown_all_the_same(monkeypatch):
    class Verb:
        add_arguments = staticmethod(lambda parser: None)
        run = staticmethod(lambda args: print("L\udce4ufe \u2588"))

    seen = io.TextIOWrapper(io.BytesIO(), "latin-1")
    monkeypatch.setattr(program, "_loaded", lambda module: Verb)
    monkeypatch.setattr(sys, "argv", ["backstep", "status"])
    monkeypatch.setattr(sys, "stdout", seen)
    monkeypatch.setattr(program.signal, "signal", lambda number, handler: None)
    program.command()
    seen.flush()
    assert seen.buffer.getvalue() == b"L\\udce4ufe \\u2588\n"


@pytest.mark.parametrize(
    "words,says",
    [
        (["sway_refractory_s=95"], "sway_refractory_s: 95 is outside 1..30 s"),
        (["colour=red"], "colour: no such setting"),
        (["sway_refractory_s"], "want NAME=VALUE"),
        (["sway_refractory_s=95", "colour=red"], "colour: no such setting; sway_refractory_s: 95"),
        (["placement=belt"], "want --placement belt"),
        (["snooze_min=--5"], "snooze_min: '--5' is no whole number (want 0..60 min)"),
    ],
)
def test_settings_on_the_command_line_are_checked(words, says, capsys, tmp_path):
    (tmp_path / "a.csv").write_text(
        "# rate_hz=52 placement=shoe\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n0,0,1000,0,0,0\n"
    )
    assert main(["replay", str(tmp_path / "a.csv"), "--settings", *words]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_a_recording_without_events_says_so(capsys, tmp_path):
    (tmp_path / "a.csv").write_text(
        "# rate_hz=52 placement=shoe\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n0,0,1000,0,0,0\n"
    )
    assert main(["replay", str(tmp_path / "a.csv")]) == 0
    assert capsys.readouterr().out == "no events\n"


def test_what_the_system_refuses_is_one_line_with_what_to_do_where_a_disk_is_full(capsys, monkeypatch):
    class Verb:
        add_arguments = staticmethod(lambda parser: None)

        @staticmethod
        def run(args):
            raise OSError(errno.ENOSPC, "No space left on device", "a.bin")

    monkeypatch.setattr(program, "_loaded", lambda module: Verb)
    assert main(["status"]) == 2
    told = "backstep status: a.bin: No space left on device; make room there, then repeat\n"
    assert capsys.readouterr().err == told


def test_a_flash_file_that_cannot_be_is_told_before_a_pod_is_made(capsys, tmp_path):
    assert main(["sim", "--scenario", "still", "--flash", str(tmp_path / "none" / "flash.bin")]) == 2
    assert capsys.readouterr().err.endswith(f"there is no folder {tmp_path / 'none'}\n")


def test_ctrl_c_while_a_verb_is_imported_is_quiet(capsys, monkeypatch):
    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", interrupted)
    assert main(["boards", "list"]) == 130
    assert capsys.readouterr().err == ""


INTERRUPTED = """
import importlib, os, signal, sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[-1]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
where, wanted = sys.argv[1], sys.argv[-1]
sys.argv[1:] = ["boards", "list"]
module, _, name = where.partition(":")
sys.argv.append(wanted)
sys.exit(getattr(importlib.import_module(module), name)())
"""


@pytest.mark.parametrize("module", ["argparse", "host_tools.errors", "host_tools.install.boards"])
def test_ctrl_c_while_it_is_loaded_ends_the_command_without_a_word(module, pytestconfig):
    """The command's script, interrupted where it looks for a module: from its first one on."""
    project = tomllib.loads((pytestconfig.rootpath / "pyproject.toml").read_text())
    words = [sys.executable, "-c", INTERRUPTED, project["project"]["scripts"]["backstep"], module]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_ctrl_c_is_caught_while_a_verb_runs_and_ignored_in_a_shells_background(monkeypatch):
    seen = []

    class Verb:
        add_arguments = staticmethod(lambda parser: seen.append(signal.getsignal(signal.SIGINT)))
        run = staticmethod(lambda args: seen.append(signal.getsignal(signal.SIGINT)) or 0)

    monkeypatch.setattr(program, "_loaded", lambda module: Verb)
    monkeypatch.setattr(sys, "argv", ["backstep", "status"])
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        for first in (signal.default_int_handler, signal.SIG_IGN):
            signal.signal(signal.SIGINT, first)
            assert program.command() == 0
            seen.append(signal.getsignal(signal.SIGINT))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    default, ignored = signal.SIG_DFL, signal.SIG_IGN
    assert seen == [default, signal.default_int_handler, default, ignored, ignored, ignored]


@pytest.mark.parametrize(
    ("word", "meant"), [("sesions", "did you mean sessions? "), ("xyz", ""), ("stat", "did you mean status? ")]
)
def test_a_verb_that_is_none_is_one_line_with_the_nearest(word, meant, capsys):
    assert main([word, "--json"]) == 2
    err = capsys.readouterr().err
    assert err == f"backstep: {word}: there is no such verb; {meant}backstep --help lists them\n"


def test_the_list_of_verbs_gives_each_a_line_of_80_columns_and_says_what_the_exit_codes_mean(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split(maxsplit=1) for line in lines if line.startswith("    ")] == [[v, t] for v, _, t in VERBS]
    assert all(f"{code}: " in " ".join(lines) for code in (0, 1, 2, 130))


@pytest.mark.slow
def test_a_wheel_carries_firmware_and_boards(tmp_path, pytestconfig):
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", str(tmp_path), "."]
    subprocess.run(command, cwd=pytestconfig.rootpath, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"host_tools/_pod/main.py", "backstep/board.py", "backstep/core/events.py", "backstep/app/pod.py"}
    wanted |= {"host_tools/report/style.css", "host_tools/compiled/prelude.c"}
    wanted |= {f"host_tools/_pod/boards/{p.name}" for p in (pytestconfig.rootpath / "boards").glob("*.json")}
    assert wanted <= names
    pages = [name for name in names if name.endswith((".md", ".svg"))]
    assert pages == ["host_tools/_pod/boards/README.md"]
