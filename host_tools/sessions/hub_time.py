"""A pod's samples on the clock of its band's hub, by BAND events: one at the beginning, one each minute."""

import numpy as np

_WRAP_MS = 1 << 30  # MicroPython's ticks_ms
_SPAN_S = 30.0  # two points that are closer say less of a rate than the pod knows itself


class HubTime:
    """Lines from one BAND event to the next; before and after them the rate of them all together.

    points: how many there are.  residual_ms: how far one of them is at most from the line through its neighbours:
    what clocks and rates did in between that no line tells; None where there are not three.
    """

    def __init__(self, told: list[tuple[int, int]], rate_hz: float):
        """told: (sample, hub's ms) of BAND events, at least one.  rate_hz: as the pod knew it [samples/s]."""
        kept = [told[0]]
        for sample, ms in told[1:]:
            before, before_ms = kept[-1]
            ahead_ms = (ms - before_ms + _WRAP_MS // 2) % _WRAP_MS - _WRAP_MS // 2
            if sample > before and ahead_ms > 0:
                kept.append((sample, before_ms + ahead_ms))
        self._samples, self._ms = (np.array(column, float) for column in zip(*kept, strict=True))
        samples, ms = self._samples[-1] - self._samples[0], self._ms[-1] - self._ms[0]
        self._sample_ms = ms / samples if ms > 1000 * _SPAN_S else 1000 / rate_hz
        self.points = len(kept)
        self.residual_ms = self._residual_ms()

    def ms(self, sample: float) -> float:
        """Return the hub's time of a sample [ms]."""
        return _at(sample, self._samples, self._ms, self._sample_ms)

    def sample(self, ms: float) -> float:
        """Return the sample at a time of the hub's [ms]."""
        return _at(ms, self._ms, self._samples, 1 / self._sample_ms)

    def near(self, ms: float) -> float:
        """Return a time of another pod's HubTime, whose ticks may have wrapped otherwise, as near as it can be."""
        return ms + round((self._ms[0] - ms) / _WRAP_MS) * _WRAP_MS

    def _residual_ms(self) -> float | None:
        if self.points < 3:
            return None
        before, at, after = self._samples[:-2], self._samples[1:-1], self._samples[2:]
        share = (at - before) / (after - before)
        expected = self._ms[:-2] + share * (self._ms[2:] - self._ms[:-2])
        return float(np.abs(self._ms[1:-1] - expected).max())


def _at(x: float, xs: np.ndarray, ys: np.ndarray, slope: float) -> float:
    if x < xs[0]:
        return float(ys[0] + (x - xs[0]) * slope)
    if x > xs[-1]:
        return float(ys[-1] + (x - xs[-1]) * slope)
    return float(np.interp(x, xs, ys))
