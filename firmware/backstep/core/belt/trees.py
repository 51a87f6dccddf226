"""A sum of small decision trees over integers: gradient-boosted elsewhere, evaluated here.

(Friedman, Greedy function approximation: a gradient boosting machine, Annals of Statistics 29(5), 2001.)
Each tree is complete, four questions deep, and lies flat: node i asks whether values[feature] > threshold, and
goes on to node 2 i + 1 if not, 2 i + 2 if so; behind the fifteen nodes come the scores of the sixteen leaves.
"""

from array import array

from ..compat import const, ptr8, ptr16, ptr32, viper

_NODES = const(15)
_LEAVES = const(16)


@viper
def _sum(features, thresholds, scores, values, k: int, end: int, score: int) -> int:
    """Return score and those of trees k .. end - 1."""
    feature = ptr8(features)
    limits = ptr16(thresholds)
    of = ptr8(scores)
    v = ptr32(values)
    while k < end:
        i = 0
        while i < _NODES:
            at = _NODES * k + i
            limit = (limits[at] & 0xFFFF ^ 0x8000) - 0x8000
            i += i + 2 if v[feature[at]] > limit else i + 1
        score += (of[_LEAVES * k + i - _NODES] & 0xFF ^ 0x80) - 0x80
        k += 1
    return score


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
        features = self._features
        thresholds = self._thresholds
        scores = self._scores
        score = _sum(features, thresholds, scores, values, 0, self._first, self._offset)
        if score < self._least:
            return score
        return _sum(features, thresholds, scores, values, self._first, self._count, score)
