"""A foot that drives its sensor past the range: the level is doubted, felt anew, and what follows judged by it."""

import numpy as np
import pytest
from backstep.core import event_names, settings
from backstep.core.events import STRIDE
from backstep.core.shoe.clipping import CLIPS, TILT, Clipping
from backstep.core.shoe.shoe import Shoe
from backstep.core.shoe.strapdown_kernel import UX

from host_tools.gait import ImuParams, Stand, Walk, WalkParams, Wearer, session, uphill_backward
from host_tools.replay import replay_recording

RATE = 208
SPIN = (0, 0, 1000, 0, 20000, 0)
JOLT = (0, 0, 16000, 0, 0, 0)


def strides(samples):
    shoe = Shoe(RATE, settings.defaults(), "body")
    found = []
    for row in np.asarray(samples).tolist():
        if shoe.feed(*row) == STRIDE:
            found.append(event_names.decode(STRIDE, shoe.n - 1, shoe.fields))
    return found


@pytest.fixture(scope="module")
def walk():
    return session([Stand(2), Walk(24, uphill_backward(100, 10)), Stand(2)], "shoe", 1)


def spun(made, number):
    """Return samples of which one swing reads 2000 deg/s for 40 ms: nobody knows how far the foot turned."""
    samples = made.samples.copy()
    stride = made.truth.strides[number]
    middle = (stride.foot_off + stride.contact) // 2
    samples[middle : middle + 8, 4] = 20000
    return samples


def test_the_first_stride_after_a_rate_past_the_range_is_judged_right(walk):
    found = strides(spun(walk, 5))
    contact = walk.truth.strides[5].contact
    after = [stride for stride in found if stride["start"] > contact]
    assert len(after) >= 5
    assert [stride["direction"] for stride in after] == ["backward"] * len(after)
    assert all(abs(stride["height_mm"]) < 200 for stride in after)
    assert min(stride["confidence_pct"] for stride in after) > 20


def test_the_stride_itself_says_that_it_was_cut_off_and_is_not_forward(walk):
    contact = walk.truth.strides[5].contact
    (hit,) = [stride for stride in strides(spun(walk, 5)) if stride["clipped"]]
    assert abs(hit["contact"] - contact) < 60
    assert hit["clipped"] >= 8 and hit["direction"] in ("backward", "unknown")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("direction", "full_scale_dps", "right"),
    [("backward", 1000, 0.9), ("backward", 350, 0.9), ("forward", 1000, 0.9), ("forward", 350, 0)],
)
def test_a_gyro_too_narrow_for_the_gait_is_seen_in_the_recording_and_never_makes_one_the_other(
    direction, full_scale_dps, right
):
    narrow = Wearer(imu=ImuParams(full_scale_dps=full_scale_dps))
    gait = WalkParams(direction=direction, cadence_spm=110)
    made = session([Stand(2), Walk(24, gait), Stand(2)], "shoe", 2, wearer=narrow)
    found = [event for event in replay_recording(made.recording()) if event["event"] == "stride"]
    called = [event["direction"] for event in found]
    assert len(called) >= 0.9 * len(made.truth.strides)
    assert called.count(direction) >= right * len(called)
    assert set(called) <= {direction, "unknown"}


def test_a_reading_counts_by_the_size_of_its_axes_together():
    clipping = Clipping(RATE)
    assert not clipping.take(9000, 9000, 9000, 0, 0, 0)  # 15.6 g
    assert clipping.take(-9300, 9300, -9300, 0, 0, 0)  # 16.1 g
    assert not clipping.take(0, 0, 0, 11000, 11000, 11000)
    assert clipping.take(0, 0, 0, 11600, -11600, 11600)
    assert clipping.state[CLIPS] == 2


def test_the_range_can_be_told():
    clipping = Clipping(RATE)
    clipping.ranged(4000, 5000)
    assert clipping.take(3990, 0, 0, 0, 0, 0) and clipping.take(0, 0, 1000, 0, -4980, 0)
    assert not clipping.take(3900, 0, 0, 4800, 0, 0)
    assert clipping.hard2 <= (3000 // 4) ** 2


def test_a_rate_cut_off_is_doubt_of_a_quarter_of_the_range():
    clipping = Clipping(RATE)
    for _ in range(4):
        clipping.take(*SPIN)
    quarter_mrad = np.radians(500) / RATE * 1000
    assert clipping.doubt_mg == pytest.approx(4 * quarter_mrad, abs=4)
    assert clipping.state[TILT] == clipping.doubt_mg


def test_impacts_of_several_strides_add_up_by_their_squares():
    clipping = Clipping(RATE)
    doubts = []
    for _ in range(4):
        clipping.take(*JOLT)
        clipping.mark()
        clipping.close()
        doubts.append(clipping.doubt_mg)
    assert doubts[3] == pytest.approx(2 * doubts[0], abs=2)
    assert clipping.state[TILT] == 0  # an impact is a stride's end, and turns nothing of its way


def test_what_is_cut_off_after_the_mark_is_the_next_strides():
    clipping = Clipping(RATE)
    clipping.take(*SPIN)
    clipping.mark()
    clipping.take(*SPIN)
    assert clipping.clips() == 1
    assert clipping.close()
    clipping.mark()
    assert clipping.clips() == 1 and not clipping.close()


def test_more_than_45_degrees_of_doubt_is_a_lost_level():
    clipping = Clipping(RATE)
    for _ in range(30):
        assert not clipping.lost() or clipping.doubt_mg >= 707
        clipping.take(*SPIN)
    assert clipping.lost() and clipping.doubt_mg <= 1000
    clipping.restart()
    assert not clipping.lost()


def test_a_level_that_was_felt_well_outweighs_one_in_doubt_and_the_other_way_round():
    for clips, off_mg, nearer in ((12, 40, "felt"), (1, 300, "believed")):
        shoe = Shoe(RATE, settings.defaults(), "body")
        clipping, strapdown = shoe._clipping, shoe._strapdown
        strapdown.set_up(0, 0, 1000, shoe.heading.axis)
        for _ in range(clips):
            clipping.take(*SPIN)
        calm = 8 * (off_mg // 4) ** 2
        for energy in (calm, calm, 8 * 10000**2 // 16):
            clipping.regain(strapdown, shoe.heading.axis, False, energy, 8, 500, 0, 866)
        lean = strapdown.state[UX] / (1 << 28)
        assert lean > 0.4 if nearer == "felt" else lean < 0.1
        assert clipping.doubt_mg <= off_mg


def test_at_rest_the_level_is_the_accelerometers_and_nothing_is_in_doubt():
    shoe = Shoe(RATE, settings.defaults(), "body")
    shoe._strapdown.set_up(0, 0, 1000, shoe.heading.axis)
    shoe._clipping.take(*SPIN)
    shoe._clipping.regain(shoe._strapdown, shoe.heading.axis, True, 100, 8, -600, 0, 800)
    assert shoe._strapdown.state[UX] / (1 << 28) == pytest.approx(-0.6, abs=0.01)
    assert shoe._clipping.doubt_mg == 0
