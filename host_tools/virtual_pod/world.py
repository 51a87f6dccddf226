"""What the pod's IMU senses: a recording in its own axes, at its own rate, with a sensor's flaws on request."""

from dataclasses import dataclass

import numpy as np

from host_tools.errors import UserError
from host_tools.recordings import Recording, as_sensed

_HASH = 2654435761  # Knuth's multiplier: neighbours come out unlike each other


@dataclass(frozen=True)
class Flaws:
    """How far the IMU is from a perfect one; the default adds nothing, so that samples come through unchanged.

    noise_mg, noise_ddps: standard deviation of white noise.  bias_mg, bias_ddps: x, y, z offsets in chip axes.
    misalignment_deg: small rotation of the sensor on its board about x, y, z.  seed: of the noise.
    """

    noise_mg: float = 0.0
    noise_ddps: float = 0.0
    bias_mg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    bias_ddps: tuple[float, float, float] = (0.0, 0.0, 0.0)
    misalignment_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    seed: int = 0


def to_chip_axes(axes: tuple[str, ...]) -> np.ndarray:
    """Return the matrix (3, 3) that turns body axes into chip axes.

    axes: the board's mounting, which signed chip axis is body x, y, z, such as ("+x", "-y", "-z").
    """
    matrix = np.zeros((3, 3), dtype=np.int64)
    for body, name in enumerate(axes):
        matrix["xyz".index(name[1]), body] = 1 if name[0] == "+" else -1
    return matrix


def _rotation(degrees: tuple[float, float, float]) -> np.ndarray:
    """Return the rotation matrix of small angles about x, then y, then z [deg]."""
    total = np.eye(3)
    for axis, angle in enumerate(np.radians(degrees)):
        i, j = [(1, 2), (2, 0), (0, 1)][axis]
        turn = np.eye(3)
        turn[i, i] = turn[j, j] = np.cos(angle)
        turn[i, j], turn[j, i] = -np.sin(angle), np.sin(angle)
        total = turn @ total
    return total


class World:
    """A recording in body axes as the source of an IMU mounted with `axes`.

    Row k of the recording at the IMU's rate is sample k since the FIFO was started. After the end the last
    acceleration stays and the rates are zero; again: it begins anew, for ever. UserError for a recording with
    gaps or no rows.
    """

    def __init__(
        self,
        recording: Recording,
        axes: tuple[str, ...] = ("+x", "+y", "+z"),
        flaws: Flaws | None = None,
        temperature_c: float = 24.0,
        again: bool = False,
    ):
        if recording.gaps:
            raise UserError(f"recording: {len(recording.gaps)} gaps, want one without: an IMU's input has none")
        if not len(recording.samples):
            raise UserError("recording: no samples")
        self.recording = recording
        self.temperature_c = temperature_c
        self._turn = to_chip_axes(axes)
        self._again = again
        self._flaws = flaws or Flaws()
        self._by_rate: dict[int, np.ndarray] = {}
        self._now, self._begins, self._asked = recording, 0, -1
        self._bent = _rotation(self._flaws.misalignment_deg)

    def change_to(self, recording: Recording | None) -> None:
        """From the sample after the last one that was asked for sense another recording; None = its own, anew."""
        self._now, self._begins = recording or self.recording, self._asked + 1
        self._by_rate.clear()

    def begin(self, recording: Recording) -> None:
        """From sample 0 on sense another recording."""
        self.recording = self._now = recording
        self._begins, self._asked = 0, -1
        self._by_rate.clear()

    def row_count(self, rate_hz: int) -> int:
        """Return how many samples the recording has at the IMU's rate."""
        return len(self._rows(rate_hz)) - 1

    def row(self, index: int, rate_hz: int) -> tuple[int, ...]:
        """Return sample `index` at a rate [Hz]: ax ay az [mg], gx gy gz [0.1 deg/s] in chip axes.

        After the recording, unless it comes again, the pod lies still, jittering by 2 mg: no sensor repeats
        itself for ever, whichever of its samples are looked at.
        """
        self._asked = max(index, self._asked)
        index -= self._begins
        rows = self._rows(rate_hz)
        if self._again:
            index %= len(rows) - 1
        ax, *others = rows[max(0, min(index, len(rows) - 1))].tolist()
        return ax + ((index * _HASH >> 16) % 3 if index >= len(rows) else 0), *others

    def _rows(self, rate_hz: int) -> np.ndarray:
        """Return the samples at a rate, and one more that lasts for ever."""
        if rate_hz not in self._by_rate:
            sensed = as_sensed(self._now, rate_hz).samples.astype(np.int64)
            still = np.concatenate([sensed[-1, :3], np.zeros(3, np.int64)])
            chip = np.hstack([part @ self._turn.T for part in np.hsplit(np.vstack([sensed, still]), 2)])
            self._by_rate[rate_hz] = self._flawed(chip)
        return self._by_rate[rate_hz]

    def _flawed(self, rows: np.ndarray) -> np.ndarray:
        flaws = self._flaws
        if flaws == Flaws(seed=flaws.seed):
            return rows
        noise = np.random.default_rng(flaws.seed).normal(size=rows.shape)
        noise *= [flaws.noise_mg] * 3 + [flaws.noise_ddps] * 3
        bent = np.hstack([part @ self._bent.T for part in np.hsplit(rows.astype(float), 2)])
        return np.rint(bent + noise + [*flaws.bias_mg, *flaws.bias_ddps]).astype(np.int64)
