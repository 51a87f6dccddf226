"""The recurrent network against the same said plainly, at the ends of what can come, and on MicroPython."""

import json
import math

import numpy as np
import pytest
from backstep.core.belt import memory
from backstep.core.belt.memory import INPUTS, TOGETHER, Memory
from hypothesis import given, settings
from hypothesis import strategies as st
from int_bounds import Watched, WatchedArray
from vm import run_on_vm
from vm_events import FORMS

from host_tools.install import native

ENDS = (-(2**31), -32769, -32768, -32767, -1, 0, 1, 32767, 32768, 2**31 - 1)


def made(units, rng, extreme=False):
    """A network's parts as numbers: weights over inputs, over states, of the score, shifts, biases."""
    rows = 3 * units
    shapes = (rows, INPUTS), (rows, units), (units,)
    weights = [rng.choice([-128, 127], shape) if extreme else rng.integers(-128, 128, shape) for shape in shapes]
    shifts = rng.integers(4, 6 if extreme else 13, 2 * rows + 1), rng.integers(0, 9, INPUTS)
    biases = rng.choice([-32768, 32767], 4 * units + 1) if extreme else rng.integers(-3000, 3000, 4 * units + 1)
    return *weights, np.concatenate(shifts), biases


def as_bytes(over, states, score, shifts, biases):
    """The parts as Memory takes them."""
    cells = [part[r : r + TOGETHER].T.ravel() for part in (over, states) for r in range(0, len(part), TOGETHER)]
    weights = np.concatenate([*cells, score]) + 128
    return bytes(weights.tolist()), bytes(shifts.tolist()), (biases + 32768).astype("<u2").tobytes()


def tanh(by_q10):
    """tanh of by / 2^10 [Q14], at the nearest multiple of 1/64, to +-4."""
    at = min((abs(by_q10) + 8) >> 4, 256)
    return int(math.copysign(round(16384 * math.tanh(at / 64)), by_q10))


def sigmoid(by_q10):
    """sigmoid of by / 2^10 [Q14], by tanh of its half."""
    at = min((abs(by_q10) + 16) >> 5, 256)
    return (16384 + int(math.copysign(round(16384 * math.tanh(at / 64)), by_q10))) >> 1


def stepped(parts, values, h):
    """One step, said plainly; return the score, and change the states."""
    over, states, score, shifts, biases = (part.tolist() for part in parts)
    units = len(h)
    x = [max(-128, min(127, value >> by)) << 9 for value, by in zip(values, shifts[-INPUTS:], strict=True)]

    def row(weights, numbers, by):
        return sum(w * number for w, number in zip(weights, numbers, strict=True)) >> by

    one = [row(over[r], x, shifts[r]) for r in range(3 * units)]
    other = [row(states[r], h, shifts[3 * units + r]) for r in range(3 * units)]
    for u in range(units):
        r, z = (sigmoid(one[g] + other[g] + biases[g]) for g in (u, units + u))
        reset = max(-32768, min(32767, other[2 * units + u] + biases[3 * units + u]))
        n = tanh(one[2 * units + u] + biases[2 * units + u] + ((r * reset) >> 14))
        h[u] = n + ((z * (h[u] - n)) >> 14)
    return (row(score, h, shifts[6 * units]) + biases[4 * units] + 16) >> 5


ANY = st.lists(st.one_of(st.integers(-32768, 32767), st.sampled_from(ENDS)), min_size=INPUTS, max_size=INPUTS)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from([4, 8, 20]), st.integers(0, 2**32), st.booleans(), st.lists(ANY, min_size=1, max_size=4))
def test_it_steps_as_said_plainly(units, seed, extreme, rows):
    parts = made(units, np.random.default_rng(seed), extreme)
    network = Memory(as_bytes(*parts))
    h = [0] * units
    assert [network.step(row) for row in rows] == [stepped(parts, row, h) for row in rows]
    assert network._columns[INPUTS + 1 : -1].tolist() == h


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("weight", [-128, 127])
def test_no_number_leaves_31_bits(weight, sign, monkeypatch):
    for name in ("ptr8", "ptr16", "ptr32"):
        monkeypatch.setattr(memory, name, WatchedArray)
    units = 28
    rows = 3 * units
    shifts = np.zeros(6 * units + 1 + INPUTS, int)
    parts = (np.full((rows, INPUTS), weight), np.full((rows, units), weight), np.full(units, weight), shifts,
             np.full(4 * units + 1, 32767 if sign > 0 else -32768))  # fmt: skip
    network = Memory(as_bytes(*parts))
    h = [0] * units
    for turn in range(4):
        values = [Watched(sign * (-1) ** turn * 32767)] * INPUTS
        assert network.step(values) == stepped(parts, [int(value) for value in values], h)


def test_it_is_the_gated_recurrent_unit_of_the_paper():
    rng = np.random.default_rng(3)
    units = 8
    over, states = rng.uniform(-1, 1, (3 * units, INPUTS)), rng.uniform(-1, 1, (3 * units, units))
    score, biases = rng.uniform(-1, 1, units), rng.uniform(-0.5, 0.5, 4 * units + 1)
    shifts = np.array([10] * (6 * units + 1) + [3] * INPUTS)  # 6 bits behind the point
    whole = (*(np.round(64 * part).astype(int) for part in (over, states, score)), shifts)
    network = Memory(as_bytes(*whole, np.round(1024 * biases).astype(int)))
    over, states, score = (part / 64 for part in whole[:3])
    h = np.zeros(units)
    for _ in range(60):
        values = rng.integers(-600, 600, INPUTS)
        one, other = over @ np.clip(values / 256, -4, 127 / 32), states @ h
        r, z = np.split(1 / (1 + np.exp(-(one + other + np.pad(biases[: 2 * units], (0, units)))))[: 2 * units], 2)
        reset = other[2 * units :] + biases[3 * units : 4 * units]
        n = np.tanh(one[2 * units :] + biases[2 * units : 3 * units] + r * reset)
        h = n + z * (h - n)
        assert network.step(values.tolist()) / 32 == pytest.approx(score @ h + biases[-1], abs=0.15)


def test_after_a_restart_it_is_as_new():
    parts = as_bytes(*made(8, np.random.default_rng(1)))
    rows = np.random.default_rng(2).integers(-3000, 3000, (6, INPUTS)).tolist()
    new, used = Memory(parts), Memory(parts)
    first = [used.step(row) for row in rows]
    assert [used.step(row) for row in rows] != first
    used.restart()
    assert [used.step(row) for row in rows] == first == [new.step(row) for row in rows]


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("change", [lambda part: part[:-2], lambda part: part + b"ab", lambda part: b""])
def test_what_is_no_network_is_refused(which, change):
    parts = list(as_bytes(*made(4, np.random.default_rng(1))))
    parts[which] = change(parts[which])
    with pytest.raises(ValueError, match=r"network of \d+ units: .* bytes, want .*"):
        Memory(parts)


def test_units_come_by_twos():
    with pytest.raises(ValueError, match="network of 5 units: .*, and units by twos"):
        Memory((bytes(3 * 5 * 21 + 5), bytes(6 * 5 + 1 + INPUTS), bytes(2 * (4 * 5 + 1))))


VM_STEPS = """
import json, micropython
from array import array
from backstep.core.belt.memory import Memory
network = Memory({parts!r})
rows = [array("i", row) for row in {rows!r}]
found = array("i", [0] * len(rows))
def run():
    for k in range(len(rows)):
        found[k] = network.step(rows[k])
micropython.heap_lock()
run()
micropython.heap_unlock()
print(json.dumps(list(found)))
"""


@pytest.mark.parametrize("arch", FORMS)
@pytest.mark.parametrize("extreme", [False, True])
def test_the_same_on_the_vm(extreme, arch):
    rng = np.random.default_rng(5)
    parts = made(20, rng, extreme)
    rows = [*rng.integers(-32768, 32768, (20, INPUTS)), *rng.integers(-900, 900, (40, INPUTS))]
    rows = [row.tolist() for row in rows]
    script = VM_STEPS.format(parts=as_bytes(*parts), rows=rows)
    network = Memory(as_bytes(*parts))
    here = [network.step(row) for row in rows]
    assert len(set(here)) > 20
    assert json.loads(run_on_vm(script, heapsize="1M", path=(native.firmware(arch),))) == here
