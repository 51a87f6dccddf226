"""A small recurrent network in the integers that core's Memory steps in: made of learnt numbers, stepped here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from backstep.core.belt import sway
from backstep.core.belt.memory import INPUTS, TOGETHER, Memory
from backstep.core.belt.sway_motion import Motion

INPUT_BITS = np.array([8, 8, 7, 7, 8, 7, 8, 7, 8, 8, 7, 8, 13, 11, 8, 6])  # of what counts as 1, of each input
_AT_ONCE = 512  # series


def standing() -> np.ndarray:
    """Return what a network is stepped on at every start, before the first sample: one who stands (steps, 16)."""
    motion = Motion(4 * sway._STEP_HZ)
    motion.restart()
    return np.tile(np.array(motion.values, np.int16), (sway._STEP_HZ, 1))


class Network(NamedTuple):
    """What core's Memory takes.

    weights: 8 bits, 128 more than they are: of the inputs, of the states (rows of reset, update, new; TOGETHER of
    them side by side, column by column), of the score.  shifts: how far to the right what each row makes has to
    go, and each input.  biases: 16 bits, low byte first, 32768 more than they are [1/1024]: of reset, update, new,
    of the states' part in new, of the score.
    """

    weights: bytes
    shifts: bytes
    biases: bytes


def in_integers(params: Mapping[str, np.ndarray]) -> Network:
    """Return the network of what learning.learnt gives, each row of weights as fine as 8 bits allow."""
    units = len(params["o"])
    inputs, input_bits = _rounded(params["wi"].T)
    states, state_bits = _rounded(params["wh"].T)
    score, score_bits = _rounded(params["o"][None])
    gates = 2 * units
    bi, bh = params["bi"], params["bh"]
    biases = (bi[:gates] + bh[:gates], bi[gates:], bh[gates:], [params["b"]])
    packed = (_side_by_side(inputs), _side_by_side(states), score.ravel())
    shifts = (input_bits + 4, state_bits + 4, score_bits + 4, INPUT_BITS - 5)  # sums of Q14 become Q10, inputs Q5
    q10 = np.clip(np.round(1024 * np.concatenate(biases)), -32768, 32767).astype(int) + 32768
    return Network(
        (np.concatenate(packed) + 128).astype(np.uint8).tobytes(),
        np.concatenate(shifts).astype(np.uint8).tobytes(),
        q10.astype("<u2").tobytes(),
    )


def _rounded(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of weights as whole numbers of 8 bits, and the bits behind the point of each row."""
    most = np.maximum(np.abs(rows).max(axis=1), 1e-3)
    bits = np.clip(np.floor(np.log2(127 / most)), -4, 12).astype(int)
    return np.clip(np.round(rows * 2.0 ** bits[:, None]), -128, 127).astype(int), bits


def _side_by_side(rows: np.ndarray) -> np.ndarray:
    return rows.reshape(-1, TOGETHER, rows.shape[1]).transpose(0, 2, 1).ravel()


def _apart(packed: np.ndarray, rows: int) -> np.ndarray:
    return packed.reshape(rows // TOGETHER, -1, TOGETHER).transpose(0, 2, 1).reshape(rows, -1)


def scores(network: Network, series: Sequence) -> list[np.ndarray]:
    """Return what core's Memory gives at each step of each series, from its start on: (n,) integers each.

    series: of anything that has `values`, (n, 16) integers: Motion's, 26 times a second.
    """
    found = [np.zeros(0, np.int32)] * len(series)
    before = standing()
    order = sorted(range(len(series)), key=lambda k: -len(series[k].values))
    for i in range(0, len(order), _AT_ONCE):
        some = order[i : i + _AT_ONCE]
        values = [np.concatenate([before, series[k].values]) for k in some]
        for k, score in zip(some, _scored(network, values), strict=True):
            found[k] = score[len(before) :]
    return found


def _scored(network: Network, values: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield the scores of each.  values: (n, 16) each, the longest first."""
    units = len(network.biases) // 8
    rows = 3 * units
    weights = np.frombuffer(network.weights, np.uint8).astype(float) - 128  # whole: sums are exact, and fast
    of_inputs, of_states, of_score = np.split(weights, [rows * INPUTS, rows * (INPUTS + units)])
    of_inputs, of_states = _apart(of_inputs, rows).T, _apart(of_states, rows).T
    shifts = np.frombuffer(network.shifts, np.uint8).astype(int)
    by_input, by_state, by_score, of_values = np.split(shifts, [rows, 2 * rows, 2 * rows + 1])
    biases = np.frombuffer(network.biases, "<u2").astype(int) - 32768
    bias, state_bias, score_bias = np.split(biases, [rows, rows + units])
    tanhs = np.array(Memory(network)._table[4 * units + 1 :], int)
    lengths = np.array([len(one) for one in values])
    inputs = np.zeros((lengths[0], len(values), INPUTS), np.int8)
    for k, one in enumerate(values):
        inputs[: len(one), k] = np.clip(one >> of_values, -128, 127)
    found = np.zeros(inputs.shape[:2], np.int32)
    h = np.zeros((len(values), units), int)
    for t, taken in enumerate(inputs):
        h = h[: np.count_nonzero(lengths > t)]
        x = taken[: len(h)].astype(float) * 512
        a = ((x @ of_inputs).astype(int) >> by_input) + bias
        c = (h.astype(float) @ of_states).astype(int) >> by_state
        gates = (_tanh(a[:, : 2 * units] + c[:, : 2 * units], tanhs) + 16384) >> 1
        again = np.clip(c[:, 2 * units :] + state_bias, -32768, 32767)
        n = _tanh(2 * (a[:, 2 * units :] + (gates[:, :units] * again >> 14)), tanhs)
        h = n + (gates[:, units:] * (h - n) >> 14)
        found[t, : len(h)] = (((h @ of_score).astype(int) >> by_score) + score_bias + 16) >> 5
    for k, length in enumerate(lengths):
        yield found[:length, k].copy()


def _tanh(twice: np.ndarray, tanhs: np.ndarray) -> np.ndarray:
    """Return tanh in Q14 of half of what is given in Q10.  tanhs: of i / 64, in Q14."""
    return np.sign(twice) * tanhs[np.minimum((np.abs(twice) + 16) >> 5, len(tanhs) - 1)]
