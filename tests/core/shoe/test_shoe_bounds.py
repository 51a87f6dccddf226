"""No intermediate of the shoe's sample path leaves +-2^30: every operation on real arithmetic is watched."""

import operator

import numpy as np
import pytest
from backstep.core import settings, still
from backstep.core.shoe import clipping, stance_kernel, strapdown_kernel, swing_kernel
from backstep.core.shoe.shoe import Shoe
from hypothesis import given
from hypothesis import strategies as st
from int_bounds import Watched, WatchedArray, watch_kernels
from tried import dear

from host_tools.gait import Catch, RockBack, Slip, Stand, Walk, WalkParams, session, uphill_backward


def feed(samples, rate=208, frame="body"):
    shoe = Shoe(rate, settings.defaults(), frame)
    strides = 0
    for row in np.asarray(samples).tolist():
        strides += bool(shoe.feed(*(Watched(value) for value in row)))
    return strides


@pytest.fixture(autouse=True, scope="module")
def watched():
    with pytest.MonkeyPatch.context() as patch:
        watch_kernels(patch, clipping, stance_kernel, strapdown_kernel, swing_kernel, still)
        square_up = strapdown_kernel.square_up
        patch.setattr(strapdown_kernel, "square_up", lambda state: square_up(WatchedArray(state)))
        yield


def test_the_watch_itself_bites():
    with pytest.raises(AssertionError):
        operator.mul(Watched(40000), 40000)
    with pytest.raises(AssertionError):
        operator.add(1 << 29, Watched(1 << 29))
    assert isinstance(Watched(3) << 2, Watched)
    shoe = Shoe(208, settings.defaults(), "body")
    shoe._state[strapdown_kernel.PF] = 1 << 30
    with pytest.raises(AssertionError):
        shoe.feed(2000, 0, 1000, 0, 0, 0)


@dear(12)
@given(st.integers(0, 2**32 - 1), st.sampled_from([104, 208]), st.sampled_from(["body", "sensor"]))
@pytest.mark.slow
def test_full_range_noise(seed, rate, frame):
    feed(np.random.default_rng(seed).integers(-32768, 32768, (1200, 6)), rate, frame)


@dear(8)
@given(st.integers(0, 2**32 - 1), st.integers(1, 300))
@pytest.mark.slow
def test_full_range_steps_with_pauses(seed, longest):
    rng = np.random.default_rng(seed)
    blocks = []
    for _ in range(20):
        held = rng.integers(1, longest + 1)
        row = rng.choice([-32768, 32767, 0], 6) if rng.random() < 0.7 else np.array([0, 0, 1000, 0, 0, 0])
        blocks.append(np.tile(row, (held, 1)))
    feed(np.vstack(blocks)[:2500])


@pytest.mark.parametrize("row", [(32767,) * 6, (-32768,) * 6, (32767, -32768) * 3, (15990, 0, 0, 0, 22936, 0)])
@pytest.mark.slow
def test_held_extremes(row):
    feed([row] * 1500)


@pytest.mark.parametrize(
    "params",
    [uphill_backward(120, 20), WalkParams(style="run", cadence_spm=190), WalkParams(direction="left")],
)
@pytest.mark.slow
def test_gait(params):
    assert feed(session([Stand(2), Walk(16, params), Stand(2)], "shoe", 1).samples) >= 6


@pytest.mark.parametrize("mishap", [Slip, Catch])
@pytest.mark.slow
def test_mishaps(mishap):
    gait = uphill_backward(120, 20)
    assert feed(session([Stand(2), Walk(12, gait), mishap(gait), Stand(2), RockBack()], "shoe", 1).samples) >= 6


def test_lost_samples_at_the_wildest_moments():
    rows = session([Stand(1), Walk(6, WalkParams())], "shoe", 3).samples[:700]
    rows[300::40] = np.random.default_rng(5).choice([-32768, 32767], rows[300::40].shape)
    shoe = Shoe(208, settings.defaults(), "body")
    for n, row in enumerate(rows.tolist()):
        shoe.feed(*(Watched(value) for value in row))
        if n >= 300 and not (n - 300) % 40:
            shoe.bridged()
    assert shoe.n == 700
    assert shoe._gap_at > 0
