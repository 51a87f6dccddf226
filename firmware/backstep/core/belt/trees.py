"""A sum of small decision trees over integers: gradient-boosted elsewhere, evaluated here.

(Friedman, Greedy function approximation: a gradient boosting machine, Annals of Statistics 29(5), 2001.)
Each tree is complete, four questions deep, and lies flat: node i asks whether values[feature] > threshold, and
goes on to node 2 i + 1 if not, 2 i + 2 if so; behind the fifteen nodes come the scores of the sixteen leaves.
"""

from array import array

from ..compat import const

_NODES = const(15)
_LEAVES = const(16)


class Trees:
    """Scores a row of values."""

    def __init__(self, rows, offset: int, first: int, least: int):
        """Take the trees.

        rows: one tuple a tree: 15 feature numbers, 15 thresholds (16 bits), 16 scores (-128..127).
        offset: score before the first tree.  first: after so many trees the sum must have reached `least`, or
        the rest is not asked.  ValueError for a row of another length.
        """
        self._count = len(rows)
        self._first = min(first, self._count)
        self._least = least
        self._offset = offset
        self._features = bytearray(_NODES * self._count)
        self._thresholds = array("h", bytearray(2 * _NODES * self._count))
        self._scores = array("b", bytearray(_LEAVES * self._count))
        for k in range(self._count):
            self._take(k, rows[k])

    def _take(self, k, row) -> None:
        if len(row) != 2 * _NODES + _LEAVES:
            raise ValueError("tree %d: %d numbers, want %d" % (k, len(row), 2 * _NODES + _LEAVES))
        for i in range(_NODES):
            self._features[_NODES * k + i] = row[i]
            self._thresholds[_NODES * k + i] = row[_NODES + i]
        for i in range(_LEAVES):
            self._scores[_LEAVES * k + i] = row[2 * _NODES + i]

    def score(self, values) -> int:
        """Return the sum over all trees for a row of values; early, and below `least`, for a hopeless one."""
        score = self._sum(values, 0, self._first, self._offset)
        return self._sum(values, self._first, self._count, score) if score >= self._least else score

    def _sum(self, values, k, end, score) -> int:
        features = self._features
        thresholds = self._thresholds
        scores = self._scores
        root = _NODES * k
        leaf = _LEAVES * k - _NODES
        while k < end:
            i = 2 if values[features[root]] > thresholds[root] else 1
            at = root + i
            i += i + 2 if values[features[at]] > thresholds[at] else i + 1
            at = root + i
            i += i + 2 if values[features[at]] > thresholds[at] else i + 1
            at = root + i
            i += i + 2 if values[features[at]] > thresholds[at] else i + 1
            score += scores[leaf + i]
            root += _NODES
            leaf += _LEAVES
            k += 1
        return score
