"""Gradient-boosted trees by LightGBM, turned into the flat integer trees of core."""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm
import numpy as np

DEPTH = 4
TREES = 64
SCORE = 32  # per unit of log odds
NODES, LEAVES = (1 << DEPTH) - 1, 1 << DEPTH
START = -3.0  # log odds before the first tree
FIRST = 16  # trees after which a hopeless example is given up
_PARAMETERS = {
    "objective": "binary",
    "max_depth": DEPTH,
    "num_leaves": LEAVES,
    "learning_rate": 0.2,
    "min_data_in_leaf": 130,
    "lambda_l2": 5.0,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True)
class Ensemble:
    """Trees as core takes them: feature numbers (trees, 15), thresholds (trees, 15), scores (trees, 16)."""

    features: np.ndarray
    thresholds: np.ndarray
    scores: np.ndarray

    @property
    def offset(self) -> int:
        return round(START * SCORE)

    def rows(self) -> tuple[tuple[int, ...], ...]:
        """Return one tuple a tree."""
        table = np.concatenate([self.features, self.thresholds, self.scores], axis=1)
        return tuple(tuple(row) for row in table.tolist())

    def score(self, values: np.ndarray, trees: int | None = None) -> np.ndarray:
        """Return what core.trees.Trees gives for each row of values (n, features), after so many trees."""
        total = np.full(len(values), self.offset, np.int32)
        each = np.arange(len(values))
        for features, thresholds, scores in zip(self.features, self.thresholds, self.scores, strict=True):
            if trees == 0:
                break
            trees = None if trees is None else trees - 1
            node = np.zeros(len(values), np.int32)
            for _ in range(DEPTH):
                node = 2 * node + 1 + (values[each, features[node]] > thresholds[node])
            total += scores[node - NODES]
        return total


def fit(values: np.ndarray, right: np.ndarray, weight: np.ndarray) -> Ensemble:
    """Learn to tell examples at which to warn from those not to.

    values: (n, features) integers.  right: (n,) bool.  weight: (n,).
    """
    start = np.full(len(values), START)
    data = lightgbm.Dataset(values.astype(np.float32), right.astype(int), weight=weight, init_score=start)
    model = lightgbm.train(_PARAMETERS, data, TREES).dump_model()
    parts = [_flat(tree["tree_structure"]) for tree in model["tree_info"]]
    return Ensemble(*(np.array(part, np.int32) for part in zip(*parts, strict=True)))


def _flat(root: dict) -> tuple[list[int], list[int], list[int]]:
    features, thresholds, scores = [0] * NODES, [0] * NODES, [0] * LEAVES
    level = [root]
    for depth in range(DEPTH):
        below = []
        for place, node in enumerate(level):
            at = (1 << depth) - 1 + place
            if "split_feature" in node:
                features[at] = node["split_feature"]
                thresholds[at] = int(np.clip(np.floor(node["threshold"]), -32768, 32767))
                below += [node["left_child"], node["right_child"]]
            else:
                below += [node, node]
        level = below
    for place, node in enumerate(level):
        scores[place] = int(np.clip(round(node["leaf_value"] * SCORE), -128, 127))
    return features, thresholds, scores
