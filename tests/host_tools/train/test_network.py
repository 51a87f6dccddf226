"""The network that the host steps is the one that core steps, and near to what was learnt."""

from types import SimpleNamespace

import numpy as np
import pytest
from backstep.core import settings
from backstep.core.belt import sway_motion, sway_table
from backstep.core.belt.lean import Lean
from backstep.core.belt.sway import Sway

from host_tools.train import network
from host_tools.train.network import Network


def learnt(units, scale, rng):
    """Numbers as learning gives them, of so large weights."""
    rows = 3 * units
    shapes = {"wi": (16, rows), "wh": (units, rows), "bi": rows, "bh": rows, "o": units, "b": ()}
    return {name: rng.normal(0, scale, shape) for name, shape in shapes.items()}


def series(values):
    return SimpleNamespace(values=np.array(values, int).reshape(-1, 16))


def by_core(made, one):
    sway = Sway(104, settings.defaults(), SimpleNamespace(NETWORK=made, WARN_SCORE=0, CAUTION_SCORE=0))
    sway.feed(Lean(104))  # the first sample, no step of the network's yet
    return [sway.memory.step(row) for row in one.values.tolist()]


@pytest.mark.parametrize("scale", [0.2, 1, 9])
@pytest.mark.parametrize("units", [4, 20])
def test_what_the_host_scores_is_what_core_scores(units, scale):
    rng = np.random.default_rng(units)
    params = learnt(units, scale, rng)
    params["wi"][:, 2] = 0
    made = network.in_integers(params)
    several = [series(rng.normal(0, 2000, (n, 16))) for n in (3, 20, 0, 9)]
    several.append(series(rng.choice([-(2**31), -32768, 0, 32767, 2**31 - 1], (12, 16))))
    scores = network.scores(made, several)
    assert [one.tolist() for one in scores] == [by_core(made, one) for one in several]
    assert len(np.unique(np.concatenate(scores))) > 20


def test_many_are_scored_as_each_alone(monkeypatch):
    monkeypatch.setattr(network, "_AT_ONCE", 3)
    rng = np.random.default_rng(1)
    made = network.in_integers(learnt(4, 1, rng))
    several = [series(rng.normal(0, 500, (n, 16))) for n in (5, 9, 1, 7, 7, 2, 8)]
    alone = [network.scores(made, [one])[0].tolist() for one in several]
    assert [one.tolist() for one in network.scores(made, several)] == alone
    assert network.scores(made, []) == []


def test_16_bits_of_a_value_are_all_that_counts():
    rng = np.random.default_rng(2)
    made = network.in_integers(learnt(4, 1, rng))
    wide = rng.integers(-(2**20), 2**20, (30, 16))
    scores = network.scores(made, [series(wide), series(np.clip(wide, -32768, 32767))])
    assert scores[0].tolist() == scores[1].tolist()


def test_the_table_on_the_pod_fits_the_motion_it_takes():
    made = Network(*sway_table.NETWORK)
    assert len(network.INPUT_BITS) == sway_motion.COUNT
    assert made.shifts[-sway_motion.COUNT :] == bytes((network.INPUT_BITS - 5).tolist())
    (scores,) = network.scores(made, [series(np.zeros((50, 16)))])
    assert sway_table.CAUTION_SCORE < sway_table.WARN_SCORE
    assert scores[-1] < sway_table.CAUTION_SCORE, "who stands still is warned of nothing"
