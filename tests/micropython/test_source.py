"""Where the source of MicroPython comes from, and what is refused."""

import os
import stat
from pathlib import Path

import pytest

from host_tools.errors import UserError
from host_tools.micropython import source

ONE_LINE = """
# deb http://old.example.org/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://a.example.org/debian bookworm main contrib
deb http://a.example.org/debian-security bookworm-security main
deb cdrom:[Debian 12]/ bookworm main
deb http://tools.example.org/apt cloud-tools main
deb-src http://b.example.org/pub/debian stable-updates main # local
"""
DEB822 = """
Types: deb
URIs: http://c.example.org/debian http://d.example.org/debian
Suites: trixie trixie-updates
Components: main
Signed-By: /c.gpg

Enabled: no
Types: deb
URIs: http://off.example.org/debian
Suites: trixie
Components: main

Types: deb
# a comment
URIs: http://node.example.org/
Suites: nodistro
Components: main
"""


@pytest.fixture(autouse=True)
def every_release(monkeypatch):
    monkeypatch.delenv("MICROPYTHON_RELEASE", raising=False)


@pytest.fixture
def etc_apt(tmp_path) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(ONE_LINE)
    (tmp_path / "sources.list.d" / "more.sources").write_text(DEB822)
    (tmp_path / "sources.list.d" / "more.sources.dpkg-old").write_text(DEB822.replace("example", "gone"))
    return tmp_path


def test_mirrors_are_those_of_the_machine(etc_apt):
    found = source.mirrors(etc_apt)
    assert [mirror.split()[-1] for mirror in found] == [
        "http://a.example.org/debian",
        "http://b.example.org/pub/debian",
        "http://c.example.org/debian",
        "http://d.example.org/debian",
    ]
    assert found[0] == "[signed-by=/k.gpg] http://a.example.org/debian"
    assert found[2] == "[signed-by=/c.gpg] http://c.example.org/debian"


def test_a_machine_without_sources_has_no_mirror(tmp_path):
    assert source.mirrors(tmp_path) == []


def fake_apt(folder: Path, script: str, monkeypatch) -> None:
    """Put a shell script of the name apt-get in front of the real one."""
    apt = folder / "apt-get"
    apt.write_text("#!/bin/sh\n" + script)
    apt.chmod(apt.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr(source, "mirrors", lambda etc_apt: ["http://a.example.org/debian"])


def test_another_tarball_than_the_known_one_is_refused(tmp_path, monkeypatch):
    fake_apt(tmp_path, 'case "$*" in *download-only*) echo other > micropython_9.orig.tar.xz;; esac', monkeypatch)
    with pytest.raises(UserError, match="sid: its source is no longer 1.26.1 .*trixie: .* no longer 1.25.0"):
        source.fetch(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_apt_s_own_words_are_passed_on(tmp_path, monkeypatch):
    fake_apt(tmp_path, "echo 'E: The repository is not signed.' >&2; exit 100", monkeypatch)
    with pytest.raises(UserError, match="sid: The repository is not signed"):
        source.fetch(tmp_path / "cache")


def test_a_known_tarball_is_kept_and_needs_no_apt(tmp_path, monkeypatch):
    release = source.Release("sid", "9.9", source.hashlib.sha256(b"the source\n").hexdigest())
    monkeypatch.setattr(source, "RELEASES", (release,))
    script = 'case "$*" in *download-only*) echo the source > micropython_9.9.orig.tar.xz;; esac'
    fake_apt(tmp_path, script, monkeypatch)
    first = source.fetch(tmp_path / "cache")
    fake_apt(tmp_path, "exit 1", monkeypatch)
    assert source.fetch(tmp_path / "cache") == first
    first[1].write_bytes(b"damaged")
    with pytest.raises(UserError, match="apt-get update ended with 1"):
        source.fetch(tmp_path / "cache")


def test_without_apt_the_way_out_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="no apt-get on this system; build .* and set MICROPYTHON to it"):
        source.fetch(tmp_path / "cache")


def test_one_release_can_be_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROPYTHON_RELEASE", "1.25.0")
    assert [release.suite for release in source.releases()] == ["trixie"]
    fake_apt(tmp_path, "exit 1", monkeypatch)
    with pytest.raises(UserError, match="no source to be had: trixie: apt-get update ended with 1$"):
        source.fetch(tmp_path / "cache")
    monkeypatch.setenv("MICROPYTHON_RELEASE", "1.2")
    with pytest.raises(UserError, match="MICROPYTHON_RELEASE=1.2: want 1.26.1 or 1.25.0"):
        source.releases()
