"""The button's words, from levels over time; the same on the real MicroPython with the heap locked."""

import json

import pytest
from backstep.core.button import DOUBLE, HOLD, NOTHING, TAP, TAP_HOLD, TRIPLE, Button
from hypothesis import given
from hypothesis import strategies as st
from vm import run_on_vm

FEEDS = st.lists(st.tuples(st.booleans(), st.integers(0, 400)), max_size=120)

ON_VM = """
import gc, json, micropython
from array import array
from backstep.core.button import Button
feeds = array("i", {feeds!r})
words = bytearray(len(feeds) // 2)
button = Button()
def run():
    for i in range(len(words)):
        words[i] = button.feed(feeds[2 * i] == 1, feeds[2 * i + 1])
gc.collect()
micropython.heap_lock()
run()
micropython.heap_unlock()
print(json.dumps(list(words)))
"""


def said(spans, every_ms=20, most=2):
    """Return (word, time [ms]) of what a button says.  spans: how long it is down, up, down ... [ms]."""
    button, words, now_ms = Button(most), [], 0
    for number, span_ms in enumerate(spans):
        end_ms = now_ms + span_ms
        while now_ms < end_ms:
            now_ms += every_ms
            word = button.feed(number % 2 == 0, every_ms)
            if word:
                words.append((word, now_ms))
    return words


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ((100, 1000), [TAP]),
        ((1100, 1000), [TAP]),
        ((100, 100, 100, 1000), [DOUBLE]),
        ((100, 300, 100, 1000), [DOUBLE]),
        ((100, 500, 100, 1000), [TAP, TAP]),
        ((100, 100, 100, 100, 100, 1000), [DOUBLE, TAP]),
        ((100, 100, 100, 100, 100, 100, 100, 1000), [DOUBLE, DOUBLE]),
        ((1300, 1000), [HOLD]),
        ((9000, 1000), [HOLD]),
        ((1300, 100, 100, 1000), [HOLD, TAP]),
        ((100, 100, 1300, 1000), [TAP_HOLD]),
        ((100, 500, 1300, 1000), [TAP, HOLD]),
        ((100, 100, 1300, 100, 1300, 1000), [TAP_HOLD, HOLD]),
    ],
)
def test_a_rhythm_is_a_word(spans, words):
    assert [word for word, _ in said(spans)] == words


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ((100, 1000), [(TAP, 480)]),
        ((100, 100, 100, 1000), [(DOUBLE, 680)]),
        ((100, 100, 100, 100, 100, 1000), [(TRIPLE, 520)]),
        ((100, 100, 100, 500, 100, 1000), [(DOUBLE, 680), (TAP, 1280)]),
        ((100, 100, 100, 100, 1300, 1000), [(HOLD, 1620)]),
    ],
)
def test_where_three_taps_are_a_word_two_are_sure_when_no_third_has_come(spans, words):
    assert said(spans, most=3) == words


def test_a_hold_is_felt_before_release_a_double_at_its_end_and_a_tap_when_no_second_can_come():
    assert said((3000, 500)) == [(HOLD, 1220)]
    assert said((100, 100, 100, 1000)) == [(DOUBLE, 320)]
    assert said((100, 1000)) == [(TAP, 480)]


def test_a_press_that_is_ignored_means_nothing_and_the_next_one_does():
    button = Button()
    button.feed(True, 20)
    button.ignore()
    assert [button.feed(True, 1000) for _ in range(5)] == [NOTHING] * 5
    assert [button.feed(False, 1000) for _ in range(3)] == [NOTHING] * 3
    assert not button.busy
    assert [button.feed(down, ms) for down, ms in ((True, 20), (False, 80), (False, 350))] == [0, 0, TAP]


def test_it_is_busy_as_long_as_a_word_may_come():
    button = Button()
    busy = []
    for down in (True, True, False, *[False] * 18):
        button.feed(down, 20)
        busy.append(button.busy)
    assert busy == [True] * 20 + [False]


@given(FEEDS)
def test_any_levels_are_taken_and_rest_is_reached(feeds):
    button = Button()
    words = [button.feed(*feed) for feed in feeds]
    presses = sum(down and not before for (down, _), (before, _) in zip(feeds, [(False, 0), *feeds], strict=False))
    assert len([word for word in words if word]) <= presses
    assert {button.feed(False, 400) for _ in range(2)} <= {NOTHING, TAP, DOUBLE}
    assert not button.busy and button.feed(False, 1 << 29) == NOTHING


@given(st.lists(st.sampled_from((60, 200, 500, 1000, 1400, 3000)), max_size=7), st.integers(1, 10))
def test_how_often_it_is_asked_does_not_matter(spans, times):
    assert [word for word, _ in said(spans, 20)] == [word for word, _ in said(spans, 5 * times)]


def test_the_same_words_on_micropython_without_memory():
    feeds = [[1, 20], [1, 60], [0, 20], [0, 60], [1, 20], [0, 20], [0, 400], [1, 20], [1, 1200], [1, 9], [0, 20]]
    feeds += [[1, 20], [0, 20], [1, 20], [1, 1200], [0, 20]]
    feeds += [[1, 20], [0, 20], [0, 350], [0, 1 << 29], [1, 1 << 29], [1, 1 << 29]]
    button = Button()
    here = [button.feed(down == 1, ms) for down, ms in feeds]
    assert [word for word in here if word] == [DOUBLE, HOLD, TAP_HOLD, TAP, HOLD]
    assert json.loads(run_on_vm(ON_VM.format(feeds=sum(feeds, [])))) == here
