from array import array

from backstep.core.ring import Ring
from hypothesis import given
from hypothesis import strategies as st

MOVES = st.lists(st.one_of(st.just("put"), st.just("take"), st.integers(1, 50)), max_size=200)


def put(ring, *row):
    """Put a sample; return whether it is in the ring."""
    room = ring.room
    ring.extend(array("h", row), 1)
    return room > 0


def taken(ring):
    out = [0] * 6
    got = ring.take_into(out)
    return out[0] if got == 1 else ("gap", -got) if got < 0 else None


def test_a_gap_keeps_its_place():
    ring = Ring(4)
    put(ring, 1, 0, 0, 0, 0, 0)
    ring.gap(7)
    ring.gap(2)
    put(ring, 2, 0, 0, 0, 0, 0)
    assert [taken(ring) for _ in range(4)] == [1, ("gap", 9), 2, None]


def test_a_full_ring_refuses_and_states_what_it_lost():
    ring = Ring(2)
    assert [put(ring, i, 0, 0, 0, 0, 0) for i in range(4)] == [True, True, False, False]
    assert [taken(ring) for _ in range(4)] == [0, 1, ("gap", 2), None]
    assert ring.lost == 2


def test_all_six_columns_come_back():
    ring = Ring(1)
    put(ring, 1, -2, 3, -4, 32767, -32768)
    out = [0] * 6
    assert ring.take_into(out) == 1
    assert out == [1, -2, 3, -4, 32767, -32768]


def test_the_newest_sample_is_told_from_the_one_before_wherever_it_lies():
    ring, row = Ring(3), [0] * 6
    for i in range(1, 9):
        put(ring, 0, 0, 1000, 0, 0, i)
        assert ring.newest_into(row) and row == [0, 0, 1000, 0, 0, i]
        ring.take_into([0] * 6)
        assert not ring.newest_into(row)
    put(ring, 0, 0, 1000, 0, 0, 8)
    assert not ring.newest_into(row)


@given(MOVES, st.integers(1, 5))
def test_nothing_is_lost_unsaid(moves, capacity):
    ring, sent, seen = Ring(capacity), 0, 0
    for move in moves:
        if move == "put":
            put(ring, 0, 0, 0, 0, 0, 0)
            sent += 1
        elif move == "take":
            got = ring.take_into([0] * 6)
            seen += abs(got)
        else:
            ring.gap(move)
            sent += move
    while got := ring.take_into([0] * 6):
        seen += abs(got)
    assert seen == sent
