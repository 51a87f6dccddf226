"""Whether rates fit accelerations: between two rests gravity turns in the sensor as the rates say, or not."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from host_tools.many_rows import Rows, pieces
from host_tools.recordings import Recording

_BLOCK_S = 0.1
_OFF_G, _SPREAD_G = 0.05, 0.03  # of a block at rest, from 1 g and within it
_APART_S, _LONGEST_S = 0.5, 3.0  # from one rest to the next that is taken
_STEP_HZ = 100
_MOST = 150  # stretches of a recording
_LITTLE = 0.1  # of the angle that the greatest turn: what turns less tells nothing
_DIFFERENT_DEG = 6.0  # between what two readings of the rates foretell
_AGREES_DEG = 4.0
_FEWEST, _TO_ONE = 8, 5  # stretches for another reading; for one against it
_CAP_DEG = 10.0  # more is as bad
_SCALES = (180 / np.pi, np.pi / 180, 10.0, 0.1)
_AT_ONCE = 256  # blocks
_NEXT, _LAST = [1, 2, 0], [2, 0, 1]  # axes


@dataclass(frozen=True)
class Rests:
    """Blocks of a tenth of a second.

    rows: of each.  still: (n,) whether it is at rest by its accelerations.
    means: (n, 6) accelerations [mg] and rates [0.1 deg/s].
    """

    rows: int
    still: np.ndarray
    means: np.ndarray

    def down(self, blocks: np.ndarray) -> np.ndarray:
        """Return the direction of some blocks' accelerations, (m, 3), 1 long."""
        accel = self.means[blocks, :3]
        return accel / np.maximum(np.linalg.norm(accel, axis=1), 1)[:, None]

    def bias_ddps(self) -> np.ndarray:
        """Return what the gyro reads at rest, (3,) [0.1 deg/s]: zeros where there is no rest."""
        if not self.still.any():
            return np.zeros(3)
        return np.array([np.median(self._at_rest(axis)) for axis in (3, 4, 5)])

    def spread_ddps(self, bias_ddps: np.ndarray) -> float:
        """Return how far half of the rests are from a bias at most [0.1 deg/s]; there is one at least."""
        away = [self._at_rest(3 + axis) - bias for axis, bias in enumerate(bias_ddps.tolist())]
        return float(np.median(np.sqrt(sum(np.square(one) for one in away))))

    def _at_rest(self, column: int) -> np.ndarray:
        return np.concatenate(
            [some[self.still[begin : begin + len(some)], column] for begin, some in pieces(self.means)]
        )

    def lasting(self) -> Rests:
        """Return the same with only those at rest whose neighbours are so too."""
        beside = np.pad(self.still, 1)
        return replace(self, still=self.still & beside[:-2] & beside[2:])


@dataclass(frozen=True)
class Turns:
    """Stretches from one rest to another.

    before, after: (n, 3) where gravity is at their ends, 1 long.
    angles: (n, steps, 3) how far the rates say that it turned in each step [rad], 0 after the end.
    """

    before: np.ndarray
    after: np.ndarray
    angles: np.ndarray

    def errors_deg(self, readings: np.ndarray) -> np.ndarray:
        """Return how far gravity ends from where the rates foretell, (n, readings).

        readings: (m, 3, 3) what makes true rates of those recorded.
        """
        foretold = np.repeat(self.before[:, None], len(readings), axis=1)
        for step in range(self.angles.shape[1]):
            vectors = np.einsum("mij,nj->nmi", readings, -self.angles[:, step])
            foretold = _turned(foretold, vectors)
        chord = np.linalg.norm(foretold - self.after[:, None], axis=-1)
        return np.degrees(2 * np.arcsin(np.clip(chord / 2, 0, 1)))

    def most_deg(self) -> np.ndarray:
        """Return how far gravity can end from where the rates foretell at most, (n,): sooner than errors_deg."""
        chord = np.linalg.norm(self.after - self.before, axis=-1)
        way = np.linalg.norm(self.angles, axis=-1).sum(axis=1)
        return np.degrees(way + 2 * np.arcsin(np.clip(chord / 2, 0, 1)))

    def some(self, which: np.ndarray) -> Turns:
        return Turns(self.before[which], self.after[which], self.angles[which])


@dataclass(frozen=True)
class Contradiction:
    """Another reading of the rates that fits better.

    reading: (3, 3) what makes true rates of those recorded.  fit, unfit: stretches that speak for and against it.
    """

    reading: np.ndarray
    fit: int
    unfit: int

    def __str__(self) -> str:
        seen = f"{self.fit} of {self.fit + self.unfit} turns between rests"
        return f"its rates contradict its accelerations in {seen}, and {_remedy(self.reading)}"


def rests(recording: Recording) -> Rests:
    """Return where a recording is at rest; never in filled rows."""
    rows = _rows(recording)
    count = len(recording.samples) // rows
    parts = recording.samples[: count * rows].reshape(count, rows, 6)
    still, means = np.zeros(count, bool), Rows(6, dtype=float)
    for begin, some in pieces(parts, _AT_ONCE):
        values = some.astype(float)
        mean, spread = values.mean(axis=1), values[:, :, :3].std(axis=1).max(axis=1)
        length = np.linalg.norm(mean[:, :3], axis=1)
        still[begin : begin + len(some)] = (np.abs(length - 1000) < 1000 * _OFF_G) & (spread < 1000 * _SPREAD_G)
        means.add(mean)
    for first, filled in recording.filled:
        still[first // rows : -(-(first + filled) // rows)] = False
    return Rests(rows, still, means.array())


def _rows(recording: Recording) -> int:
    return max(2, round(_BLOCK_S * recording.rate_hz))


def turns(recording: Recording, found: Rests) -> Turns:
    """Return stretches of a recording in which it turned, the same however large its rates are.

    found: of rests.
    """
    bias = found.bias_ddps()
    pairs = _most_turned(found, bias, _pairs(found.still, recording))
    every = max(1, round(recording.rate_hz / _STEP_HZ))
    at = (pairs * found.rows + found.rows // 2) // every
    angles = np.zeros((len(at), int((at[:, 1] - at[:, 0]).max(initial=0)), 3))
    to_rad = np.pi / 1800 * every / recording.rate_hz
    for number, (begin, end) in enumerate(at.tolist()):
        rates = recording.samples[begin * every : end * every, 3:].astype(float) - bias
        angles[number, : end - begin] = rates.reshape(-1, every, 3).mean(axis=1) * to_rad
    return Turns(found.down(pairs[:, 0]), found.down(pairs[:, 1]), angles)


def pooled(some: Sequence[Turns]) -> Turns:
    """Return the stretches of all; there is one at least."""
    steps = max(one.angles.shape[1] for one in some)
    angles = [np.pad(one.angles, ((0, 0), (0, steps - one.angles.shape[1]), (0, 0))) for one in some]
    ends = (np.concatenate([one.before for one in some]), np.concatenate([one.after for one in some]))
    return Turns(*ends, np.concatenate(angles))


def contradiction(found: Turns) -> Contradiction | None:
    """Return the reading of the rates that accelerations speak for, None where it is the recorded one, or unclear.

    Stretches vote: those in which both foretell something else, and one of them what came.
    """
    if np.count_nonzero(found.most_deg() > _DIFFERENT_DEG) < _FEWEST:
        return None
    as_is = found.errors_deg(np.eye(3)[None])
    doubted = as_is[:, 0] > _DIFFERENT_DEG
    if doubted.sum() < _FEWEST:
        return None
    fit, _ = _votes(as_is[doubted], found.some(doubted).errors_deg(_OTHERS))
    others = _OTHERS[fit >= _FEWEST]
    errors = found.errors_deg(others)
    fit, unfit = _votes(as_is, errors)
    enough = (fit >= _FEWEST) & (fit >= _TO_ONE * unfit)
    if not enough.any():
        return None
    best = int(np.where(enough, np.minimum(errors, _CAP_DEG).mean(axis=0), np.inf).argmin())
    return Contradiction(others[best], int(fit[best]), int(unfit[best]))


def _votes(as_is: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    agrees = np.minimum(as_is, other) < _AGREES_DEG
    for_other = (as_is - other > _DIFFERENT_DEG) & agrees
    against = (other - as_is > _DIFFERENT_DEG) & agrees
    return for_other.sum(axis=0), against.sum(axis=0)


def _pairs(still: np.ndarray, recording: Recording) -> np.ndarray:
    """Return pairs of a block at rest and the next one that is far enough, (n, 2), with no gap in between."""
    rows = _rows(recording)
    per_s = recording.rate_hz / rows
    found = array("q")
    last = None
    for block in _true(still):
        if last is not None and block - last < _APART_S * per_s:
            continue
        if last is not None and block - last <= _LONGEST_S * per_s:
            found.extend((last, block))
        last = block
    pairs = np.array(found, int).reshape(-1, 2)
    cut = sorted([row for row, _ in recording.gaps] + [first for first, _ in recording.filled])
    begin, end = (np.searchsorted(cut, pairs * rows + rows // 2, side="right")).T
    return pairs[begin == end]


def _true(mask: np.ndarray) -> Iterator[int]:
    """Yield where a mask is true."""
    for begin, some in pieces(mask):
        yield from (begin + np.flatnonzero(some)).tolist()


def _most_turned(found: Rests, bias: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Return the pairs in between which the rates tell of a turn, _MOST of them at most."""
    if not len(pairs):
        return pairs
    way = np.zeros(len(found.still))
    for begin, some in pieces(found.means):
        way[begin : begin + len(some)] = np.linalg.norm(some[:, 3:] - bias, axis=1)
    np.cumsum(way, out=way)
    turned = way[pairs[:, 1]] - way[pairs[:, 0]]
    at = np.flatnonzero(turned >= _LITTLE * np.percentile(turned, 95))
    return pairs[at[np.linspace(0, len(at) - 1, min(_MOST, len(at))).round().astype(int)]]


def _turned(directions: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Return directions turned about vectors, by their length [rad]; both (..., 3)."""
    angle = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))[..., None]
    axis = vectors / np.maximum(angle, 1e-12)
    along = axis * np.einsum("...i,...i->...", axis, directions)[..., None]
    # np.cross takes longer
    across = axis[..., _NEXT] * directions[..., _LAST] - axis[..., _LAST] * directions[..., _NEXT]
    return along + (directions - along) * np.cos(angle) + across * np.sin(angle)


def _others() -> np.ndarray:
    """Return other readings, the simplest first: one axis inverted, another unit, all inverted, another order."""
    signs = [np.diag(some) for some in itertools.product((1.0, -1.0), repeat=3)]
    signs.sort(key=lambda one: (one < 0).sum())
    orders = [np.eye(3)[list(order)] for order in itertools.permutations(range(3))]
    orders.sort(key=lambda one: 3 - np.trace(one))
    turned = [sign @ order for order in orders for sign in signs][1:]
    return np.array(turned[:3] + [scale * np.eye(3) for scale in _SCALES] + turned[3:])


_OTHERS = _others()


def _remedy(reading: np.ndarray) -> str:
    scale = float(np.abs(reading).max())
    if scale != 1:
        return f"fit {scale:.3g} times as large: another unit? {_UNIT_OPTIONS.get(round(scale, 3), '--gyro-unit')}"
    names = ("gx", "gy", "gz")
    fit = [("-" if row.min() < 0 else "") + names[int(np.abs(row).argmax())] for row in reading]
    if np.trace(np.abs(reading)) < 3:
        return f"fit as {' '.join(fit)}: are axes in another order?"
    why = ("is an axis inverted?", "are two axes inverted?", "left-handed axes, or all inverted?")
    return f"fit as {' '.join(fit)}: {why[(reading < 0).sum() - 1]}"


_UNIT_OPTIONS = {round(180 / np.pi, 3): "--gyro-unit rad/s", 10.0: "--gyro-unit deg/s"}
