import pytest
from backstep.core import haptic
from hypothesis import given
from hypothesis import strategies as st

INDEX = st.integers(0, len(haptic.PATTERNS) - 1)


def test_every_pattern_is_bounded_and_ends_silent():
    for name, _, steps in haptic.PATTERNS:
        assert 0 < sum(ms for _, ms in steps) <= haptic.LENGTH_MAX_MS, name
        assert all(0 <= level <= haptic.LEVEL_MAX and ms > 0 for level, ms in steps), name


def test_sway_outranks_everything_and_restarts():
    others = [priority for name, priority, _ in haptic.PATTERNS if name != "sway"]
    assert haptic.PATTERNS[haptic.index_of("sway")][1] > max(others)
    player = haptic.Player(100)
    for i in range(len(haptic.PATTERNS)):
        player.start(i)
        assert player.start(haptic.index_of("sway"))
        assert player.level == haptic.LEVEL_MAX
        assert not player.start(haptic.index_of("fault"))


def test_an_equal_priority_waits():
    player = haptic.Player(100)
    assert player.start(haptic.index_of("start"))
    assert not player.start(haptic.index_of("stop"))


def test_strength_scales_the_level():
    player = haptic.Player(50)
    player.start(haptic.index_of("sway"))
    assert player.level == 64


def test_an_unknown_pattern_is_named():
    with pytest.raises(ValueError, match="'waltz' is none of sway"):
        haptic.index_of("waltz")


@given(INDEX, st.lists(st.integers(0, 700), max_size=60))
def test_levels_do_not_depend_on_how_time_is_cut(index, cuts):
    coarse, fine = haptic.Player(100), haptic.Player(100)
    coarse.start(index)
    fine.start(index)
    for cut in cuts:
        for _ in range(cut):
            fine.advance(1)
        assert coarse.advance(cut) == fine.level
        assert coarse.next_change_ms == fine.next_change_ms
    coarse.advance(haptic.LENGTH_MAX_MS)
    assert (coarse.level, coarse.next_change_ms, coarse.playing) == (0, -1, -1)
