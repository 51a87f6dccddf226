"""What a stride's fields come to, and how a foot lands: by hand."""

import pytest
from backstep.core.shoe import stride_figures, swing_kernel
from backstep.core.shoe.landing import FLAT, HEEL, TOE, UNKNOWN, Landing

WALK = (1000, 1083, 1, 1400, 70, 0, 2, 95, 650, 3, 210, 3200, 0)  # at 208 Hz: 399 ms of swing
RUN = (1000, 1083, 1, 2400, 0, 0, 2, 95, 250, 3, 210, 9000, 0)
FIRST = (1000, 1083, 1, 1400, 70, 0, 2, 95, 0, 3, 210, 3200, 0)


def test_a_walking_stride():
    assert stride_figures.swing_ms(WALK, 208) == 399
    assert stride_figures.stride_ms(WALK, 208) == 1049
    assert stride_figures.cadence_spm(WALK, 208) == 114
    assert stride_figures.flight_ms(WALK, 208) == 0
    assert stride_figures.grade_permille(WALK) == 50


def test_a_running_stride_has_flight():
    assert stride_figures.flight_ms(RUN, 208) == 649 // 2 - 250


def test_what_follows_a_pause_has_no_stride_time():
    assert stride_figures.stride_ms(FIRST, 208) == stride_figures.cadence_spm(FIRST, 208) == 0
    assert stride_figures.flight_ms(FIRST, 208) == 0 and stride_figures.swing_ms(FIRST, 208) == 399


def landed(pitch_q14, knows_forward=True):
    landing = Landing(208)
    landing.begin(0)
    landing.touch(pitch_q14)
    landing.close(100, 180, 0, knows_forward)
    return landing


@pytest.mark.parametrize(
    ("pitch_deg", "sine_q14", "code"),
    [(20, 5604, HEEL), (9, 2563, HEEL), (7, 1997, FLAT), (0, 0, FLAT), (-1, -286, FLAT), (-3, -857, TOE)],
)
def test_the_pitch_at_contact_names_the_landing(pitch_deg, sine_q14, code):
    landing = landed(sine_q14)
    assert landing.pitch_ddeg == pytest.approx(10 * pitch_deg, abs=4) and landing.landing == code


def test_without_a_known_forward_axis_there_is_no_pitch():
    landing = landed(5604, knows_forward=False)
    assert (landing.landing, landing.pitch_ddeg) == (UNKNOWN, 0)


def test_a_stance_is_from_contact_to_foot_off_and_not_over_a_pause():
    landing = Landing(208)
    told = []
    for start, contact in ((100, 180), (284, 360), (2000, 2080), (2184, 2260)):
        landing.close(start, contact, 0, True)
        told.append(landing.stance_ms)
    landing.restart()
    landing.close(2360, 2440, 0, True)
    assert told + [landing.stance_ms] == [0, 500, 0, 500, 0]


def test_the_impact_is_what_was_felt_since_the_foot_was_fastest():
    landing, foot = Landing(208), swing_kernel.made(100)
    landing.begin(0)
    for n, (size_mg, speed2) in enumerate(((9000, 400), (1500, 900), (2000, 800), (4000, 300), (1000, 200))):
        swing_kernel.swing(foot, n, speed2, 0, 0, size_mg)
    landing.close(100, 180, foot[swing_kernel.SIZE2], True)
    assert landing.impact_mg == 4000


@pytest.mark.parametrize(
    ("jolts", "contact"),
    [
        pytest.param({40: 3000, 46: 6000}, 40, id="heel before sole"),
        pytest.param({40: 3000, 60: 6000}, 40, id="nor does a jolt count that comes later"),
        pytest.param({40: 1000, 46: 4000}, 46, id="unless it is three times as hard"),
        pytest.param({20: 8000, 40: 3000}, 40, id="while it is still fast"),
        pytest.param({40: 1000, 75: 8000}, 40, id="when it has come to rest"),
    ],
)
def test_the_jolt_is_the_first_hard_one_of_a_foot_that_has_become_slow(jolts, contact):
    foot = swing_kernel.made(100)
    swing_kernel.begin(foot, 0)
    size_mg = 0
    for n in range(80):
        size_mg += jolts.get(n, 0)
        swing_kernel.swing(foot, n, 4000 if n < 30 else 900 if n < 70 else 0, 0, 0, size_mg)
    assert foot[swing_kernel.JOLTED] == contact
    assert foot[swing_kernel.SLOWED] == 30


def swung(jolted, slowed, start=10):
    foot = swing_kernel.made(100)
    foot[swing_kernel.START], foot[swing_kernel.JOLTED], foot[swing_kernel.SLOWED] = start, jolted, slowed
    return foot


def walking():
    """A foot that has taken one stride."""
    landing = Landing(208)
    landing.close(0, 5, 0, True)
    return landing


def test_a_jolt_that_comes_late_after_the_foot_has_slowed_down_is_drawn_back():
    landing = walking()
    assert [landing.contact(swung(120 + late, 100), 300) for late in (0, 0, 16)] == [120, 120, 130]
    landing.restart()
    assert landing.contact(swung(136, 100), 300) == 136  # nobody knows what is usual
    assert landing.contact(swung(136, 0), 300) == 136  # nor when it has slowed down


def test_what_is_usual_follows_the_gait():
    landing = walking()
    landing.contact(swung(120, 100), 300)
    told = [landing.contact(swung(136, 100), 300) for _ in range(12)]
    assert told == sorted(told) and told[0] == 130 and told[-1] == 136


@pytest.mark.parametrize("paused", [0, 5000])
def test_a_walks_first_stride_is_not_usual(paused):
    landing = Landing(208)
    if paused:
        landing.close(0, 5, 0, True)
    assert landing.contact(swung(paused + 160, paused + 100, start=paused + 10), paused + 300) == paused + 160
    landing.close(paused + 10, paused + 160, 0, True)
    begins = paused + 200, paused + 400
    later = [landing.contact(swung(at + 120, at + 100, start=at + 10), at + 300) for at in begins]
    assert later == [paused + 320, paused + 520]


def test_a_contact_lies_within_its_stride():
    landing = walking()
    landing.contact(swung(120, 100), 300)
    assert landing.contact(swung(295, 299, start=290), 300) == 300
    landing = walking()
    landing.contact(swung(100, 300), 300)
    assert landing.contact(swung(112, 100, start=110), 300) == 110
