"""What `backstep sim` does not take, and the one line that says why."""

import numpy as np
import pytest

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.recordings import Recording
from host_tools.sim import sim
from host_tools.virtual_pod.world import World


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--recording", "none.bsr"), "none.bsr: there is no such file"),
        (("--faults", "gremlins"), "none of absent"),
        (("--settings", "sway_refractory_s=95"), "sway_refractory_s: 95 is outside 1..30 s"),
        (("--board", "toaster"), "there is no 'toaster'"),
        (("--flash", "x.bin"), "cannot share x.bin"),
        (("--settings", "placement=belt"), "want --placement belt"),
        (("--settings", "console_events=0"), "want --pty"),
        (("--pty", "no/such/folder/pod"), "there is no folder no/such/folder"),
        (("--pty", "/dev/null"), "/dev/null: is taken"),
    ],
)
def test_bad_input_is_answered_in_one_line(capsys, words, says):
    assert main(["sim", *words]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--settings", "snooze_min=95"), ("--board", "toaster"), ("--pty", "/dev/null"), ("--save", "walk.wav"),
        ("--save", "no/such/folder/walk.bsr"),
    ],
)  # fmt: skip
def test_what_can_be_seen_at_once_is_refused_before_a_walk_is_made(monkeypatch, words):
    monkeypatch.setattr(sim, "recordings", lambda args: pytest.fail("a walk was made"))
    assert main(["sim", *words]) == 2


@pytest.mark.parametrize("words", [("--seed", "-1"), ("--heap", "lots"), ("--heap", "0")])
def test_numbers_out_of_range_are_refused(capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(["sim", *words])
    assert ended.value.code == 2
    assert f"argument {words[0]}: " in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_board_with_faults_is_refused(capsys, tmp_path, text):
    (tmp_path / "mine.json").write_text(text)
    for words in (("sim", "--board"), ("boards", "list")):
        assert main([*words, str(tmp_path / "mine.json")]) == 2
        assert "mine.json: " in capsys.readouterr().err


@pytest.mark.parametrize("size", [0, 1000])
@pytest.mark.vm
def test_a_flash_of_no_flashs_size_is_refused(capsys, tmp_path, size):
    (tmp_path / "flash.bin").write_bytes(bytes(size))
    assert main(["sim", "--scenario", "still", "--flash", str(tmp_path / "flash.bin")]) == 2
    assert f"{size} bytes, wanted whole blocks of 4096" in capsys.readouterr().err


def test_a_recording_with_gaps_is_refused():
    with pytest.raises(UserError, match="gaps"):
        World(Recording(np.zeros((10, 6), np.int16), 208.0, gaps=((5, 2),)))
