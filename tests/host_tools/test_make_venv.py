"""The project's virtual environment is made by a script that imports nothing of ours."""

import os
import subprocess
import sys

import pytest

from host_tools import make_venv
from host_tools.cache_folder import cache_folder
from host_tools.install import kept_build


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    command = [sys.executable, make_venv.__file__, str(tmp_path / "file" / ".venv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("make: ")
    assert done.stderr.endswith(": Not a directory\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("extra", "installed"), [("", "{}"), ("dev", "{}[dev]")])
def test_what_it_runs_with_is_installed_alone_or_with_an_extra(tmp_path, monkeypatch, extra, installed):
    ran = []
    monkeypatch.setattr(make_venv.venv, "create", lambda *args, **named: None)
    monkeypatch.setattr(make_venv.subprocess, "run", lambda words, **named: ran.append(words))
    make_venv.make(tmp_path / ".venv", *([extra] if extra else []))
    assert ran[-1][-2:] == ["--editable", installed.format(make_venv.PROJECT)]
    assert ("--no-compile" in ran[-1]) == bool(extra)


def made(target, folder):
    """Return the commands that `make target` would run, its caches in a folder."""
    words = ["make", "--dry-run", "--no-print-directory", target]
    environment = os.environ | {"XDG_CACHE_HOME": str(folder)}
    return subprocess.check_output(words, cwd=make_venv.PROJECT, env=environment, text=True)


def test_clean_says_where_the_micropython_stays_and_clean_all_removes_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert f"stays in {cache_folder()};" in made("clean", tmp_path)
    assert str(cache_folder()) not in [word for word in made("clean", tmp_path).split() if word.startswith("rm")]
    removed = f'rm -rf "{cache_folder()}"/micropython-* "{cache_folder()}"/detector-* "{kept_build.folder()}"'
    assert removed in made("clean-all", tmp_path)


def test_quick_asks_for_no_micropython(tmp_path):
    assert "backstep micropython" not in made("quick", tmp_path)
    assert "backstep micropython" in made("test", tmp_path)
