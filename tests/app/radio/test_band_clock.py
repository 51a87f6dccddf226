"""The hub's clock as another pod knows it: within 5 ms, whatever the beats' waits."""

import random
import time

import pytest
from backstep.app.radio.band_clock import BandClock

PERIOD = 1 << 30
INTERVAL_MS = 28.75


@pytest.fixture(autouse=True)
def ticks(monkeypatch):
    """The ticks of a pod, which begin anew after twelve days."""
    half = PERIOD // 2
    monkeypatch.setattr(time, "ticks_diff", lambda a, b: (a - b + half) % PERIOD - half, raising=False)
    monkeypatch.setattr(time, "ticks_add", lambda a, b: (a + b) % PERIOD, raising=False)


def worst_ms(ahead_ms, ppm, loss, seed, seconds=300, hub_began=5000.0):
    """Return how wrong the clock was at worst, from half a minute on."""
    draw = random.Random(seed)
    clock, worst = BandClock(False), 0.0
    for beat in range(2 * seconds):
        hub = hub_began + 500 * beat + 10 * draw.randrange(3)
        arrival = hub + draw.uniform(0, INTERVAL_MS) + 1

        def own(at):
            return int(at * (1 + ppm / 1e6) + ahead_ms) % PERIOD

        if draw.random() >= loss:
            clock.beat(int(hub) % PERIOD, own(arrival))
        if beat >= 60:
            told = clock.hub_ms(own(arrival))
            worst = max(worst, abs((told - arrival + PERIOD / 2) % PERIOD - PERIOD / 2))
            assert abs(time.ticks_diff(clock.own_ms(told), own(arrival))) <= 1
    return worst


@pytest.mark.parametrize("ppm", [-40, 0, 40])
@pytest.mark.parametrize("loss", [0, 0.3])
def test_within_five_ms_with_drift_and_loss(ppm, loss):
    for seed in range(4):
        assert worst_ms(123456, ppm, loss, seed) < 5


@pytest.mark.parametrize("hub_began", [5000.0, PERIOD - 200_000.0])
@pytest.mark.parametrize("ahead_ms", [0, -4000, 700_000, PERIOD // 2 + 7, PERIOD - 100_000])
def test_wherever_the_ticks_of_either_begin_anew(ahead_ms, hub_began):
    assert worst_ms(ahead_ms, 40, 0, 1, hub_began=hub_began) < 5


def test_the_hubs_own_is_exact():
    clock = BandClock(True)
    assert clock.known and clock.hub_ms(77) == clock.own_ms(77) == 77


def test_a_hub_that_began_anew_is_followed_once_it_is_forgotten():
    clock = BandClock(False)
    assert not clock.known
    clock.beat(500_000, 900_000)
    clock.forget()
    assert not clock.known
    clock.beat(1_000, 901_000)
    assert clock.hub_ms(901_001) == 1_002


def test_after_a_minute_without_beats_the_old_ones_count_no_more():
    clock = BandClock(False)
    clock.beat(10_000, 10_000)
    clock.beat(100_000, 100_020)
    assert clock.hub_ms(100_020) == 100_001 and clock.spread_ms == 0


def test_how_far_beats_are_apart_is_told():
    clock = BandClock(False)
    for second in range(30):
        clock.beat(1000 * second, 1000 * second + (9 if second < 11 else 3))
    assert clock.spread_ms == 6
