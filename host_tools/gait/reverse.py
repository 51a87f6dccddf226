"""Real gait run backward in time: a stand-in for backward gait where nobody has recorded any."""

from dataclasses import dataclass

import numpy as np

from host_tools.recordings import Recording


@dataclass(frozen=True)
class TimeReversed(Recording):
    """A recording played backward. It is no recording of backward gait and must never be reported as one."""

    origin: str = "time-reversed"


def time_reversed(recording: Recording) -> TimeReversed:
    """Return a recording as if the motion had run backward in time.

    Running a path backward keeps every acceleration and place and turns every velocity round, so specific
    force keeps its values in reversed order, and rates change sign too. Backward gait is close to forward
    gait reversed in time (Grasso, Bianchi & Lacquaniti 1998, J Neurophysiol 80:1868), though impacts are not:
    they ring before the contact here.
    """
    samples = recording.samples[::-1].astype(np.int32)
    samples[:, 3:] *= -1
    count = len(samples)
    gaps = tuple(sorted((count - row, missing) for row, missing in recording.gaps))
    return TimeReversed(
        np.clip(samples, -32768, 32767).astype(np.int16), recording.rate_hz, recording.placement,
        recording.frame, gaps, recording.has_gyro,
    )  # fmt: skip
