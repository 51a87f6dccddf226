"""Which MicroPython is taken, and what is said when there is none."""

import os
import stat
import sys
from pathlib import Path

import pytest

from host_tools.errors import UserError
from host_tools.micropython import build


@pytest.fixture
def nothing_built(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MICROPYTHON", raising=False)
    monkeypatch.delenv("MICROPYTHON_RELEASE", raising=False)
    monkeypatch.delenv("CI", raising=False)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_none_built_names_the_command(nothing_built):
    with pytest.raises(UserError, match="none built yet; run `backstep micropython`"):
        build.find()


def test_the_variable_comes_first(nothing_built, tmp_path, monkeypatch):
    mine = script(tmp_path / "mine", "echo 64")
    monkeypatch.setenv("MICROPYTHON", str(mine))
    assert build.find() == mine


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "mine: no such program"),
        ("echo hello", "is no MicroPython for a pod .says 'hello"),
        ("echo no such option >&2; exit 1", "is no MicroPython for a pod .says 'no such option"),
    ],
)
def test_a_variable_that_is_of_no_use_is_an_error(nothing_built, tmp_path, monkeypatch, content, message):
    path = tmp_path / "mine"
    if content:
        script(path, content)
    monkeypatch.setenv("MICROPYTHON", str(path))
    with pytest.raises(UserError, match=message):
        build.find()


def test_a_micropython_or_python_without_the_pods_modules_is_refused(nothing_built, monkeypatch):
    monkeypatch.setenv("MICROPYTHON", sys.executable)
    with pytest.raises(UserError, match="No module named '_pod'.*want a unix build with the variant"):
        build.find()


def test_a_program_beside_us_is_found_from_everywhere(nothing_built, tmp_path, monkeypatch):
    mine = script(tmp_path / "mine", "echo 64")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROPYTHON", "./mine")
    assert build.find() == mine


def test_ci_takes_no_64_bit_words(nothing_built, tmp_path, monkeypatch):
    monkeypatch.setenv("MICROPYTHON", str(script(tmp_path / "mine", "echo 64")))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(UserError, match="has 64-bit words, wanted 32"):
        build.find()


def test_32_bit_words_are_preferred(nothing_built):
    release = build.source.RELEASES[0]
    wide = script(build._built(release, 64), "")
    assert build.find() == wide
    with pytest.raises(UserError):
        build.find(insist_32bit=True)
    narrow = script(build._built(release, 32), "")
    assert build.find() == narrow


def test_the_release_asked_for_is_taken(nothing_built, monkeypatch):
    newest, oldest = (script(build._built(release, 32), "") for release in build.source.RELEASES)
    assert build.find() == newest
    monkeypatch.setenv("MICROPYTHON_RELEASE", build.source.RELEASES[-1].version)
    assert build.find() == oldest


def test_other_sources_of_ours_mean_another_build(nothing_built, tmp_path, monkeypatch):
    before = build._built(build.source.RELEASES[0], 32)
    monkeypatch.setattr(build, "_VARIANT", tmp_path / "variant")
    script(tmp_path / "variant" / "podlink.c", "int main;")
    assert build._built(build.source.RELEASES[0], 32) != before


def test_a_compiler_without_m32_is_a_notice_or_an_error(nothing_built, tmp_path, monkeypatch, capsys):
    script(tmp_path / "bin" / "gcc", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    assert build._word_bits(insist_32bit=False) == 64
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(UserError, match="install gcc-multilib"):
        build._word_bits(insist_32bit=True)


def test_a_missing_tool_is_named(nothing_built, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="make is not installed"):
        build.build()


def test_a_failing_build_shows_its_errors(tmp_path, monkeypatch):
    script(tmp_path / "bin" / "make", "echo CC a; echo 'a.c:1: error: no' >&2; exit 2")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    with pytest.raises(UserError, match="the build failed:\na.c:1: error: no$"):
        build._make(tmp_path, [])


def test_a_release_whose_machine_is_another_is_refused(tmp_path):
    (tmp_path / "py").mkdir()
    (tmp_path / "py" / "vm.c").write_text("#define DISPATCH() goto next\n")
    with pytest.raises(UserError, match="py/vm.c of this release lacks the place where computing is charged"):
        build._add_variant(tmp_path)
