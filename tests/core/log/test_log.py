"""The session log's format: what is written is what is read, whatever happens to the bytes in between."""

from binascii import crc32
from pathlib import Path

import pytest
from backstep.core import event_names, events
from backstep.core.log import log, log_reader
from backstep.core.log.log_format import MAGIC, RECORDS_MAX, Block, field_count, times_in
from backstep.core.log.log_head import HEAD
from backstep.core.log.log_reader import Reader, decode
from hypothesis import given
from hypothesis import strategies as st

FIXTURES = Path(__file__).parents[2] / "fixtures" / "log"
CODES = [code for code in range(256) if field_count(code) >= 0]
INT31 = st.integers(-(2**30), 2**30 - 1)
HEAD_VALUES = st.tuples(*[st.integers(0, 256**size - 1) for _, size in HEAD])


@st.composite
def record(draw):
    code = draw(st.sampled_from(CODES))
    return code, draw(st.integers(0, 5000)), draw(st.lists(INT31, min_size=13, max_size=13))


@st.composite
def logs(draw):
    """Return (bytes, blocks): each block is (head, [(code, sample, fields)])."""
    data, blocks, sample = b"", [], draw(st.integers(0, 2**29))
    for _ in range(draw(st.integers(1, 5))):
        block, records = Block(), []
        for code, later, fields in draw(st.lists(record(), max_size=8)):
            sample += later
            if not block.full:
                block.put(code, sample, fields)
                records.append((code, sample, fields[: field_count(code)]))
        head = draw(HEAD_VALUES)
        data += bytes(block.close(head, crc32))
        blocks.append((head, records))
    return data, blocks


def read(data):
    reader = Reader(data, crc32)
    found = []
    for head, offset, length in reader.blocks():
        records = [(code, sample, list(fields)) for code, sample, fields in reader.records(head, offset, length)]
        found.append((tuple(head[name] for name, _ in HEAD), records))
    return found, reader.damaged_bytes


def is_in_order(some, whole):
    """Return whether some are of the whole, in its order; a block may come again where it was copied."""
    return all(one in whole for one in some)


@given(logs())
def test_what_is_written_is_what_is_read(made):
    data, blocks = made
    assert read(data) == (blocks, 0)


def name_counts():
    counts = {code: len(event_names.row(code)) - 1 for code in range(1, event_names.CODES + 1)}
    return counts | {code: len(row.split()) - 1 for code, row in enumerate(log_reader.TABLE, log.BEGIN)}


def test_every_record_has_as_many_fields_as_names():
    assert {code: field_count(code) for code in CODES} == name_counts()
    assert field_count(0) == field_count(31) == field_count(255) == -1


def test_only_strides_and_steps_begin_with_sample_indices():
    assert {code: times_in(code) for code in CODES if times_in(code)} == {events.STRIDE: 2, events.STEP: 1}


@pytest.mark.parametrize("code", CODES)
def test_every_record_decodes_with_its_names(code):
    found = decode(code, 7, [0] * 13)
    assert found["sample"] == 7 and len(found) == 2 + field_count(code) + ("pct" in found)


def test_reasons_and_causes_are_told_in_words():
    assert decode(log.END, 7, [log.BATTERY_FLAT])["reason"] == "flat battery"
    assert decode(log.END, 7, [200])["reason"] == "unknown (200)"
    assert decode(log.BOOT, 7, [3, 2]) == {"sample": 7, "event": "boot", "cause": "watchdog", "early_ends": 2}
    assert len(log_reader.REASONS) == log.BY_BAND + 1
    with pytest.raises(ValueError, match="log: code 99 is in no row"):
        decode(99, 0, [])


def test_the_largest_records_fill_a_block_and_no_more():
    block = Block()
    worst = [-(2**30), 2**30 - 1] * 7
    while not block.full:
        block.put(events.STRIDE, 2**30 - 1, worst)
        worst = worst[::-1]
    assert block.length <= RECORDS_MAX
    with pytest.raises(ValueError, match="log: the block is full"):
        block.put(events.STRIDE, 2**30 - 1, worst)


def test_a_block_that_was_cleared_knows_nothing_of_the_one_before():
    block, fresh = Block(), Block()
    block.put(events.STRIDE, 900, list(range(1, 14)))
    block.clear()
    for one in (block, fresh):
        one.put(events.STRIDE, 5000, [4800, 4900, 1, 1300, 10, 0, 2, 95, 650, 3, 210, 3200, 0])
    head = [0] * len(HEAD)
    assert bytes(block.close(head, crc32)) == bytes(fresh.close(head, crc32))


def test_a_code_from_the_future_ends_its_block_only():
    data, later = Block(), Block()
    data.put(log.END, 5, [1])
    later.put(log.BEGIN, 6, [2])
    head = [0] * len(HEAD)
    first = bytearray(data.close(head, crc32))
    first[46] = 200
    first[-4:] = crc32(first[:-4]).to_bytes(4, "little")
    found, damaged = read(bytes(first) + bytes(later.close(head, crc32)))
    assert [records for _, records in found] == [[], [(log.BEGIN, 6, [2])]]
    assert damaged == 0


@st.composite
def damage(draw):
    """Return a way to damage bytes: flipped, cut out, put in, copied, or cut off."""
    kind = draw(st.sampled_from(("flip", "drop", "insert", "copy", "cut")))
    where = draw(st.floats(0, 1, exclude_max=True))
    many = draw(st.integers(1, 60))
    junk = draw(st.binary(min_size=1, max_size=20))

    def hurt(data):
        at = int(where * len(data))
        if kind == "flip":
            return data[:at] + bytes([data[at] ^ (junk[0] or 1)]) + data[at + 1 :] if data else data
        if kind == "drop":
            return data[:at] + data[at + many :]
        if kind == "insert":
            return data[:at] + (MAGIC if many % 3 == 0 else b"") + junk + data[at:]
        if kind == "copy":
            return data[:at] + data[: many * 3] + data[at:]
        return data[:at]

    return hurt


@given(logs(), st.lists(damage(), min_size=1, max_size=4))
def test_no_damage_crashes_the_reader_or_makes_a_record_that_was_not_written(made, hurts):
    data, blocks = made
    for hurt in hurts:
        data = hurt(data)
    found, damaged = read(data)
    assert is_in_order(found, blocks)
    sound = len(data) - damaged
    assert sound >= 50 * len(found)  # a head, no records, a checksum


@given(st.binary(max_size=400))
def test_bytes_that_are_no_log_hold_nothing(data):
    assert read(data) == ([], len(data))


@given(logs(), st.integers(0, 10**6), st.integers(1, 255))
def test_one_changed_byte_costs_one_block(made, at, change):
    data, blocks = made
    at %= len(data)
    found, damaged = read(data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])
    assert len(found) == len(blocks) - 1
    assert is_in_order(found, blocks)
    assert damaged > 0


@given(logs(), st.binary(max_size=30), st.binary(max_size=30))
def test_junk_around_it_costs_nothing(made, before, after):
    data, blocks = made
    assert read(before + data + after) == (blocks, len(before) + len(after))


def test_a_block_of_before_strides_had_all_their_fields_is_read_as_ever():
    data = (FIXTURES / "v1.bsl").read_bytes()
    reader = Reader(data, crc32)
    ((head, *where),) = reader.blocks()
    found = [decode(*record) for record in reader.records(head, *where)]
    assert (head["boot"], head["backward"], reader.damaged_bytes) == (7, 6, 0)
    assert [record["event"] for record in found] == ["begin", "stride", "stride", "sway", "stride", "end"]
    stride = {"event": "stride", "direction": "backward", "height_mm": 61, "lateral_mm": 3, "steps": 6}
    assert found[4] == stride | {"sample": 940, "start": 820, "contact": 910, "stride_mm": 801}


def test_a_clock_of_before_it_had_its_offset_is_read_as_ever():
    reader = Reader((FIXTURES / "v2.bsl").read_bytes(), crc32)
    ((head, *where),) = reader.blocks()
    found = [decode(*record) for record in reader.records(head, *where)]
    assert [record["event"] for record in found] == ["begin", "boot", "clock", "stride", "end"]
    clock = {"event": "clock", "unix_s": 1_764_244_800, "unix_ms": 250, "ahead_ms": -580, "known": 1}
    assert found[2] == clock | {"sample": 104} and reader.damaged_bytes == 0
