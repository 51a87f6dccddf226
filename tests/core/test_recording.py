import binascii

import numpy as np
import pytest
from backstep.core.recording import HEADER_BYTES, Reader, Writer
from hypothesis import given
from hypothesis import strategies as st

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
    for index, rows, offset in reader.blocks():
        block = np.frombuffer(data, "<i2", 6 * rows, offset).reshape(rows, 6)
        found.update({index + i: tuple(row) for i, row in enumerate(block.tolist())})
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
    assert len(truth) - len(found) <= 20


@given(st.lists(ROW, min_size=1, max_size=70), st.data())
def test_a_file_cut_short_keeps_its_whole_blocks(parts, data):
    whole = written(parts)
    cut = data.draw(st.integers(HEADER_BYTES, len(whole)))
    found = rows_by_index(whole[:cut])
    assert found.items() <= indexed(parts).items()
    assert len(found) >= (cut - HEADER_BYTES) // 252 * 20


@pytest.mark.parametrize(
    "data,says", [(b"", "starts with"), (b"RIFF" * 5, "starts with"), (b"BSR1" * 5, "checksum")]
)
def test_something_else_is_no_recording(data, says):
    with pytest.raises(ValueError, match=says):
        Reader(data, binascii.crc32)
