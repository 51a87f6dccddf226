"""Learns the network that warns of backward sways, in floating point by JAX.

A step's loss is that of a warning, right or wrong. The people it is learnt from count alike, however long they
were recorded. Before each piece of a recording go steps that memory fills in, and nothing is learnt from them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax

from host_tools.errors import UserError

from .examples import EITHER, RIGHT
from .network import INPUT_BITS, Network, in_integers, standing

UNITS = 20
EPOCHS = 15
BATCH = 384  # pieces
RATE = 1e-2  # of learning at its highest; it rises and falls once
RISING = 0.2  # part of all batches
DECAY = 1e-3
LARGEST_STEP = 1.0
WARM_UP, PIECE = 40, 160  # steps that memory fills in, and those behind them that are learnt from
DULL_KEPT = 0.25  # of the pieces without a step asked for
RIGHT_WEIGHT, ASKED_WEIGHT, UNASKED_WEIGHT = 2.0, 1.0, 0.3  # a warning missed costs so many false ones
START = -3.0  # log odds of a network that knows nothing
_UNROLL = 4
_MOST = 4.0  # of an input
_ONE_THREAD = "--xla_cpu_multi_thread_eigen=false"  # sums keep their order


@dataclass(frozen=True)
class Series:
    """What the network is stepped on in one recording, and what is true of each step.

    values: (n, 16) integers, Motion's at 26 Hz.  truth: (n,) RIGHT, WRONG or EITHER to warn.  asked: (n,) bool,
    whether the detector goes by the score.  known: (n,) bool, whether posture and motion are settled and the
    wearer is upright: the others are not learnt from.  person: who wore it.
    """

    values: np.ndarray
    truth: np.ndarray
    asked: np.ndarray
    known: np.ndarray
    person: Hashable


def fit(series: Sequence[Series], seed: int, tell: Callable[[int, float], None] | None = None) -> Network:
    """Learn to tell steps at which to warn from those not to.

    seed: the same makes the same network of the same series, but for the last bits of sums.  tell: called after
    each epoch with its number and mean loss.  UserError where no step says that a warning is right, or none that
    it is wrong.
    """
    return in_integers(learnt(series, seed, tell))


def learnt(
    series: Sequence[Series], seed: int, tell: Callable[[int, float], None] | None = None
) -> dict[str, np.ndarray]:
    """Return what fit() learns, in floating point: the matrices and vectors of _log_odds by their names."""
    os.environ.setdefault("XLA_FLAGS", _ONE_THREAD)
    rng = np.random.default_rng(seed)
    joined = _Joined(series)
    pieces = joined.pieces(rng)
    batch = min(BATCH, len(pieces))
    per_epoch = len(pieces) // batch
    batches = EPOCHS * per_epoch
    params = _beginning(jax.random.PRNGKey(seed))
    state = _optimiser(batches).init(params)
    for epoch in range(EPOCHS):
        order = rng.permutation(len(pieces))
        total = 0.0
        for i in range(per_epoch):
            some = joined.batch([pieces[k] for k in order[i * batch : (i + 1) * batch]])
            params, state, lost = _improved(batches, params, state, *some)
            total += float(lost)
        if tell:
            tell(epoch, total / per_epoch)
    return {name: np.asarray(value) for name, value in params.items()}


def _optimiser(batches: int) -> optax.GradientTransformation:
    rate = optax.cosine_onecycle_schedule(batches, RATE, RISING)
    return optax.chain(optax.clip_by_global_norm(LARGEST_STEP), optax.adamw(rate, weight_decay=DECAY))


@partial(jax.jit, static_argnums=0)
def _improved(batches: int, params: dict, state, x: jax.Array, y: jax.Array, weight: jax.Array):
    """Return params and the optimiser's state after one batch more, and its loss before.  batches: all in all."""
    lost, gradient = jax.value_and_grad(_loss)(params, x, y, weight)
    change, state = _optimiser(batches).update(gradient, state, params)
    return optax.apply_updates(params, change), state, lost


def _after_standing(one: Series) -> Series:
    """Return a series with what the network is stepped on before it; nothing is learnt from that."""
    before = standing()
    no = np.zeros(len(before), bool)
    return replace(
        one,
        values=np.concatenate([before, one.values]),
        truth=np.concatenate([np.full(len(before), EITHER), one.truth]),
        asked=np.concatenate([no, one.asked]),
        known=np.concatenate([no, one.known]),
    )


class _Joined:
    """All series end to end, as the network takes them."""

    def __init__(self, series: Sequence[Series]):
        series = [_after_standing(one) for one in series]
        self._ends = np.cumsum([len(one.values) for one in series])
        self._values = np.concatenate([np.clip(one.values, -32768, 32767).astype(np.int16) for one in series])
        truth = np.concatenate([one.truth for one in series])
        asked = np.concatenate([one.asked for one in series])
        used = np.concatenate([one.known for one in series]) & (truth != EITHER)
        right = truth == RIGHT
        if not (used & right).any() or not (used & ~right).any():
            raise UserError("nothing to learn, want steps at which a warning is right, and others")
        weight = np.where(right, RIGHT_WEIGHT, np.where(asked, ASKED_WEIGHT, UNASKED_WEIGHT)) * used
        number = {person: k for k, person in enumerate(dict.fromkeys(one.person for one in series))}
        person = np.repeat([number[one.person] for one in series], np.diff(self._ends, prepend=0))
        each = np.bincount(person, weight)
        alike = np.divide(each.mean(), each, out=np.zeros_like(each), where=each > 0)
        self._weight = (weight * alike[person]).astype(np.float32)
        self._right = right.astype(np.float32)
        self._asked = np.concatenate([[0], np.cumsum(asked)])

    def pieces(self, rng: np.random.Generator) -> list[tuple[int, int, int]]:
        """Return (first step, first learnt from, end) of pieces: all with a step asked for, some of the others."""
        found = []
        start = 0
        for end in self._ends.tolist():
            for a in range(start, end, PIECE):
                b = min(a + PIECE, end)
                if self._asked[b] > self._asked[a] or rng.random() < DULL_KEPT:
                    found.append((max(start, a - WARM_UP), a, b))
            start = end
        return found

    def batch(self, pieces: Sequence[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return inputs (pieces, steps, 16), whether a warning is right, and what that weighs (pieces, steps)."""
        shape = (len(pieces), WARM_UP + PIECE)
        x = np.zeros((*shape, len(INPUT_BITS)), np.float32)
        y, weight = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        for k, (first, a, b) in enumerate(pieces):
            x[k, : b - first] = self._values[first:b]
            y[k, : b - first] = self._right[first:b]
            weight[k, a - first : b - first] = self._weight[a:b]
        return np.clip(x / 2.0**INPUT_BITS, -_MOST, _MOST).astype(np.float32), y, weight


def _beginning(key: jax.Array) -> dict[str, jax.Array]:
    units, inputs = UNITS, len(INPUT_BITS)
    shapes = (("wi", (inputs, 3 * units)), ("wh", (units, 3 * units)), ("bi", (3 * units,)), ("bh", (3 * units,)),
              ("o", (units,)))  # fmt: skip
    most = units**-0.5
    params = {
        name: jax.random.uniform(one, shape, minval=-most, maxval=most)
        for one, (name, shape) in zip(jax.random.split(key, len(shapes)), shapes, strict=True)
    }
    return params | {"b": jnp.array(START, jnp.float32)}  # a bare number would be of another type after one step


def _loss(params: dict, x: jax.Array, y: jax.Array, weight: jax.Array) -> jax.Array:
    each = optax.sigmoid_binary_cross_entropy(_log_odds(params, x), y)
    return (each * weight).sum() / (weight.sum() + 1)


def _log_odds(params: dict, x: jax.Array) -> jax.Array:
    """Return the log odds (pieces, steps) that a warning is right.

    params: wi (16, 3 units), wh (units, 3 units), bi and bh (3 units,): of reset, update, new; o (units,), b ().
    x: inputs (pieces, steps, 16).
    """
    units = len(params["o"])

    def step(h, a):
        c = h @ params["wh"] + params["bh"]
        r = jax.nn.sigmoid(a[:, :units] + c[:, :units])
        z = jax.nn.sigmoid(a[:, units : 2 * units] + c[:, units : 2 * units])
        n = jnp.tanh(a[:, 2 * units :] + r * c[:, 2 * units :])
        h = n + z * (h - n)
        return h, h

    inputs = (x @ params["wi"] + params["bi"]).transpose(1, 0, 2)
    states = jax.lax.scan(step, jnp.zeros((len(x), units)), inputs, unroll=_UNROLL)[1]
    return (states @ params["o"] + params["b"]).T
