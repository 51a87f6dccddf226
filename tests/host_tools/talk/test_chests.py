"""Chests of raw seconds on a laptop: listed, fetched as far as they have grown, and cut into recordings."""

import json
from binascii import crc32

import pytest
from backstep.core.log.chest import cut, sealed
from talking import Line, command

SWAY = {"event": "sway", "row": 3, "false_alarm": False}
FALL = {"event": "fall", "row": 4, "false_alarm": False}


def one(recording, about):
    return recording + sealed(len(recording), json.dumps(about).encode() if about else b"{}", crc32)


FIRST, GIVEN_UP, SECOND, THIRD = (
    one(b"1" * 900, SWAY),
    one(b"2" * 10, None),
    one(b"3" * 1500, FALL),
    one(b"4" * 700, SWAY),
)
CHEST = FIRST + GIVEN_UP + SECOND
PATH = "raw/0001.raws"


@pytest.fixture
def line():
    there = Line(files={PATH: CHEST, "marks/0001.raw": b"5", "marks/0001.json": json.dumps(FALL).encode()})
    there.requests = ["marks"]
    yield there
    there.close()


def rows(line, *words):
    return json.loads(command("marks", "--port", line.port, "--json", *words)[1])


def offsets(line):
    return [asked["offset"] for asked in line.asked if asked["do"] == "read" and asked["path"] == PATH]


def raw(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.bsr")}


def test_what_is_in_one_is_listed_by_its_seals(line):
    assert [(row["path"], row["size"], row["about"]) for row in rows(line)] == [
        ("marks/0001.raw", 1, FALL),
        (PATH, 900, SWAY),
        (PATH, 1500, FALL),
    ]
    assert len(offsets(line)) == 3


def test_one_is_cut_into_recordings_beside_those_of_a_pod_of_before(line, tmp_path):
    came = rows(line, "--to", tmp_path)
    assert [row["file"] for row in came] == [
        str(tmp_path / name) for name in ("0001.bsr", "0001-01.bsr", "0001-03.bsr")
    ]
    assert raw(tmp_path) == {"0001.bsr": b"5", "0001-01.bsr": b"1" * 900, "0001-03.bsr": b"3" * 1500}
    assert json.loads((tmp_path / "0001-03.json").read_text()) == FALL
    assert list(tmp_path.glob("*.part")) == []


def test_of_one_that_has_grown_only_the_end_is_fetched(line, tmp_path):
    for chest in (CHEST, CHEST + THIRD):
        line.files[PATH] = chest
        line.asked.clear()
        code, out, _ = command("sync", "--port", line.port, "--to", tmp_path, "--json")
        assert code == 0
    folder = tmp_path / line.uid / "raw"
    assert json.loads(out)["raw"] == ["0001-04.bsr"]
    assert min(offsets(line)) == len(CHEST)
    assert (folder / "0001.raws").read_bytes() == CHEST + THIRD and len(raw(folder)) == 4
    command("sync", "--port", line.port, "--to", tmp_path, "--remove")
    assert line.files.keys() == {"marks/0001.json"}


def test_another_of_that_name_takes_nothing_from_the_first(line, tmp_path):
    rows(line, "--to", tmp_path)
    line.files[PATH] = CHEST[::-1] + THIRD
    rows(line, "--to", tmp_path)
    assert (tmp_path / "0001.raws").read_bytes() == CHEST
    assert raw(tmp_path)["0001-01.bsr"] == b"1" * 900 and raw(tmp_path)["0001_2-01.bsr"] == b"4" * 700


@pytest.mark.parametrize("at", range(0, len(CHEST), 37))
def test_damage_costs_the_recording_it_is_in(at):
    data = bytearray(CHEST)
    data[at] ^= 0xFF
    found = [about for _, about in cut(bytes(data), crc32)]
    parts = (len(FIRST), len(FIRST + GIVEN_UP), len(CHEST))
    hit = next(number for number, end in enumerate(parts) if at < end)
    whole = [json.dumps(SWAY).encode(), b"{}", json.dumps(FALL).encode()]
    assert [about for number, about in enumerate(whole) if number != hit] == [
        about for about in found if about in whole and about != whole[hit]
    ]


def test_a_damaged_one_is_listed_all_the_same(line):
    line.files[PATH] = FIRST + b"torn" + SECOND[:-1] + b"?" + THIRD
    assert [row["about"] for row in rows(line)] == [FALL, SWAY, SWAY]


@pytest.mark.parametrize("data", [b"", b"SEAL", b"SEAL" * 100, bytes(4000)])
def test_what_is_none_holds_nothing(data):
    assert cut(data, crc32) == []
