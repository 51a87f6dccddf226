"""The words of a band: whole numbers in, the same out; anything else is no word."""

import pytest
from backstep.core import events, patterns
from backstep.core.radio import band_words as words
from hypothesis import given
from hypothesis import strategies as st

BYTE, LONG = st.integers(0, 255), st.integers(0, words.VALUE_MAX)
VALUES = {
    words.BEAT: (LONG, BYTE, BYTE),
    words.SESSION: (LONG, BYTE),
    words.PATTERN: (BYTE, LONG, BYTE),
    words.EVENT: (BYTE, LONG, BYTE, BYTE),
    words.ORDER: (BYTE,),
}
ANY_WORD = st.one_of([st.tuples(st.just(kind), *values) for kind, values in VALUES.items()])


@given(ANY_WORD)
def test_what_is_packed_comes_out_again(said):
    word, values = bytearray(words.LONGEST), [0] * words.VALUES
    length = words.write_word(word, *said)
    assert length <= words.LONGEST
    assert words.read_word(word, length, values) == said[0]
    assert tuple(values[: len(said) - 1]) == said[1:]


@given(ANY_WORD, st.integers(0, words.LONGEST))
def test_of_another_length_it_is_none(said, length):
    word, values = bytearray(words.LONGEST), [0] * words.VALUES
    if words.write_word(word, *said) != length:
        assert words.read_word(word, length, values) == 0


@given(st.binary(max_size=words.LONGEST))
def test_any_bytes_are_a_word_with_values_a_pod_can_hold_or_none(data):
    word, values = bytearray(data.ljust(words.LONGEST, b"\0")), [0] * words.VALUES
    kind = words.read_word(word, len(data), values)
    assert kind == 0 or kind in VALUES
    assert all(0 <= value <= words.VALUE_MAX for value in values)
    if kind:
        again = bytearray(words.LONGEST)
        assert words.write_word(again, kind, *values[: len(VALUES[kind])]) == len(data)
        assert again == word


def test_the_bytes_of_each():
    word = bytearray(words.LONGEST)
    assert words.write_word(word, words.BEAT, 0x01020304, 5, 6) == 7 and word[:7].hex() == "01040302010506"
    assert words.write_word(word, words.SESSION, 0x01020304, 1) == 6 and word[:6].hex() == "020403020101"
    assert words.write_word(word, words.PATTERN, 7, 0x01020304, 2) == 7 and word[:7].hex() == "03070403020102"
    assert words.write_word(word, words.EVENT, 1, 0x01020304, 2, 2) == 8 and word[:8].hex() == "0401040302010202"
    assert words.write_word(word, words.ORDER, words.MARK) == 2 and word[:2].hex() == "0502"


@pytest.mark.parametrize("said", [(0,), (6, 1), (-1, 1), (words.ORDER,), (words.BEAT, 1, 2)])
def test_our_own_slips_are_told(said):
    with pytest.raises(ValueError, match="is no word"):
        words.write_word(bytearray(words.LONGEST), *said)


PATTERNS_OF_1 = (
    "sway caution fall_alarm fall_countdown foot fault low_battery worn start stop awake snoozed stand walk done"
    " failed mark milestone backward forward either posture goal dose_stop tick lap link_lost"
)


def test_what_pods_say_by_number_stays_what_it_was():
    """Two pods of a band may have two firmwares: new patterns go to the end, other numbers want a new version."""
    names = PATTERNS_OF_1.split()
    assert words.BAND_VERSION == 1
    assert [row[0] for row in patterns.PATTERNS[: len(names)]] == names
    assert (events.STRIDE, events.FALL_OVER, events.FORWARD, events.BACKWARD) == (1, 7, 1, 2)
