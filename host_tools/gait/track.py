"""Motion written down as smooth pieces on a fine time grid: steps, bumps, rings and restlessness."""

from dataclasses import dataclass

import numpy as np


def min_jerk(u):
    """Return the minimum-jerk step from 0 to 1 at u in 0..1 (Flash & Hogan 1985)."""
    return u * u * u * (10 + u * (6 * u - 15))


def ring_shape(t_s: np.ndarray, frequency_hz: float, decay_s: float) -> np.ndarray:
    """Return a damped oscillation that starts from rest at t = 0 [s]; its peak acceleration is 1 per s^2."""
    onset = (1 - np.exp(-t_s * frequency_hz * 6)) ** 3
    shape = onset * np.exp(-t_s / decay_s) * np.sin(2 * np.pi * frequency_hz * t_s)
    return shape / (np.abs(np.gradient(np.gradient(shape, t_s), t_s)).max() + 1e-12)


def smoothed(values: np.ndarray, width: int) -> np.ndarray:
    """Return values (n,) run through a box of `width` samples three times: twice differentiable, no lag."""
    half = max(1, width // 2)
    box = 2 * half + 1
    for _ in range(3):
        padded = np.concatenate([np.full(half + 1, values[0]), values, np.full(half, values[-1])])
        total = np.cumsum(padded - values[0])
        values = (total[box:] - total[:-box]) / box + values[0]
    return values


def restless(rng: np.random.Generator, count: int, rate_hz: float, low_hz: float, high_hz: float) -> np.ndarray:
    """Return noise (count,) of unit standard deviation in a band of frequencies [Hz]."""
    size = 1 << max(4, int(count - 1).bit_length())
    first, last = (max(1, int(f * size / rate_hz)) for f in (low_hz, high_hz))
    last = min(max(last, first + 1), size // 2)
    spectrum = np.zeros(size // 2 + 1, complex)
    width = last - first
    spectrum[first:last] = rng.standard_normal(width) + 1j * rng.standard_normal(width)
    return np.fft.irfft(spectrum, size)[:count] * (size / (2 * np.sqrt(width)))


@dataclass
class Path:
    """Where a pod is: position_m (n, 3) in the world (x ahead at the start, y left, z up), and its attitude

    euler_rad (n, 3): roll, pitch, yaw; body to world is Rz(yaw) Ry(pitch) Rx(roll)."""

    position_m: np.ndarray
    euler_rad: np.ndarray
    rate_hz: float


class Track:
    """Named channels on a grid of `count` samples at rate_hz; pieces are added, then read once."""

    def __init__(self, names: tuple[str, ...], count: int, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self.count = count
        self._local = {name: np.zeros(count) for name in names}
        self._levels = {name: np.zeros(count + 1) for name in names}

    def _span(self, start_s: float, duration_s: float) -> tuple[int, int]:
        first = int(np.ceil(start_s * self.rate_hz))
        last = int(np.ceil((start_s + duration_s) * self.rate_hz))
        return max(0, min(first, self.count)), max(0, min(last, self.count))

    def step(self, name: str, start_s: float, end_s: float, amount: float) -> None:
        """Move a channel by `amount` for good, with minimum jerk between two times [s]."""
        first, last = self._span(start_s, end_s - start_s)
        u = (np.arange(first, last) / self.rate_hz - start_s) / max(end_s - start_s, 1e-9)
        self._local[name][first:last] += amount * min_jerk(u)
        self._levels[name][last] += amount

    def bump(self, name: str, start_s: float, end_s: float, height: float) -> None:
        """Move a channel by `height` and back, between two times [s]."""
        first, last = self._span(start_s, end_s - start_s)
        u = (np.arange(first, last) / self.rate_hz - start_s) / max(end_s - start_s, 1e-9)
        self._local[name][first:last] += height * 64 * (u * (1 - u)) ** 3

    def ring(self, name: str, start_s: float, peak: float, frequency_hz: float, decay_s: float) -> None:
        """Add a damped oscillation whose second derivative peaks at `peak` per s^2."""
        first, last = self._span(start_s, 8 * decay_s)
        if last - first > 3:
            t = np.arange(first, last) / self.rate_hz - start_s
            self._local[name][first:last] += peak * ring_shape(t, frequency_hz, decay_s)

    def add(self, name: str, values: np.ndarray) -> None:
        """Add values (count,) to a channel."""
        self._local[name] += values

    def read(self, name: str) -> np.ndarray:
        """Return a channel (count,)."""
        return self._local[name] + np.cumsum(self._levels[name][:-1])
