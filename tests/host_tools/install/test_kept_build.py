"""Firmware texts are made once for each firmware and maker, whatever becomes of the file they are kept in."""

import pytest

from host_tools.install import kept_build

SOURCES = {"backstep.a": "A = 1\n"}


@pytest.fixture
def made(monkeypatch, tmp_path):
    """A function that asks for texts; its calls count what was made."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def ask(how="", sources=SOURCES):
        def make():
            ask.count += 1
            return {"a": f"{ask.count}\n"}

        return kept_build.kept(how, sources, make)

    ask.count = 0
    return ask


def test_the_same_is_made_once(made):
    assert made() == made() == {"a": "1\n"}


def test_other_sources_another_way_or_another_maker_are_made_anew(made, monkeypatch):
    first = made()
    assert made(sources={"backstep.a": "A = 2\n"}) != first and made("otherwise") != first
    monkeypatch.setattr(kept_build, "_builder", lambda: ["another"])
    assert made() == {"a": "4\n"}


@pytest.mark.parametrize("damage", [slice(-1), slice(0), slice(1, None)])
def test_a_damaged_file_is_made_anew(made, damage):
    made()
    (path,) = kept_build.folder().iterdir()
    path.write_bytes(path.read_bytes()[damage])
    assert made() == made() == {"a": "2\n"}


def test_where_nothing_can_be_written_it_is_made_each_time(made):
    kept_build.folder().parent.parent.write_text("no folder")
    assert made() != made()


def test_the_newest_few_stay(made):
    for n in range(2 * kept_build._NEWEST):
        made(str(n))
    assert len(list(kept_build.folder().iterdir())) == kept_build._NEWEST
    count = made.count
    made(str(n))
    assert made.count == count
