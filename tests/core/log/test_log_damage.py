"""A damaged session log: every block that is whole is found, nothing else is, and the rest is counted."""

from binascii import crc32

import pytest
from backstep.core import events
from backstep.core.log import log
from backstep.core.log.log_format import HEAD_BYTES, MAGIC, Block, field_count
from backstep.core.log.log_head import HEAD
from backstep.core.log.log_reader import Reader
from hypothesis import given
from hypothesis import strategies as st

CODES = [code for code in range(256) if field_count(code) >= 0]
INT32 = st.integers(-(2**31), 2**31 - 1)
RECORDS = st.lists(
    st.tuples(st.sampled_from(CODES), st.integers(0, 2**20), st.lists(INT32, min_size=13, max_size=13)), max_size=8
)
HEADS = st.tuples(*[st.integers(0, 256**size - 1) for _, size in HEAD])
PLAIN_HEAD = tuple(range(1, len(HEAD) + 1))
# Fields of which the record holds the bytes of the magic: integers are written as 2 v or -2 v - 1.
MAGIC_FIELDS = (33, -42, 38, -2, 0)


def written(head, records, sample=0):
    """Return (bytes of a block, what a reader is to find in it).  records: (code, samples later, fields)."""
    block, found, first = Block(), [], 0
    for code, later, fields in records:
        sample += later
        first = first if block.count else sample
        block.put(code, sample, fields)
        found.append((code, sample, list(fields[: field_count(code)])))
    told = dict(zip([name for name, _ in HEAD], head, strict=True))
    return bytes(block.close(head, crc32)), (told | {"sample": first}, found)


LOGS = st.lists(st.builds(written, HEADS, RECORDS, st.integers(0, 2**31)), min_size=1, max_size=5)


def read(data):
    """Return ([what was found in each block], bytes passed over)."""
    reader = Reader(data, crc32)
    found = [(head, [(c, n, list(f)) for c, n, f in reader.records(head, *at)]) for head, *at in reader.blocks()]
    return found, reader.damaged_bytes


def whole_blocks(data, log_blocks):
    """Return what read() is to return: found by comparing bytes, with neither lengths nor checksums."""
    found, at, damaged = [], 0, 0
    while at < len(data):
        block = next((block for block in log_blocks if data.startswith(block[0], at)), None)
        if block:
            found.append(block[1])
            at += len(block[0])
        else:
            damaged += 1
            at += 1
    return found, damaged


def joined(log_blocks):
    return b"".join([data for data, _ in log_blocks])


def flip(data, at, to, junk):
    return data[:at] + bytes([data[at] ^ (junk[0] or 1)]) + data[at + 1 :]


def overwrite(data, at, to, junk):
    return data[:at] + junk + data[at + len(junk) :]


def insert(data, at, to, junk):
    return data[:at] + junk + data[at:]


def delete(data, at, to, junk):
    return data[:at] + data[to:]


def cut(data, at, to, junk):
    return data[:at]


def duplicate(data, at, to, junk):
    return data[:to] + data[at:to] + data[to:]


def swap(data, at, to, junk):
    middle = (at + to) // 2
    return data[:at] + data[middle:to] + data[at:middle] + data[to:]


def erase(data, at, to, junk):
    return data[:at] + b"\xff" * (to - at) + data[to:]


WAYS = (flip, overwrite, insert, delete, cut, duplicate, swap, erase)
JUNK = st.one_of(
    st.binary(min_size=1, max_size=80),
    st.builds(lambda tail: MAGIC + tail, st.binary(max_size=60)),
    st.integers(1, 5000).map(bytes),
)
HURTS = st.lists(st.tuples(st.sampled_from(WAYS), st.floats(0, 1), st.floats(0, 1), JUNK), min_size=1, max_size=5)


def hurt(data, hurts):
    for way, one, other, junk in hurts:
        at, to = sorted([int(one * (len(data) - 1)), int(other * len(data))])
        data = way(data, at, to, junk) if data else junk
    return data


@given(LOGS, HURTS)
def test_after_any_damage_just_the_whole_blocks_are_found_and_the_rest_is_counted(log_blocks, hurts):
    data = hurt(joined(log_blocks), hurts)
    assert read(data) == whole_blocks(data, log_blocks)


@given(LOGS, st.lists(JUNK, min_size=6, max_size=6))
def test_junk_between_blocks_costs_none_of_them(log_blocks, junk):
    data = b"".join([before + block[0] for before, block in zip(junk, log_blocks, strict=False)]) + junk[-1]
    lost = len(data) - len(joined(log_blocks))
    assert read(data) == ([found for _, found in log_blocks], lost)


@given(LOGS, st.data())
def test_changed_bytes_of_one_block_cost_that_one_alone(log_blocks, data):
    at = data.draw(st.integers(0, len(log_blocks) - 1))
    broken = bytearray(log_blocks[at][0])
    changes = st.dictionaries(st.integers(0, len(broken) - 1), st.integers(1, 255), min_size=1, max_size=9)
    for index, change in data.draw(changes).items():
        broken[index] ^= change
    before, after = log_blocks[:at], log_blocks[at + 1 :]
    found, damaged = read(joined(before) + bytes(broken) + joined(after))
    assert found == [found for _, found in before + after]
    assert damaged == len(broken)


@given(st.lists(st.one_of(st.binary(max_size=60), st.just(MAGIC), st.just(MAGIC + b"\x02\0")), max_size=12))
def test_bytes_that_are_no_log_hold_nothing(pieces):
    data = b"".join(pieces)
    assert read(data) == ([], len(data))


def a_block(number=0, fields=(5, 6, 7, 8, 9)):
    return written((number, *PLAIN_HEAD[1:]), [(log.CLOCK, 100, fields), (events.MARK, 5, (0, 3))])


def test_a_write_cut_at_any_byte_costs_that_block_alone():
    first, second, third = a_block(1), a_block(2), a_block(3)
    for length in range(len(second[0])):
        data = first[0] + second[0][:length] + third[0]
        assert read(data) == ([first[1], third[1]], length), length


def test_a_file_cut_at_any_byte_keeps_what_was_before():
    first, second = a_block(1), a_block(2)
    for length in range(len(second[0])):
        assert read(first[0] + second[0][:length]) == ([first[1]], length), length


def test_the_bytes_of_the_magic_in_a_record_are_no_block():
    before, block, after = a_block(1), a_block(2, MAGIC_FIELDS), a_block(3)
    assert MAGIC in block[0][HEAD_BYTES:]
    assert read(before[0] + block[0] + after[0]) == ([before[1], block[1], after[1]], 0)
    broken = flip(block[0], len(MAGIC), 0, b"\x01")
    assert read(before[0] + broken + after[0]) == ([before[1], after[1]], len(broken))


@pytest.mark.parametrize("length", [0, 1, 447, 448, 449, 0xFFFF])
def test_a_head_that_promises_any_length_hides_no_block(length):
    false_head = MAGIC + length.to_bytes(2, "little") + bytes(HEAD_BYTES - 6)
    block = a_block(1)
    for before in (false_head, false_head[:20], MAGIC):
        assert read(before + block[0]) == ([block[1]], len(before))
        assert read(block[0] + before) == ([block[1]], len(before))


@pytest.mark.parametrize("fill", [b"\0", b"\xff", MAGIC])
def test_a_page_of_the_flash_in_a_block_costs_that_block_alone(fill):
    page = (fill * 256)[:256]
    first, second, third = a_block(1), a_block(2), a_block(3)
    for at in (1, HEAD_BYTES, len(second[0]) - 1):
        broken = second[0][:at] + page + second[0][at:]
        assert read(first[0] + broken + third[0]) == ([first[1], third[1]], len(broken))
