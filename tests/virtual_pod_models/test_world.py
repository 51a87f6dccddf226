"""What the IMU senses of a recording, through the chip's registers and back."""

import numpy as np
import pytest
from chip_bench import Bench, words

from host_tools.errors import UserError
from host_tools.recordings import ACCEL_LIMIT_MG, GYRO_LIMIT_DDPS, Recording, as_sensed
from host_tools.virtual_pod.chips.lsm6dso import Lsm6dsox
from host_tools.virtual_pod.world import Flaws, World, to_chip_axes

AXES = ("+y", "-x", "+z")


def recording(rows=300, rate_hz=200.0, seed=1) -> Recording:
    """Noise over the IMU's whole range and a little beyond."""
    samples = np.random.default_rng(seed).integers(-32768, 32767, size=(rows, 6))
    return Recording(samples.astype(np.int16), rate_hz)


def drained(world: World, samples: int) -> np.ndarray:
    """Return what comes out of an LSM6DSOX's FIFO at 208 Hz, 16 g, 2000 dps, as mg and 0.1 deg/s in chip axes."""
    b = Bench(Lsm6dsox(0x6A, world))
    b.write(0x09, 0x55)
    b.write(0x0A, 0x06)
    b.write(0x10, 0x54, 0x5C)
    rows = []
    while len(rows) < samples:
        b.wait(20_000)
        low, high = b.read(0x3A, 2)
        data = b.read(0x78, 7 * (low | (high & 3) << 8))
        pairs = zip(*[iter(data[i : i + 7] for i in range(0, len(data), 7))] * 2, strict=True)
        rows += [words(accel[1:]) + words(gyro[1:]) for gyro, accel in pairs]
    return np.rint(np.array(rows[:samples]) * ([0.488] * 3 + [0.7] * 3)).astype(int)


def test_what_the_fifo_holds_is_as_sensed_number_for_number():
    source = recording()
    sensed = as_sensed(source, 208).samples
    assert np.array_equal(drained(World(source), len(sensed)), sensed)


def test_mounting_axes_are_undone_by_the_boards_axes():
    source = recording()
    sensed = as_sensed(source, 208).samples
    chip = drained(World(source, AXES), len(sensed))
    body = np.stack([chip[:, 1], -chip[:, 0], chip[:, 2], chip[:, 4], -chip[:, 3], chip[:, 5]], axis=1)
    assert np.array_equal(body, sensed)


def test_to_chip_axes_is_the_inverse_of_the_mounting():
    body_of_chip = np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    assert np.array_equal(to_chip_axes(AXES) @ body_of_chip, np.eye(3))


def test_after_the_end_it_lies_still():
    source = recording()
    world = World(source)
    end = world.row_count(208)
    last = as_sensed(source, 208).samples[-1]
    ax, *others = world.row(10**9, 208)
    assert 0 <= ax - last[0] <= 2 and others == [*last[1:3], 0, 0, 0]
    assert world.row(end - 1, 208) == tuple(last)


@pytest.mark.parametrize("apart", [1, 3, 6, 9, 12, 27, 51, 104])
def test_after_the_end_no_look_at_every_nth_sample_takes_it_for_stuck(apart):
    world = World(recording())
    end = world.row_count(208) + 1
    for first in range(end, end + 2080, 208):
        looked = [world.row(index, 208) for index in range(first, first + 12 * apart, apart)]
        assert len(set(looked)) > 1


def test_what_comes_again_begins_anew_for_ever():
    world = World(recording(), again=True)
    end = world.row_count(208)
    for index in (0, 7, end - 1):
        assert world.row(index, 208) == world.row(index + end, 208) == world.row(index + 1000 * end, 208)


def test_flaws_are_seeded_and_add_up():
    still = Recording(np.tile(np.array([0, 0, 1000, 0, 0, 0], np.int16), (2000, 1)), 208.0)
    flaws = Flaws(noise_mg=5, noise_ddps=8, bias_mg=(20, 0, -30), bias_ddps=(0, 15, 0), seed=3)
    world, again = World(still, flaws=flaws), World(still, flaws=flaws)
    rows = np.array([world.row(k, 208) for k in range(2000)])
    assert [again.row(k, 208) for k in reversed(range(2000))] == [tuple(row) for row in reversed(rows.tolist())]
    assert rows.mean(axis=0) == pytest.approx([20, 0, 970, 0, 15, 0], abs=1)
    assert rows.std(axis=0) == pytest.approx([5, 5, 5, 8, 8, 8], rel=0.1)


def test_misalignment_tilts_gravity():
    still = Recording(np.tile(np.array([0, 0, 1000, 0, 0, 0], np.int16), (10, 1)), 208.0)
    row = World(still, flaws=Flaws(misalignment_deg=(0, 2, 0))).row(0, 208)
    assert row[:3] == (round(1000 * np.sin(np.radians(2))), 0, 999)


def test_full_scale_values_come_through_unchanged():
    edge = [ACCEL_LIMIT_MG, -ACCEL_LIMIT_MG, 0, GYRO_LIMIT_DDPS, -GYRO_LIMIT_DDPS, 1]
    source = Recording(np.tile(np.array(edge, np.int16), (20, 1)), 208.0)
    assert drained(World(source), 10).tolist() == [edge] * 10


def test_refuses_gaps_and_nothing():
    rows = np.zeros((10, 6), np.int16)
    with pytest.raises(UserError, match="1 gaps"):
        World(Recording(rows, 100.0, gaps=((5, 3),)))
    with pytest.raises(UserError, match="no samples"):
        World(Recording(rows[:0], 100.0))
