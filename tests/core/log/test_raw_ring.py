"""The raw seconds around an event; the same on the real MicroPython with the heap locked."""

import json
from array import array

import pytest
from backstep.core import events
from backstep.core.log.raw_ring import BREAK, RawRing
from hypothesis import given
from hypothesis import strategies as st
from vm import run_on_vm

FIELDS = array("i", (123, 700) + (0,) * 11)
MOVES = st.lists(st.one_of(st.sampled_from(("note", "gap", "want", "release")), st.integers(1, 12)), max_size=60)

ON_VM = """
import gc, json, micropython
from array import array
from backstep.core.log.raw_ring import RawRing
ring = RawRing(7, 3, 5)
sample, fields, row = array("i", [0] * 6), array("i", range(13)), array("h", [0] * 6)
def run():
    for n in range(40):
        if n == 20:
            ring.note(3, n, fields)
        if n == 24:
            ring.wanted = True
        for k in range(6):
            sample[k] = 1000 * k - 32768 + n
        ring.put(sample)
gc.collect()
micropython.heap_lock()
run()
micropython.heap_unlock()
rows = []
for index in range(ring.count):
    ring.row_into(index, row)
    rows.append(list(row))
print(json.dumps([ring.code, ring.sample, ring.row, ring.still, list(ring.fields), rows]))
"""


def put(ring, first, count=1):
    for n in range(first, first + count):
        ring.put((n, -n, 32767, -32768, 0, 1))


def rows(ring):
    found, row = [], array("h", [0] * 6)
    for index in range(ring.count):
        ring.row_into(index, row)
        assert row[0] == -row[1] and list(row[2:]) == [32767, -32768, 0, 1]
        found.append(row[0])
    return found


def noted(before=20):
    """Return a ring of 7, 3 after an event and 5 of patience, that has just been told of an event at `before`."""
    ring = RawRing(7, 3, 5)
    put(ring, 0, before)
    ring.note(events.SWAY, before, FIELDS)
    return ring


def test_without_an_event_it_holds_the_last_samples():
    ring = RawRing(7, 3, 5)
    put(ring, 0, 3)
    assert (ring.count, rows(ring)) == (3, [0, 1, 2])
    put(ring, 3, 20)
    assert rows(ring) == list(range(16, 23)) and not ring.still


def test_an_event_is_kept_with_what_was_before_and_after_it():
    ring = noted()
    put(ring, 20, 2)
    assert not ring.still
    put(ring, 22, 4)
    assert ring.still and rows(ring) == list(range(16, 23))
    assert (ring.code, ring.sample, rows(ring)[ring.row], list(ring.fields)) == (events.SWAY, 20, 20, list(FIELDS))


def test_an_event_soon_after_the_start_has_a_shorter_before():
    ring = noted(before=2)
    put(ring, 2, 3)
    assert ring.still and rows(ring) == [0, 1, 2, 3, 4] and ring.row == 2


def test_the_first_event_is_kept_not_the_next():
    ring = noted()
    put(ring, 20)
    ring.note(events.FALL, 21, FIELDS)
    put(ring, 21, 2)
    assert (ring.code, ring.sample, ring.row) == (events.SWAY, 20, 4)


def test_nobody_wants_it_and_it_begins_anew():
    ring = noted()
    put(ring, 20, 3 + 4)
    assert ring.still
    put(ring, 27)
    assert (ring.still, ring.code, ring.count) == (False, 0, 0)
    put(ring, 28, 9)
    assert rows(ring) == list(range(30, 37))


def test_what_is_wanted_stays_until_it_is_released():
    ring = noted()
    put(ring, 20, 3)
    ring.wanted = True
    put(ring, 23, 500)
    assert ring.still and rows(ring) == list(range(16, 23))
    ring.release()
    assert (ring.still, ring.wanted, ring.code, ring.count) == (False, False, 0, 0)


@pytest.mark.parametrize(("after", "kept"), [(0, [13, 14, 15, 16, 17, 18, 19]), (1, [14, 15, 16, 17, 18, 19, 20])])
def test_a_gap_ends_what_is_kept(after, kept):
    ring = noted()
    put(ring, 20, after)
    ring.gap()
    put(ring, 90, 3)
    assert ring.still and rows(ring) == kept and ring.row == 7 - after


def test_rows_on_both_sides_of_a_gap_are_never_together():
    ring = RawRing(7, 3, 5)
    put(ring, 0, 20)
    ring.gap()
    put(ring, 90, 2)
    assert rows(ring) == [90, 91]


@given(MOVES, st.integers(4, 9), st.integers(1, 4), st.integers(1, 9))
def test_its_rows_are_always_consecutive_and_its_row_the_events(moves, capacity, after, patience):
    ring, n = RawRing(capacity, after, patience), 0
    for move in moves:
        if move == "note":
            ring.note(events.SWAY, n, FIELDS)
        elif move == "gap":
            ring.gap()
            n += 100
        elif move == "want":
            ring.wanted = ring.code != 0
        elif move == "release":
            ring.release()
        else:
            put(ring, n, move)
            n += move
        found = rows(ring)
        assert found == list(range(found[0], found[0] + len(found))) if found else True
        assert len(found) == ring.count <= capacity
        if ring.code and 0 <= ring.row < ring.count:
            assert found[ring.row] == ring.sample
        assert ring.still <= (ring.code != 0)


def test_the_same_rows_on_micropython_without_memory():
    code, sample, row, still, fields, found = json.loads(run_on_vm(ON_VM))
    assert (code, sample, row, still, fields) == (3, 20, 4, True, list(range(13)))
    assert found == [[1000 * k - 32768 + n for k in range(6)] for n in range(16, 23)]


def test_what_is_suspected_is_wanted_only_once_it_is_confirmed():
    ring = RawRing(7, 3, 5)
    put(ring, 0, 20)
    ring.suspect(events.FALL, 20)
    put(ring, 20, 4)
    assert ring.still and not ring.wanted and (ring.code, ring.sample) == (events.FALL, 20)
    ring.confirm(FIELDS)
    put(ring, 24, 50)
    assert rows(ring) == list(range(16, 23)) and ring.row == 4 and ring.wanted and ring.fields == FIELDS
    ring.suspect(events.FALL, 74)
    assert ring.sample == 20  # what is wanted stays


def test_what_is_never_confirmed_is_forgotten():
    ring = RawRing(7, 3, 5)
    put(ring, 0, 20)
    ring.suspect(events.FALL, 20)
    put(ring, 20, 8)
    assert (ring.code, ring.count) == (0, 0)
    ring.confirm(FIELDS)
    assert not ring.wanted


def test_the_later_of_two_suspicions_counts():
    ring = RawRing(7, 3, 5)
    put(ring, 0, 20)
    ring.suspect(events.FALL, 20)
    put(ring, 20, 2)
    ring.suspect(events.FALL, 22)
    put(ring, 22, 3)
    assert ring.still and ring.sample == 22 and ring.row == 4 and rows(ring) == list(range(18, 25))


def test_after_holding_still_it_goes_on_and_tells_of_what_it_missed():
    ring = RawRing(7, 3, 5)
    put(ring, 0, 20)
    ring.suspect(events.FALL, 20)
    put(ring, 20, 3)
    put(ring, 23, 2)  # held still
    ring.suspect(events.FALL, 25)
    put(ring, 25, 3)
    found, row = [], array("h", [0] * 6)
    for index in range(ring.count):
        ring.row_into(index, row)
        found.append(tuple(row[:2]))
    assert found == [(20, -20), (21, -21), (22, -22), (BREAK, 2), (25, -25), (26, -26), (27, -27)]
    assert ring.row == 4 and ring.still
