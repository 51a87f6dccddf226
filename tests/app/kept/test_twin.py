"""Two copies of a table on flash: whatever happens to one, the other stands."""

import os
from binascii import crc32

import pytest
from backstep.app.kept import twin
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

OLD, NEW = {"n": 1, "text": "old"}, {"n": 2, "text": "new"}
on_one_path = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "table")


def write_both(path):
    folder = os.path.dirname(path)
    for name in os.listdir(folder):
        os.remove(f"{folder}/{name}")
    twin.write(path, OLD)
    twin.write(path, NEW)


def test_nothing_there_is_no_fault(path):
    assert twin.read(path) == (None, 0, [])


def test_the_newest_counts_and_the_one_before_stays(path):
    for number in range(1, 6):
        twin.write(path, {"n": number})
        assert twin.read(path) == ({"n": number}, number, [])
    os.remove(path + ".a")
    assert twin.read(path)[0] == {"n": 4}


@on_one_path
@given(st.binary(max_size=80), st.integers(0, 200), st.booleans())
def test_any_damage_to_the_newest_leaves_the_other_and_is_told(path, junk, at, cut):
    write_both(path)
    with open(path + ".b", "rb") as file:
        data = file.read()
    hurt = data[:at] + junk + (b"" if cut else data[at + len(junk) :])
    with open(path + ".b", "wb") as file:
        file.write(hurt)
    table, _, faults = twin.read(path)
    if hurt.split(b"\n")[:1] == data.split(b"\n")[:1] and table == NEW:
        return  # what is after the checksum's digits is no part of it
    assert table == OLD
    assert len(faults) == 1 and faults[0].startswith(path + ".b: ")
    with open(path + ".bad.b", "rb") as file:
        assert file.read() == hurt


@on_one_path
@given(st.integers(0, 120))
def test_a_write_that_is_cut_leaves_the_one_before(path, at):
    write_both(path)
    twin.write(path, {"n": 3})
    os.truncate(path + ".a", min(at, os.path.getsize(path + ".a") - 3))
    assert twin.read(path)[0] == NEW
    twin.write(path, {"n": 4})
    assert twin.read(path)[0] == {"n": 4}


def test_both_damaged_are_none_and_kept(path):
    write_both(path)
    for copy in twin.COPIES:
        with open(path + copy, "ab") as file:
            file.write(b"0")
    table, generation, faults = twin.read(path)
    assert (table, generation, len(faults)) == (None, 0, 2)
    assert sorted(os.listdir(os.path.dirname(path))) == ["table.bad.a", "table.bad.b"]
    twin.write(path, NEW)
    assert twin.read(path)[0] == NEW


@pytest.mark.parametrize("data", [b"[" * 3000 + b"\n00000000\n", b"x" * 9000, b"\xff\xfe", b"", b"{}\n"])
def test_what_is_no_table_is_a_fault(path, data):
    with open(path + ".a", "wb") as file:
        file.write(data)
    table, _, faults = twin.read(path)
    assert table is None and len(faults) == 1


def test_a_flash_that_refuses_changes_nothing(path, monkeypatch):
    write_both(path)

    def refuse(name, mode="r"):
        if "w" in mode:
            raise OSError(28)
        return open(name, mode)

    monkeypatch.setattr(twin, "open", refuse, raising=False)
    with pytest.raises(OSError):
        twin.write(path, {"n": 3})
    assert twin.read(path) == (NEW, 2, [])


def test_a_table_too_long_to_be_read_again_is_not_written(path):
    write_both(path)
    line = len('{"generation": 3, "table": {"text": ""}}')
    longest = {"text": "x" * (4096 - 10 - line)}
    with pytest.raises(OSError, match="4097 bytes, want at most 4096"):
        twin.write(path, {"text": longest["text"] + "x"})
    assert twin.read(path)[0] == NEW
    twin.write(path, longest)
    assert twin.read(path)[0] == longest


def test_set_aside_keeps_what_is_there_and_says_where(path):
    twin.write(path, OLD)
    assert twin.set_aside(path) == f"kept as {path}.bad.a"
    assert twin.read(path) == (None, 0, [])


def test_too_little_memory_to_write_gives_up_neither_copy(path, monkeypatch):
    write_both(path)

    def short_of_memory(data):
        if b"third" in data:
            raise MemoryError
        return crc32(data)

    with monkeypatch.context() as short:
        short.setattr(twin, "crc32", short_of_memory)
        with pytest.raises(MemoryError):
            twin.write(path, {"text": "third"})
    assert twin.read(path) == (NEW, 2, [])
    os.remove(path + ".b")
    assert twin.read(path) == (OLD, 1, [])


def test_too_little_memory_is_no_damage(path, monkeypatch):
    write_both(path)

    def no_memory(text):
        raise MemoryError

    monkeypatch.setattr(twin.json, "loads", no_memory)
    with pytest.raises(MemoryError):
        twin.read(path)
    with pytest.raises(MemoryError):
        twin.write(path, {"n": 3})
    monkeypatch.undo()
    assert twin.read(path) == (NEW, 2, [])


def test_who_breaks_off_leaves_a_whole_copy_or_the_one_before(path):
    for pauses, wanted in ((1, NEW), (2, {"n": 3}), (3, {"n": 3})):
        write_both(path)
        begun = twin.pieces(path, {"n": 3})
        for _ in range(pauses):
            next(begun)
        begun.close()
        assert twin.read(path)[::2] == (wanted, [])
