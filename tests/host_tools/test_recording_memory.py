"""What hours of samples take on their way to a detector: little more than the samples themselves."""

import tracemalloc

import numpy as np
import pytest
from small_recordings import noisy

from host_tools.full_scale import full_scale
from host_tools.recording_doubts import doubts
from host_tools.recording_faults import checked
from host_tools.recordings import Recording, as_sensed

ROWS = 200_000
LEAST = 12  # bytes a row: six numbers of 16 bits


def taken(step) -> float:
    """Return the most that a step holds at once beyond what was there before [bytes a row]."""
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / ROWS


@pytest.mark.parametrize("rate_hz", [100, 208, 400])
def test_a_long_recording_is_sensed_in_the_memory_of_its_samples(rate_hz):
    recording = Recording(np.resize(noisy(5000), (ROWS, 6)), rate_hz)
    made = LEAST * 104 / rate_hz
    assert taken(lambda: as_sensed(recording, 104)) < 2 * made + 25


@pytest.mark.parametrize("step", [checked, doubts, lambda recording: full_scale(recording.samples)])
def test_a_long_recording_is_looked_at_in_the_memory_of_its_samples(step):
    recording = Recording(np.resize(noisy(5000), (ROWS, 6)), 208, "belt")
    assert taken(lambda: step(recording)) < 2 * LEAST


@pytest.mark.parametrize("rate_hz", [52, 104, 208, 500])
def test_pieces_of_a_long_recording_join(rate_hz, monkeypatch):
    samples = np.random.default_rng(8).integers(-3000, 3001, (3000, 6)).astype(np.int16)
    recording = Recording(samples, rate_hz, "belt", gaps=((1000, 7),))
    whole = as_sensed(recording, 104)
    monkeypatch.setattr("host_tools.recordings._AT_ONCE", 37)
    assert (as_sensed(recording, 104).samples == whole.samples).all()
