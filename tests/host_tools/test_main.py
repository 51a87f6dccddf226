import subprocess
import sys
import zipfile

import pytest

from host_tools.__main__ import VERBS, main


@pytest.mark.parametrize("verb", [row[0] for row in VERBS])
def test_every_verb_explains_itself(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    assert verb in capsys.readouterr().out


def test_the_verbs_are_listed(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert all(f" {name} {text}" in shown for name, _, text in VERBS)


def test_a_fault_is_one_line_and_code_2(capsys, tmp_path):
    assert main(["replay", str(tmp_path / "none.bsr")]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"backstep replay: {tmp_path / 'none.bsr'}: No such file or directory\n"


@pytest.mark.parametrize(
    "words,says",
    [
        (["sway_lean_deg=95"], "sway_lean_deg: 95 is outside 5..45 deg"),
        (["colour=red"], "colour: no such setting"),
        (["sway_lean_deg"], "want NAME=VALUE"),
        (["sway_lean_deg=95", "colour=red"], "colour: no such setting; sway_lean_deg: 95"),
        (["placement=belt"], "want --placement belt"),
    ],
)
def test_settings_on_the_command_line_are_checked(words, says, capsys, tmp_path):
    (tmp_path / "a.csv").write_text("# rate_hz=52\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n0,0,1000,0,0,0\n")
    assert main(["replay", str(tmp_path / "a.csv"), "--settings", *words]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_a_recording_without_events_says_so(capsys, tmp_path):
    (tmp_path / "a.csv").write_text("# rate_hz=52\nax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n0,0,1000,0,0,0\n")
    assert main(["replay", str(tmp_path / "a.csv")]) == 0
    assert capsys.readouterr().out == "no events\n"


@pytest.mark.vm
def test_what_the_system_refuses_is_one_line(capsys, tmp_path):
    assert main(["sim", "--scenario", "still", "--flash", str(tmp_path / "none" / "flash.bin")]) == 2
    err = capsys.readouterr().err
    assert "No such file or directory" in err
    assert err.count("\n") == 1


def test_ctrl_c_while_a_verb_is_imported_is_quiet(capsys, monkeypatch):
    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", interrupted)
    assert main(["boards", "list"]) == 130
    assert capsys.readouterr().err == ""


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
