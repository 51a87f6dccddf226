"""Rice coded rows: every row comes back, on both interpreters, and it is worth the while."""

import json
from array import array

import pytest
from backstep.core.log import rice
from hypothesis import given
from hypothesis import strategies as st
from vm import run_on_vm

EDGES = st.sampled_from((-32768, -32767, -1, 0, 1, 32766, 32767))
VALUE = st.one_of(st.integers(-32768, 32767), EDGES, st.integers(-20, 20))
ROWS = st.integers(1, 32).flatmap(lambda count: st.lists(VALUE, min_size=6 * count, max_size=6 * count))


def packed(values, room=2000):
    out = bytearray(room)
    length = rice.coded(array("h", values), len(values) // 6, out, 3, room)
    return out, length


@given(ROWS)
def test_every_row_comes_back(values):
    out, length = packed(values)
    assert rice.decoded(out, 3, 3 + length, len(values) // 6).tolist() == values


@given(ROWS, st.integers(0, 60))
def test_too_little_room_is_told_and_nothing_beside_it_is_written(values, room):
    whole, length = packed(values)
    out = bytearray(b"\x55" * 100)
    assert rice.coded(array("h", values), len(values) // 6, out, 20, 20 + room) == length
    assert out[:20] == b"\x55" * 20 and out[20 + room :] == b"\x55" * (80 - room)
    if length <= room:
        assert out[20 : 20 + length] == whole[3 : 3 + length]


@given(st.binary(max_size=80), st.integers(1, 32))
def test_nonsense_gives_rows_and_never_an_error(data, count):
    assert len(rice.decoded(data, 0, len(data), count)) == 6 * count


@pytest.mark.parametrize("step,bytes_at_most", [(0, 39), (3, 108), (1000, 330)])
def test_the_smaller_the_steps_the_fewer_the_bytes(step, bytes_at_most):
    values = [(i // 6) * step - 16000 for i in range(6 * 32)]
    assert packed(values)[1] <= bytes_at_most


ON_VM = """
import json
from array import array
from binascii import hexlify
from backstep.core.log import rice
values = array("h", [((i * i * 7919) % 65536 - 32768) >> (i % 11) for i in range(6 * 32)])
out = bytearray(800)
length = rice.coded(values, 32, out, 0, 800)
print(json.dumps([length, hexlify(out).decode(), list(rice.decoded(out, 0, length, 32))]))
"""


def test_the_same_on_the_real_micropython(capsys):
    exec(ON_VM, {})
    here = json.loads(capsys.readouterr().out)
    assert json.loads(run_on_vm(ON_VM)) == here and here[0] < 800
