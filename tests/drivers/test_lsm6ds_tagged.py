"""Draining the tagged FIFO of the LSM6DSO and LSM6DSOX."""

import pytest
from drivers.tagged_words import (
    ACCEL,
    GYRO,
    OVERRUN,
    PERIOD_TICKS,
    Rows,
    after,
    chunks,
    drained,
    fifo_on,
    holds,
    level,
    row,
    sample,
    samples,
    word,
)
from drivers.transcript import fails, write


def test_an_empty_fifo_costs_one_status_read():
    assert drained([level(0)])[0] == []


def test_words_pair_into_samples_in_either_order():
    swapped = [w for n in range(3) for w in reversed(sample(n))]
    assert drained(holds(samples(range(3))))[0] == drained(holds(swapped))[0] == [row(0), row(1), row(2)]


def test_a_long_content_is_read_in_whole_words_twenty_four_at_a_time():
    words = samples(range(20))
    assert [len(step[2]) for step in chunks(words)] == [168, 112]
    assert drained(holds(words))[0] == [row(n) for n in range(20)]


def test_it_goes_on_until_the_fifo_is_empty():
    steps = [level(2), *chunks(sample(0)), level(4), *chunks(samples([1, 2])), level(0)]
    assert drained(steps)[0] == [row(0), row(1), row(2)]


def test_one_status_is_enough_where_reading_is_far_quicker_than_the_watermark_comes():
    i2c, fifo = fifo_on()
    i2c.expect(write(0x07, 4), write(0x08, 0))
    fifo.set_watermark(2)
    taker = Rows()
    for first in (0, 2):
        i2c.expect(level(4), *chunks(samples([first, first + 1])))
        assert fifo.drain_into(taker) == 2
        i2c.done()
    assert taker.rows == [row(n) for n in range(4)]


def test_after_a_stall_it_is_asked_again_and_so_it_is_once_in_256_samples_to_restart_the_clock():
    i2c, fifo = fifo_on()
    i2c.expect(write(0x07, 2), write(0x08, 0))
    fifo.set_watermark(1)
    i2c.expect(*holds(samples(range(5))))
    taker = Rows()
    assert fifo.drain_into(taker) == 5
    fifo._accounted = 255
    i2c.expect(*holds(samples([5])), write(0x42, 0xAA))
    assert fifo.drain_into(taker) == 1
    i2c.done()


def test_it_says_how_many_samples_are_behind():
    i2c, fifo = fifo_on()
    i2c.expect(*holds(samples(range(30))))
    taker, told = Rows(), []
    extend = taker.extend
    taker.extend = lambda rows, count: (told.append((count, taker.behind)), extend(rows, count))
    assert fifo.drain_into(taker) == 30
    assert told == [(12, 18), (12, 6), (6, 0)]


def test_a_chip_that_never_reads_empty_does_not_hold_the_pod_up():
    steps = []
    for n in range(8):
        steps += [level(2), *chunks(sample(n))]
    assert drained(steps)[0] == [row(n) for n in range(8)]


def test_a_lone_word_waits_for_its_other_half():
    words = samples(range(2))
    assert drained(holds(words[:3]), holds(words[3:]))[0] == [row(0), row(1)]


def test_each_split_of_a_content_gives_the_same_samples():
    words = samples(range(6))
    for cut in range(len(words) + 1):
        parts = [holds(part) if part else [level(0)] for part in (words[:cut], words[cut:])]
        assert drained(*parts)[0] == [row(n) for n in range(6)]


@pytest.mark.parametrize("missing", [0, 1])
def test_a_sample_that_lost_a_word_is_a_gap_of_one(missing):
    words = samples(range(4))
    del words[2 + missing]
    assert drained(holds(words))[0] == [row(0), 1, row(2), row(3)]


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_jump_of_the_counter_is_stated(lost):
    numbers = [0, 1, 2 + lost, 3 + lost]
    assert drained(holds(samples(numbers)))[0] == [row(0), row(1), lost, row(2 + lost), row(3 + lost)]


def test_words_of_other_sensors_are_passed_over():
    words = samples(range(2))
    words.insert(1, word(3, 0, 1, 2, 3))
    words.insert(3, word(0, 0, 1, 2, 3))
    assert drained(holds(words))[0] == [row(0), row(1)]


@pytest.mark.parametrize("lost", [*range(9), 100, 255, 256, 1001, 20_000])
@pytest.mark.parametrize("ahead", [-PERIOD_TICKS // 2, 0, PERIOD_TICKS - 1])
def test_an_overrun_states_how_many_were_lost(lost, ahead):
    kept = range(10 + lost, 10 + lost + 256)
    full = holds([w for n in kept for w in sample(n, n % 64)], OVERRUN)
    clock = after(10 + lost + 256, ahead)
    end = [write(0x42, 0xAA)]
    rows, fifo = drained(holds(samples(range(10))), [full[0], clock, *full[1:], *end])
    gap = [lost] if lost else []
    assert rows == [row(n) for n in range(10)] + gap + [row(n % 64) for n in kept]
    assert fifo.overflows == 1


def test_an_overrun_that_cut_a_sample_in_two_counts_it_as_lost():
    words = samples(range(2, 12))[1:]
    steps = holds(words, OVERRUN)
    rows, _ = drained(holds(samples(range(2))), [steps[0], after(12), *steps[1:]])
    assert rows == [row(0), row(1), 1, *[row(n) for n in range(3, 12)]]


def test_an_overrun_before_the_first_sample_is_stated_by_the_timestamp_alone():
    steps = holds(samples(range(7, 17)), OVERRUN)
    assert drained([steps[0], after(17), *steps[1:]])[0] == [7, *[row(n) for n in range(7, 17)]]


def test_a_half_from_before_an_overrun_does_not_pair_with_a_word_four_samples_later():
    steps = holds(samples(range(2, 3))[:1])
    later = [sample(6)[1], *samples([7])]
    full = holds(later, OVERRUN)
    rows, _ = drained(holds(samples(range(2))), steps, [full[0], after(8), *full[1:]])
    assert rows == [row(0), row(1), 5, row(7)]


@pytest.mark.parametrize("words_lost", range(17))
def test_a_bus_error_in_mid_drain_loses_only_what_the_chip_gave_away(words_lost):
    """16 words were asked for; the chip may have let go of any number of them."""
    i2c, fifo = fifo_on(level(40), *chunks(samples(range(12))), fails("read", 0x78))
    ring = Rows()
    with pytest.raises(OSError):
        fifo.drain_into(ring)
    assert ring.rows == [row(n) for n in range(12)]
    rest = samples(range(12, 22))[words_lost:]
    steps = holds(rest)
    i2c.expect(steps[0], after(22), *steps[1:])
    fifo.drain_into(ring)
    i2c.done()
    first = 12 + (words_lost + 1) // 2
    gap = [first - 12] if first > 12 else []
    assert ring.rows == [row(n) for n in range(12)] + gap + [row(n) for n in range(first, 22)]


def test_an_unread_status_is_followed_by_a_check_of_the_count():
    i2c, fifo = fifo_on(fails("read", 0x3A))
    ring = Rows()
    with pytest.raises(OSError):
        fifo.drain_into(ring)
    full = holds(samples([0, 1]))
    i2c.expect(level(0), full[0], after(2), *full[1:], *holds(sample(2)))
    for _ in range(3):
        fifo.drain_into(ring)
    i2c.done()
    assert ring.rows == [row(0), row(1), row(2)]


def test_the_timestamp_runs_on_while_a_loss_is_not_sorted_out():
    i2c, fifo = fifo_on(level(2), *chunks(sample(0)), fails("read", 0x3A))
    fifo._accounted = 300
    ring = Rows()
    with pytest.raises(OSError):
        fifo.drain_into(ring)
    i2c.expect(level(0), level(2), after(301 + 6), *chunks(sample(6)), level(0), write(0x42, 0xAA))
    for _ in range(2):
        fifo.drain_into(ring)
    i2c.done()
    assert ring.rows == [row(0), 5, row(6)]


def test_the_timestamp_is_restarted_every_256_samples_when_nothing_is_pending():
    first, second = samples(range(255)), [w for n in range(255, 258) for w in sample(n, n % 64)]
    drains = [holds(first), holds(second[:3]), [*holds(second[3:]), write(0x42, 0xAA)]]
    i2c, fifo = fifo_on()
    ring = Rows()
    for steps in drains:
        i2c.expect(*steps)
        fifo.drain_into(ring)
        i2c.done()
    assert len(ring.rows) == 258


def test_axes_are_turned_into_the_body_frame():
    axes = ((1, -1), (2, 1), (0, -1))
    words = [word(GYRO, 0, 10, 20, 30), word(ACCEL, 0, 125, 250, -500)]
    assert drained(holds(words), axes=axes)[0] == [(-122, -244, -61, -14, 21, -7)]


def test_a_restart_forgets_what_was_pending():
    i2c, fifo = fifo_on(*holds(samples(range(2))[:3]))
    ring = Rows()
    fifo.drain_into(ring)
    i2c.expect(write(0x0A, 0), write(0x0A, 6), write(0x42, 0xAA), *holds(samples([3])))
    fifo.stop()
    fifo.start()
    fifo.drain_into(ring)
    i2c.done()
    assert ring.rows == [row(0), row(3)]


def test_what_the_ring_has_no_room_for_stays_in_the_fifo_and_comes_in_the_next_turns():
    words = samples(range(20))
    i2c, fifo = fifo_on(level(40), *chunks(words[:6]), level(34))
    ring = Rows(room=3)
    ring.extend = lambda rows, count: (Rows.extend(ring, rows, count), setattr(ring, "room", ring.room - count))
    assert fifo.drain_into(ring) == 3 and not i2c.done()
    ring.room = 0
    i2c.expect(level(34))
    assert fifo.drain_into(ring) == 0 and not i2c.done()
    ring.room = 30
    i2c.expect(level(34), *chunks(words[6:]), level(0))
    assert fifo.drain_into(ring) == 17 and not i2c.done()
    assert ring.rows == [row(n) for n in range(20)] and not fifo.overflows
