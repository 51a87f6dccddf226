"""Learning on people made up of random numbers: what it finds, what counts, that it finds the same again."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from host_tools.errors import UserError
from host_tools.train import learning, network
from host_tools.train import sway as training
from host_tools.train.examples import EITHER, RIGHT, WRONG
from host_tools.train.learning import Series

BEFORE = len(network.standing())  # steps that a network takes ahead of each recording


def series(person, seed, steps=200):
    """A warning is right where the first of the numbers was high a step before."""
    values = np.zeros((steps, 16), np.int16)
    values[:, 0] = np.random.default_rng(seed).choice([-600, 600], steps)
    everywhere = np.ones(steps, bool)
    return Series(values, np.append(0, values[:-1, 0] > 0).astype(np.int8), everywhere, everywhere, person)


PEOPLE = [series(f"S{k % 4}", k) for k in range(8)]


@pytest.mark.slow
def test_it_learns_what_takes_memory_and_integers_come_near(monkeypatch):
    for name, value in (("UNITS", 8), ("EPOCHS", 50), ("BATCH", 4), ("_UNROLL", 1)):
        monkeypatch.setattr(learning, name, value)
    told = []
    params = learning.learnt(PEOPLE, 1, lambda *row: told.append(row))
    assert [epoch for epoch, _ in told] == [*range(50)] and told[-1][1] < told[0][1] / 2
    again = learning.learnt(PEOPLE, 1)
    assert all(np.array_equal(again[name], value) for name, value in params.items())
    made = network.in_integers(params)
    strangers = [series("S9", 100 + k) for k in range(4)]
    found = np.array(network.scores(made, strangers))
    right = np.array([one.truth == RIGHT for one in strangers])
    assert ((found > 0) == right)[:, 10:].mean() > 0.9
    x = np.clip([one.values / 2.0**network.INPUT_BITS for one in strangers], -4, 4).astype(np.float32)
    ahead = np.tile(network.standing() / 2.0**network.INPUT_BITS, (len(x), 1, 1)).astype(np.float32)
    exact = 32 * np.asarray(learning._log_odds(params, np.concatenate([ahead, x], axis=1)))[:, BEFORE:]
    assert np.percentile(abs(found - exact), 90) < 8 < exact.std()


def test_processes_learn_as_one_does(monkeypatch):
    """By threads in their place, which take seconds less to start."""
    parts = [PEOPLE[:2], PEOPLE[:5], PEOPLE[:3]]
    handed_over = pickle.loads(pickle.dumps((learning.fit, PEOPLE[:2])))
    assert handed_over[0] is learning.fit and [one.person for one in handed_over[1]] == ["S0", "S1"]
    monkeypatch.setattr(training, "ProcessPoolExecutor", lambda jobs, context: ThreadPoolExecutor(jobs))
    monkeypatch.setattr(learning, "fit", lambda part, seed, tell=None: (len(part), seed))
    assert training.fitted(parts, 2) == training.fitted(parts, 1) == [(2, 1), (5, 1), (3, 1)]


def test_people_count_alike_and_doubtful_steps_not_at_all():
    long = series("long", 1, 900)
    doubtful = long.truth.copy()
    doubtful[100:300] = EITHER
    known = np.ones(900, bool)
    known[300:500] = False
    several = [Series(long.values, doubtful, long.asked, known, "long"), series("short", 2), series("short", 3)]
    joined = learning._Joined(several)
    ahead, weight = np.split(joined._weight, [BEFORE])
    assert weight[:900].sum() == pytest.approx(weight[900:].sum(), rel=1e-5)
    assert (ahead == 0).all() and (weight[100:500] == 0).all() and (weight[:100] > 0).all()
    _, right, asked = joined.batch(joined.pieces(np.random.default_rng(1)))
    assert asked.sum() == pytest.approx(weight.sum(), rel=1e-5)
    assert np.unique(asked[(right == 0) & (asked > 0)]).size == 2, "one of each person"


def test_what_is_missed_weighs_most_and_what_nobody_asks_least():
    one = series("S1", 5)
    asked = np.arange(200) % 2 == 0
    joined = learning._Joined([Series(one.values, one.truth, asked, one.known, "S1")])
    weight = joined._weight[BEFORE:] / joined._weight.max()
    assert np.unique(weight[one.truth == RIGHT]).tolist() == [1]
    assert np.unique(weight[(one.truth == WRONG) & asked]) == pytest.approx(1 / 2)
    assert np.unique(weight[(one.truth == WRONG) & ~asked]) == pytest.approx(0.3 / 2)


def test_pieces_keep_to_their_recording_and_dull_ones_are_thinned():
    quiet = series("S1", 7, 40 * learning.PIECE)
    quiet = Series(quiet.values, quiet.truth, np.zeros(len(quiet.values), bool), quiet.known, "S1")
    joined = learning._Joined([series("S1", 8, 350 - BEFORE), quiet])
    pieces = joined.pieces(np.random.default_rng(1))
    assert pieces[:3] == [(0, 0, 160), (120, 160, 320), (280, 320, 350)]
    assert 3 < len(pieces[3:]) < 20 and all(first >= 350 for first, _, _ in pieces[3:])
    x, right, weight = joined.batch(pieces[:3])
    assert x.shape == (3, 200, 16) and right.shape == weight.shape == (3, 200)
    assert (x[0, :BEFORE] == x[0, 0]).all() and x[0, 0].any() and (weight[0, :BEFORE] == 0).all(), "who stands"
    assert (weight[1, :40] == 0).all() and (weight[1, 40:] > 0).all(), "memory fills in"
    assert (weight[2, 70:] == 0).all() and (x[2, 70:] == 0).all()
    assert abs(x).max() <= 4


@pytest.mark.parametrize("truth", [WRONG, RIGHT, EITHER])
def test_where_there_is_nothing_to_tell_apart_is_said(truth):
    one = series("S1", 1)
    with pytest.raises(UserError, match="nothing to learn, want steps at which a warning is right, and others"):
        learning.fit([Series(one.values, np.full(200, truth), one.asked, one.known, "S1")], 1)
