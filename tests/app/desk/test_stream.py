"""A stretch of a file, sent without being asked for each piece: whole, in order, all else served in between."""

import json
import os
import random
from pathlib import Path

import pytest
from backstep.app.desk import ask_log

from host_tools.talk.pieces import Sound, piece

PATH = "log/00001-02.bsl"  # beside the session that runs
DATA = bytes(range(256)) * 90 + b"\n\r\x1b" * 400 + random.Random(1).randbytes(20_001)


def request(offset, length):
    asked = {"id": 7, "do": "stream", "path": PATH, "offset": offset, "length": length}
    return json.dumps(asked).encode() + b"\n"


def said(pod, typed, data=DATA):
    """Return the lines of a pod at which is typed after a second, as bytes without their ends."""
    (pod.root / "log").mkdir(exist_ok=True)
    (pod.root / PATH).write_bytes(data)
    pod.type_at(1000, typed)
    pod.run(7000)
    return pod.stdout.data.split(b"\n")


def pieces(lines):
    return [piece(line) for line in lines if line.startswith(b"=")]


def answers(lines):
    return [json.loads(line) for line in lines if line.startswith(b'{"id": 7')]


def test_a_stretch_comes_whole_between_the_lines_of_the_console(pod):
    lines = said(pod, request(100, 32_768))
    found = bytearray()
    sound = Sound(100, found.extend)
    at = [number for number, line in enumerate(lines) if line.startswith(b"=")]
    for number in at:
        sound.take(lines[number])
    assert found == DATA[100 : 100 + 32_768] and sound.end == 32_868
    assert answers(lines) == [{"id": 7, "ok": {"offset": 32_868, "size": len(DATA)}}]
    between = [line for line in lines[at[0] : at[-1]] if b"back    0" in line]
    assert between  # a line each second


def test_the_end_of_the_file_ends_a_stretch(pod):
    lines = said(pod, request(len(DATA) - 1000, 9000) + request(len(DATA), 1))
    assert b"".join(data for _, data in pieces(lines)) == DATA[-1000:]
    assert answers(lines) == [{"id": 7, "ok": {"offset": len(DATA), "size": len(DATA)}}] * 2


def test_nobody_reads_and_it_ends(pod):
    pod.world.at(900, lambda: setattr(pod.stdout, "takes_us", 500_000))
    lines = said(pod, request(0, 32_768))
    assert len(pieces(lines)) <= 2


def test_a_file_that_is_removed_in_the_midst_is_told(pod):
    pod.world.at(2500, lambda: os.remove(next(pod.root.rglob(Path(PATH).name))))  # on its shelf
    lines = said(pod, request(0, 32_768))
    (answer,) = answers(lines)
    assert 5 < len(pieces(lines)) < 43 and answer["error"]


@pytest.mark.parametrize(("offset", "length"), [(0, 0), (0, ask_log.STRETCH_MAX + 1), (-1, 9), (10**6, 9)])
def test_a_stretch_lies_inside_the_file_and_is_no_longer_than_that(asked, offset, length):
    error = asked.ask("stream", path="log/00001-01.bsl", offset=offset, length=length)
    assert "is outside" in error


def test_a_piece_fits_seven_writes(pod):
    """One byte more would take another tick of 10 ms."""
    lines = said(pod, request(0, 32_768), data=random.Random(2).randbytes(1 << 20))
    assert max(len(line) + len("\r\n") for line in lines if line.startswith(b"=")) <= 7 * 115


@pytest.mark.parametrize(("waits", "rose"), [(True, True), (True, False), (False, True)])
def test_a_piece_of_a_stream_comes_after_samples_that_are_due(asked, monkeypatch, waits, rose):
    asked.ask("reasons")  # loads what answers, which drains too
    sampling, drained = asked.running.sensing.sampling, []
    monkeypatch.setattr(sampling, "drain_now", lambda: drained.append(len(asked.running.writer.buffer)))
    sampling.waits, sampling.data_ready.rose = waits, rose
    assert asked.ask("stream", path="log/00001-01.bsl", offset=0, length=9)["offset"] == 9
    assert drained == [0] * waits + [0] * (waits and rose)  # as it begins, and before its piece
