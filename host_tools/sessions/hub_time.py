"""A pod's samples on the clock of its band's hub, by BAND events: some in the first minute, then one each."""

from bisect import bisect_right

_WRAP_MS = 1 << 30  # MicroPython's ticks_ms
_SPAN_MS = 5000  # two points that are closer say less of a rate than the pod knows itself, to 0.2 %


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
        self._samples, self._ms = [sample for sample, _ in kept], [ms for _, ms in kept]
        ms = self._ms[-1] - self._ms[0]
        self._sample_ms = ms / (self._samples[-1] - self._samples[0]) if ms > _SPAN_MS else 1000 / rate_hz
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
        found = []
        for at in range(1, self.points - 1):
            beside = slice(at - 1, at + 2, 2)
            found.append(abs(self._ms[at] - _at(self._samples[at], self._samples[beside], self._ms[beside], 0)))
        return max(found, default=None)


def _at(x: float, xs: list[int], ys: list[int], slope: float) -> float:
    """Return y at x on the lines through points, beyond them by a slope."""
    if x < xs[0] or len(xs) == 1:
        return ys[0] + (x - xs[0]) * slope
    if x > xs[-1]:
        return ys[-1] + (x - xs[-1]) * slope
    after = min(bisect_right(xs, x), len(xs) - 1)
    share = (x - xs[after - 1]) / (xs[after] - xs[after - 1])
    return ys[after - 1] + share * (ys[after] - ys[after - 1])
