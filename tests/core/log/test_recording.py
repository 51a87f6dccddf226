import binascii
import struct

import numpy as np
import pytest
from backstep.core.log.recording import HEADER_BYTES, ROWS_MAX, Reader, Writer
from hypothesis import given
from hypothesis import strategies as st

from host_tools.gait import Walk, session, uphill_backward

ROW = st.tuples(*[st.integers(-32768, 32767)] * 6)


def written(parts):
    out = bytearray()
    writer = Writer(out.extend, binascii.crc32, 208000, "belt", "sensor", has_gyro=False)
    for part in parts:
        writer.gap(part) if isinstance(part, int) else writer.put(part)
    writer.flush()
    return bytes(out)


def rows_by_index(data):
    reader = Reader(data, binascii.crc32)
    found = {}
    for index, rows, at in reader.blocks():
        values = reader.rows(at).tolist()
        assert len(values) == 6 * rows
        found.update({index + i: tuple(values[6 * i : 6 * i + 6]) for i in range(rows)})
    return found


def indexed(parts):
    index, found = 0, {}
    for part in parts:
        if isinstance(part, int):
            index += part
        else:
            found[index] = part
            index += 1
    return found


@given(st.lists(st.one_of(ROW, st.integers(1, 100000)), max_size=70))
def test_rows_and_gaps_come_back(parts):
    assert rows_by_index(written(parts)) == indexed(parts)


def test_header_fields_come_back():
    reader = Reader(written([]), binascii.crc32)
    assert (reader.rate_mhz, reader.placement, reader.frame, reader.has_gyro) == (208000, "belt", "sensor", False)


@given(st.lists(ROW, min_size=1, max_size=70), st.data())
def test_damage_loses_rows_but_never_invents_one(parts, data):
    whole = written(parts)
    at = data.draw(st.integers(HEADER_BYTES, len(whole) - 1))
    broken = bytearray(whole)
    broken[at] ^= data.draw(st.integers(1, 255))
    truth, found = indexed(parts), rows_by_index(bytes(broken))
    assert found.items() <= truth.items()
    assert len(truth) - len(found) <= ROWS_MAX


@given(st.lists(ROW, min_size=1, max_size=70), st.data())
def test_a_file_cut_short_keeps_its_whole_blocks(parts, data):
    whole = written(parts)
    cut = data.draw(st.integers(HEADER_BYTES, len(whole)))
    found = rows_by_index(whole[:cut])
    assert found.items() <= indexed(parts).items()
    assert len(found) >= (cut - HEADER_BYTES) // (8 + 12 * ROWS_MAX + 4) * ROWS_MAX


@pytest.mark.parametrize(
    "data,says", [(b"", "starts with"), (b"RIFF" * 5, "starts with"), (b"BSR1" * 5, "checksum")]
)
def test_something_else_is_no_recording(data, says):
    with pytest.raises(ValueError, match=says):
        Reader(data, binascii.crc32)


def test_a_recording_of_plain_blocks_alone_is_read_as_ever():
    parts = [(n, -n, 0, 0, 1, 2) for n in range(5)]
    values = [value for row in parts for value in row]
    block = struct.pack("<4BI30h", 0xB5, 0x53, 5, 0, 7, *values)
    data = written([]) + block + struct.pack("<I", binascii.crc32(block))
    assert rows_by_index(data) == {7 + n: row for n, row in enumerate(parts)}


def test_rows_of_gait_take_much_less_and_rows_of_noise_no_more_than_plain_ones():
    walked = session([Walk(20, uphill_backward(95, 10))], "belt", seed=1).recording().samples.tolist()
    assert len(written(walked)) < 0.6 * 12 * len(walked)
    noise = np.random.default_rng(1).integers(-32768, 32768, (320, 6)).tolist()
    assert len(written(noise)) == HEADER_BYTES + 10 * (8 + 32 * 12 + 4)
