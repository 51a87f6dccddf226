"""What becomes of two copies of a table whichever is damaged, cut while it is written, or refused."""

import os
import tempfile
from binascii import crc32
from contextlib import contextmanager
from pathlib import Path

import pytest
from backstep.app.kept import twin
from hypothesis import given
from hypothesis import strategies as st

TABLES = ({"n": 1, "text": "old"}, {"n": 2, "text": "new"})
LONGEST = 4096


@contextmanager
def two_copies():
    """Yield the path of a table of which copy a is the older one and copy b the newer one."""
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/table"
        for table in TABLES:
            twin.write(path, table)
        yield path


@pytest.fixture
def path():
    with two_copies() as path:
        yield path


def sealed(line):
    return line + b"\n%08x\n" % crc32(line)


def files(path):
    return sorted(os.listdir(os.path.dirname(path)))


@given(st.sampled_from((0, 1)), st.data())
def test_changed_bytes_of_either_copy_leave_the_other(copy, data):
    with two_copies() as path:
        hurt = Path(path + twin.COPIES[copy])
        content = bytearray(hurt.read_bytes())
        places = st.integers(0, len(content) - 2)  # the last byte is the end of the line
        for at, change in data.draw(st.dictionaries(places, st.integers(1, 255), min_size=1, max_size=9)).items():
            content[at] ^= change
        hurt.write_bytes(content)
        table, generation, faults = twin.read(path)
        assert (table, generation) == (TABLES[1 - copy], 2 - copy)
        (fault,) = faults
        bad = path + ".bad" + twin.COPIES[copy]
        assert fault == f"{hurt}: {len(content)} bytes, of which the checksum is wrong; kept as {bad}"
        assert Path(bad).read_bytes() == content and not hurt.exists()


@given(st.sampled_from((0, 1)), st.binary(max_size=200))
def test_any_other_bytes_in_place_of_a_copy_leave_the_other(copy, content):
    with two_copies() as path:
        Path(path + twin.COPIES[copy]).write_bytes(content)
        assert twin.read(path)[:2] == (TABLES[1 - copy], 2 - copy)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_when_both_are_damaged_there_is_none_and_both_are_kept(one, other):
    with two_copies() as path:
        for copy, content in zip(twin.COPIES, (one, other), strict=True):
            Path(path + copy).write_bytes(content)
        table, generation, faults = twin.read(path)
        assert (table, generation, len(faults)) == (None, 0, 2)
        assert files(path) == ["table.bad.a", "table.bad.b"]
        assert twin.read(path) == (None, 0, [])


def test_generations_take_turns_and_the_newest_counts_wherever_it_lies(path):
    for number in range(3, 8):
        before = Path(path + twin.COPIES[number % 2]).read_bytes()
        twin.write(path, {"n": number})
        assert Path(path + twin.COPIES[number % 2]).read_bytes() == before
        assert twin.read(path) == ({"n": number}, number, [])


@pytest.mark.parametrize("copy", twin.COPIES)
def test_a_missing_copy_is_no_fault_and_is_written_next(path, copy):
    os.remove(path + copy)
    stays = TABLES[copy == ".a"]
    assert twin.read(path) == (stays, stays["n"], [])
    twin.write(path, {"n": 9})
    assert twin.read(path) == ({"n": 9}, stays["n"] + 1, [])
    assert files(path) == ["table.a", "table.b"]


def test_a_write_cut_at_any_byte_leaves_the_one_before():
    with two_copies() as path:
        twin.write(path, {"n": 3})
        written = Path(path + ".a").read_bytes()
    for length in range(len(written) - 1):
        with two_copies() as path:
            Path(path + ".a").write_bytes(written[:length])
            assert twin.read(path)[:2] == (TABLES[1], 2), length
            twin.write(path, {"n": 4})
            assert twin.read(path) == ({"n": 4}, 3, []), length


class Failing:
    """A file that takes some letters, then the flash is full."""

    def __init__(self, file, takes):
        self._file, self._takes = file, takes

    def __enter__(self):
        return self

    def __exit__(self, *how):
        self._file.close()

    def write(self, text):
        self._file.write(text[: self._takes])
        raise OSError(28)


@pytest.mark.parametrize("takes", [0, 1, 30])
def test_a_flash_that_is_full_in_a_write_leaves_the_one_before(path, monkeypatch, takes):
    def fails(name, mode="r"):
        return Failing(open(name, mode), takes) if "w" in mode else open(name, mode)

    monkeypatch.setattr(twin, "open", fails, raising=False)
    for _ in range(2):
        with pytest.raises(OSError):
            twin.write(path, {"n": 3})
    assert twin.read(path)[:2] == (TABLES[1], 2)


def test_a_copy_that_cannot_be_read_is_told_and_left_where_it_is(path, monkeypatch):
    def refuse(name, mode="r"):
        if name == path + ".b":
            raise OSError(5)
        return open(name, mode)

    monkeypatch.setattr(twin, "open", refuse, raising=False)
    assert twin.read(path) == (TABLES[0], 1, [f"{path}.b cannot be read (OSError: 5)"])
    assert files(path) == ["table.a", "table.b"]


def test_a_damaged_copy_that_cannot_be_set_aside_stays(path, monkeypatch):
    def refuse(old, new):
        raise OSError(30)

    monkeypatch.setattr(os, "rename", refuse)
    Path(path + ".b").write_bytes(b"damaged")
    table, _, (fault,) = twin.read(path)
    assert table == TABLES[0]
    assert fault.endswith("; it stays (OSError: 30)")
    assert twin.set_aside(path) == "it stays (OSError: 30), it stays (OSError: 30)"


@pytest.mark.parametrize(("length", "sound"), [(LONGEST, True), (LONGEST + 1, False)])
def test_more_bytes_than_a_table_has_are_none(path, length, sound):
    around = len(sealed(b'{"generation": 9, "table": ""}'))
    line = b'{"generation": 9, "table": "' + b"x" * (length - around) + b'"}'
    Path(path + ".a").write_bytes(sealed(line))
    table, generation, faults = twin.read(path)
    assert (generation, len(faults)) == ((9, 0) if sound else (2, 1))
    assert files(path) == (["table.a", "table.b"] if sound else ["table.b", "table.bad.a"])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"generation": 9, "table": ' + b"[" * 2000 + b"]" * 2000 + b"}", "recursion"),
        (b'{"generation": 9, "table"', "Expecting"),
        (b"", "Expecting"),
        (b'"\xff"', "utf-8"),
    ],
)
def test_a_line_that_is_no_json_is_a_fault_although_its_checksum_is_right(path, line, why):
    Path(path + ".a").write_bytes(sealed(line))
    table, _, (fault,) = twin.read(path)
    assert table == TABLES[1]
    assert fault.startswith(f"{path}.a: ") and fault.endswith(f"; kept as {path}.bad.a")
    assert why in fault
