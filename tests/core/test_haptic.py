import pytest
from backstep.core import haptic, patterns
from hypothesis import given
from hypothesis import strategies as st

from host_tools.virtual_pod.timeline import ERM_RISE_MS, settled

INDEX = st.integers(0, len(patterns.PATTERNS) - 1)
SWAY = patterns.index_of("sway")
CAUTION = patterns.index_of("caution")


def drives(index, strength_pct=100, rise_ms=haptic.ERM_RISE_MS):
    """Return the (level, duration [ms]) pairs that a player gives its motor for a pattern."""
    player, given = haptic.Player(strength_pct, rise_ms), []
    player.start(index)
    while player.playing >= 0:
        given.append((player.level, player.next_change_ms))
        player.advance(player.next_change_ms)
    return [pair for pair in given if pair[1]]


def test_every_pattern_is_bounded_and_begins_with_a_pulse():
    for name, _, level, *times_ms in patterns.PATTERNS:
        assert 0 < sum(times_ms) <= haptic.LENGTH_MAX_MS, name
        assert 0 < level <= haptic.LEVEL_MAX and all(ms >= 60 for ms in times_ms), name


def test_sway_outranks_everything_and_restarts():
    assert patterns.PATTERNS[SWAY][1] > max(row[1] for row in patterns.PATTERNS if row[0] != "sway")
    player = haptic.Player(100, haptic.ERM_RISE_MS)
    for i in range(len(patterns.PATTERNS)):
        player.start(i)
        assert player.start(SWAY)
        assert player.level == haptic.LEVEL_MAX
        assert not player.start(patterns.index_of("fault"))


def test_an_equal_priority_waits():
    player = haptic.Player(100, 0)
    assert player.start(patterns.index_of("start"))
    assert not player.start(patterns.index_of("stop"))


def test_strength_scales_the_level():
    assert {level for level, _ in drives(SWAY, 50, rise_ms=0)} == {64, 0}
    assert {level for level, _ in drives(SWAY, 0)} == {0}


def test_an_unknown_pattern_is_named():
    with pytest.raises(ValueError, match="'waltz' is none of sway"):
        patterns.index_of("waltz")


@pytest.mark.parametrize("rise_ms", [0, haptic.ERM_RISE_MS])
@given(index=INDEX, cuts=st.lists(st.integers(0, 700), max_size=60))
def test_levels_do_not_depend_on_how_time_is_cut(rise_ms, index, cuts):
    coarse, fine = haptic.Player(100, rise_ms), haptic.Player(100, rise_ms)
    coarse.start(index)
    fine.start(index)
    for cut in cuts:
        for _ in range(cut):
            fine.advance(1)
        assert coarse.advance(cut) == fine.level
        assert coarse.next_change_ms == fine.next_change_ms
    coarse.advance(haptic.LENGTH_MAX_MS + haptic.ERM_RISE_MS)
    assert (coarse.level, coarse.next_change_ms, coarse.playing) == (0, -1, -1)


def test_a_motor_without_inertia_gets_the_table():
    _, _, level, *times_ms = patterns.PATTERNS[SWAY]
    assert drives(SWAY, rise_ms=0) == [(0 if i % 2 else level, ms) for i, ms in enumerate(times_ms)]


def test_a_light_pulse_is_kicked_held_and_braked():
    # 2 x 26 x 90 / (254 - 90) and / (254 + 90)
    assert drives(CAUTION) == [(127, 28), (90, 42), (-127, 13)]


def test_full_drive_is_its_own_kick_and_every_gap_begins_with_a_brake():
    assert drives(SWAY)[:5] == [(127, 52), (127, 198), (-127, 17), (0, 43), (127, 52)]
    assert drives(SWAY)[-1] == (-127, 17)


@given(index=INDEX, strength_pct=st.integers(0, 100))
def test_kick_and_brake_change_no_times(index, strength_pct):
    plain, boosted = drives(index, strength_pct, 0), drives(index, strength_pct)
    assert 0 <= sum(ms for _, ms in boosted) - sum(ms for _, ms in plain) <= haptic.ERM_RISE_MS
    assert all(-haptic.LEVEL_MAX <= level <= haptic.LEVEL_MAX for level, _ in boosted)


@given(level=st.integers(1, 127))
def test_not_even_the_quickest_motor_is_kicked_beyond_its_level(level):
    kick_ms = 2 * haptic.ERM_RISE_MS * level // (2 * haptic.LEVEL_MAX - level)
    quicker = ERM_RISE_MS / haptic.ERM_RISE_MS  # the model's motor is slower: let it have as much more time
    assert settled(0, 127, kick_ms * quicker) <= level
    brake_ms = 2 * haptic.ERM_RISE_MS * level // (2 * haptic.LEVEL_MAX + level)
    assert 0 < settled(level, -127, brake_ms * quicker) <= level / 15 + 5  # a millisecond of it is 5


def pulses(times_ms):
    return times_ms[::2]


def told_apart(one, other):
    """Whether two rhythms differ in what people go by, the level not counted.

    Rhythm is recognised best of what a motor can vary (93 %: Brown, Brewster and Purchase, A first investigation
    into the effectiveness of Tactons, WorldHaptics 2005), and rhythms are told apart by the length of their notes
    and their unevenness (Ternes and MacLean, Designing large sets of haptic icons with rhythm, EuroHaptics 2008).
    Asked here: another number of pulses, up to four counted one by one, beyond that half as many again; or a pulse
    or gap, at the same place, at least twice as long and 80 ms longer.
    """
    few, many = sorted((len(pulses(one)), len(pulses(other))))
    if few != many and (many <= 4 or 2 * many >= 3 * few):
        return True
    pairs = [sorted(pair) for pair in zip(one, other, strict=False)]
    return few == many and any(long >= 2 * short and long >= short + 80 for short, long in pairs)


def test_any_two_patterns_can_be_told_apart_by_their_rhythm():
    rows = patterns.PATTERNS
    pairs = [(one, other) for i, one in enumerate(rows) for other in rows[:i]]
    alike = [(one[0], other[0]) for one, other in pairs if not told_apart(one[3:], other[3:])]
    assert alike == [("tick", "caution")]  # half as strong, in time with the steps, and silent for 2 s after one


def test_what_can_hardly_be_told_apart_is_found():
    assert not told_apart((250, 60, 250), (200, 60, 200))
    assert not told_apart((80, 80) * 5, (80, 80) * 6)
    assert told_apart((70,), (70, 70, 70))
