"""The flat trees against a plain walk through them, and the table that lies on the pod."""

import numpy as np
import pytest
from backstep.core.belt import sway_motion, sway_table
from backstep.core.belt.trees import Trees
from hypothesis import given
from hypothesis import strategies as st

SMALL = st.integers(-32768, 32767)
ROW = st.tuples(
    st.lists(st.integers(0, 3), min_size=15, max_size=15),
    st.lists(SMALL, min_size=15, max_size=15),
    st.lists(st.integers(-128, 127), min_size=16, max_size=16),
)


def walked(row, values, node=0):
    """The score of one tree, by the meaning of its row."""
    if node >= 15:
        return row[30 + node - 15]
    return walked(row, values, 2 * node + 2 if values[row[node]] > row[15 + node] else 2 * node + 1)


@given(st.lists(ROW, min_size=1, max_size=4), st.lists(st.integers(-(2**29), 2**29), min_size=4, max_size=4))
def test_a_score_is_the_sum_of_the_leaves_reached(rows, values):
    rows = [(*features, *thresholds, *scores) for features, thresholds, scores in rows]
    assert Trees(rows, -96, 2, -(1 << 20)).score(values) == -96 + sum(walked(row, values) for row in rows)


def test_a_hopeless_row_is_given_up_after_the_first_trees():
    row = (0,) * 15 + (0,) * 15 + (-5,) * 8 + (5,) * 8
    trees = Trees([row] * 10, 0, 4, 10)
    assert trees.score([1]) == 50
    assert trees.score([-1]) == -20


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="tree 1: 45 numbers, want 46"):
        Trees([(0,) * 46, (0,) * 45], 0, 1, 0)


def test_the_table_on_the_pod_fits_the_motion_it_asks_for():
    rows = np.array(sway_table.TREES)
    assert rows.shape[1] == 46
    assert rows[:, :15].min() >= 0
    assert rows[:, :15].max() < sway_motion.COUNT
    assert sway_table.CAUTION_SCORE < sway_table.WARN_SCORE
    high = sway_table.OFFSET + rows[:, 30:].max(axis=1).sum()
    assert high > sway_table.WARN_SCORE
