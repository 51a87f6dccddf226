"""Records of a session log at the ends of their range, by name, and the bytes they are made of."""

from binascii import crc32
from itertools import cycle

import pytest
from backstep.core import event_names, events
from backstep.core.log import log, log_format, log_reader
from backstep.core.log.little_endian import get_int, put_int
from backstep.core.log.log_format import HEAD_BYTES, RECORDS_MAX, Block, field_count
from backstep.core.log.log_head import HEAD
from backstep.core.log.log_reader import Reader, decode
from backstep.core.patterns import PATTERNS
from hypothesis import given
from hypothesis import strategies as st

CODES = [code for code in range(256) if field_count(code) >= 0]
NAMES = {code: event_names.row(code) for code in range(1, event_names.CODES + 1)}
NAMES |= {code: row.split() for code, row in enumerate(log_reader.TABLE, log.BEGIN)}
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
FIELDS = st.lists(st.one_of(st.integers(INT32_MIN, INT32_MAX), st.integers(-70, 70)), min_size=13, max_size=13)
RECORD = st.tuples(st.sampled_from(CODES), st.integers(0, 2**24), FIELDS)  # code, samples later, fields
NO_HEAD = [0] * len(HEAD)


def closed(block, head=NO_HEAD):
    """Return ([head], [(code, sample, fields)]) as the reader finds them in a block."""
    reader = Reader(bytes(block.close(head, crc32)), crc32)
    (found,) = reader.blocks()
    assert reader.damaged_bytes == 0
    return found[0], [(code, sample, list(fields)) for code, sample, fields in reader.records(*found)]


@given(st.integers(0, 2**31), st.lists(RECORD, max_size=40))
def test_records_of_any_32_bit_integers_come_back_until_the_block_is_full(sample, records):
    block, put = Block(), []
    for code, later, fields in records:
        if block.full:
            break
        sample += later
        block.put(code, sample, fields)
        put.append((code, sample, fields[: field_count(code)]))
    head, found = closed(block)
    assert found == put and block.count == len(put)
    assert head["sample"] == (put[0][1] if put else 0)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("fields", [[INT32_MIN] * 13, [INT32_MAX] * 13])
def test_the_worst_record_takes_what_is_kept_free_for_it(code, fields):
    block, opposite = Block(), [-1 - value for value in fields]
    block.put(code, 0, opposite)
    before = block.length
    block.put(code, 2**32 - 1, fields)
    assert block.length - before <= log_format._RECORD_MAX
    assert closed(block)[1][1] == (code, 2**32 - 1, fields[: field_count(code)])


@given(st.lists(st.tuples(st.sampled_from(CODES), FIELDS), min_size=1, max_size=6))
def test_a_block_that_is_not_full_takes_any_record(records):
    block = Block()
    for code, fields in cycle(records):
        if block.full:
            break
        block.put(code, 5, fields)
        assert block.length <= RECORDS_MAX


def test_a_block_is_full_while_the_longest_record_still_fits():
    block = Block()
    while not block.full:
        block.put(events.AWAKE, 0, ())
    assert RECORDS_MAX - 71 < block.length <= RECORDS_MAX - 69
    with pytest.raises(ValueError, match="log: the block is full"):
        block.put(events.STRIDE, 0, [0] * 13)
    assert len(closed(block)[1]) == block.count == block.length // 2


def test_a_full_block_takes_what_fits_however_large_its_fields_are():
    block, worst = Block(), [2**30 - 1] * 3
    while not block.full:
        block.put(events.AWAKE, 0, ())
    while block.takes(events.SWAY):
        block.put(events.SWAY, 2**30 - 1, worst)
    assert RECORDS_MAX - 16 < block.length <= RECORDS_MAX and not block.takes(events.STEP)
    with pytest.raises(ValueError, match="log: the block is full"):
        block.put(events.SWAY, 2**30 - 1, worst)
    assert [code for code, *_ in closed(block)[1]].count(events.SWAY) >= 3


@given(st.tuples(*[st.integers(0, 256**size - 1) for _, size in HEAD]))
def test_the_fields_of_the_head_come_back_by_name(values):
    block = Block()
    block.put(log.BEGIN, 2**32 - 1, [1])
    head, _ = closed(block, values)
    assert head == {"sample": 2**32 - 1} | dict(zip([name for name, _ in HEAD], values, strict=True))
    assert log_format.FIELDS_AT + sum([size for _, size in HEAD]) == HEAD_BYTES


@pytest.mark.parametrize("code", CODES)
def test_a_record_is_told_by_the_names_of_its_row(code):
    event, *names = NAMES[code]
    words = {"pattern": PATTERNS[2][0], "reason": "console", "cause": "hard reset"}
    words |= {"direction": "backward", "landing": "flat", "partner": "wrist"}
    fields = [2] * field_count(code)
    named = {name: words.get(name, 2) for name in names}
    assert len(names) == field_count(code)
    named |= {"pct": -1} if event == "battery" else {}
    assert decode(code, 9, fields) == {"sample": 9, "event": event} | named


def test_the_numbers_of_the_log_are_those_of_the_rows():
    rows = [row.split()[0].upper() for row in log_reader.TABLE]
    assert [getattr(log, name) for name in rows] == list(range(log.BEGIN, log.BEGIN + len(rows)))
    assert event_names.CODES < log.BEGIN


@pytest.mark.parametrize("code", [0, event_names.CODES + 1, 31, log.BEGIN + len(log_reader.TABLE), 255])
def test_a_code_in_no_row_has_no_fields_and_no_names(code):
    assert field_count(code) == -1
    with pytest.raises(ValueError, match=f"code {code} is in no row"):
        decode(code, 0, [0] * 13)


@pytest.mark.parametrize(
    ("code", "name", "known"),
    [
        (log.BEGIN, "reason", log_reader.REASONS),
        (log.END, "reason", log_reader.REASONS),
        (log.BOOT, "cause", log_reader.CAUSES),
        (log.BUZZ, "pattern", [row[0] for row in PATTERNS]),
    ],
)
def test_a_word_that_is_not_known_is_told_by_its_number(code, name, known):
    def told(number):
        return decode(code, 0, [number, 0, 0])[name]

    assert [told(number) for number in range(len(known))] == list(known)
    assert [told(number) for number in (-1, len(known), 99)] == [
        f"unknown ({number})" for number in (-1, len(known), 99)
    ]


@given(st.integers(0, 4), st.integers(1, 5), st.integers(0, 2**64))
def test_an_integer_is_written_lowest_byte_first_and_nothing_beside_it(at, size, value):
    data = bytearray(b"\xa5" * 12)
    put_int(data, at, size, value)
    lowest = value % 256**size
    assert data == b"\xa5" * at + lowest.to_bytes(size, "little") + b"\xa5" * (12 - at - size)
    assert get_int(data, at, size) == lowest
