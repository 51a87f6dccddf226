"""Draining the untagged FIFO of the LSM6DS3TR-C."""

import pytest
from backstep.drivers.lsm6ds_pattern import PatternFifo
from backstep.drivers.registers import Registers
from drivers.tagged_words import UPRIGHT, Rows, after, row
from drivers.transcript import Transcript, fails, read, write

OVER_RUN = 0x40
ANEW = (write(0x0A, 0), write(0x0A, 0x2E), write(0x42, 0xAA))


def sample(n):
    return b"".join((v & 0xFFFF).to_bytes(2, "little") for v in (10 * n, 0, 0, 125 * n, 0, 0))


def level(words, flags=0, pattern=0):
    return read(0x3A, words & 0xFF, flags | words >> 8, pattern & 0xFF, pattern >> 8)


def holds(numbers):
    numbers = list(numbers)
    steps = [level(6 * len(numbers))]
    for i in range(0, len(numbers), 10):
        steps.append(read(0x3E, *b"".join(sample(n) for n in numbers[i : i + 10])))
    return [*steps, level(0)]


def fifo_on(*steps, axes=UPRIGHT):
    """A FIFO at 208 Hz whose first sample, the one to skip, has been read."""
    i2c = Transcript(0x6A, *ANEW[1:], *holds([99]), *steps)
    fifo = PatternFifo(Registers(i2c, 0x6A, "lsm6ds3trc"), axes)
    fifo._mode = 5 << 3
    fifo._set_rate(5)
    fifo.start()
    assert fifo.drain_into(Rows()) == 0
    return i2c, fifo


def drained(*steps):
    i2c, fifo = fifo_on(*steps)
    ring = Rows()
    count = fifo.drain_into(ring)
    i2c.done()
    assert count == sum(isinstance(r, tuple) for r in ring.rows)
    return ring.rows


def test_the_first_sample_is_skipped_and_the_next_ones_come_gyroscope_first():
    assert drained(*holds(range(3))) == [row(0), row(1), row(2)]


def test_a_long_content_is_read_ten_samples_at_a_time():
    assert drained(*holds(range(25))) == [row(n) for n in range(25)]


def test_words_of_a_sample_not_yet_whole_stay_where_they_are():
    assert drained(level(9), read(0x3E, *sample(0)), level(3)) == [row(0)]


def test_it_goes_on_until_the_fifo_is_empty():
    steps = [level(6), read(0x3E, *sample(0)), *holds([1, 2])]
    assert drained(*steps) == [row(0), row(1), row(2)]


@pytest.mark.parametrize("lost", [341, 1000, 20_000])
def test_an_overrun_begins_anew_and_states_all_that_was_not_read_and_the_sample_skipped(lost):
    i2c, fifo = fifo_on(*holds([0]))
    ring = Rows()
    fifo.drain_into(ring)
    i2c.expect(level(0, OVER_RUN), after(2 + lost), *ANEW, *holds([99, 1, 2]))
    assert fifo.drain_into(ring) == 0
    assert fifo.drain_into(ring) == 2
    i2c.done()
    assert ring.rows == [row(0), lost + 1, row(1), row(2)]
    assert fifo.overflows == 1


@pytest.mark.parametrize("pattern", range(1, 6))
def test_a_pattern_out_of_step_begins_anew(pattern):
    assert drained(level(24, 0, pattern), after(1 + 4), *ANEW) == [5]


def test_a_bus_error_in_mid_drain_duplicates_nothing():
    i2c, fifo = fifo_on(level(120), *holds(range(10))[1:2], fails("read", 0x3E))
    ring = Rows()
    with pytest.raises(OSError):
        fifo.drain_into(ring)
    i2c.expect(level(66), after(1 + 21), *ANEW, *holds([99, 30]))
    fifo.drain_into(ring)
    fifo.drain_into(ring)
    i2c.done()
    assert ring.rows == [row(n) for n in range(10)] + [12, row(30)]


def test_a_restart_that_fails_is_tried_again_and_stated_once():
    i2c, fifo = fifo_on(level(0, OVER_RUN), after(401), write(0x0A, 0), fails("write", 0x0A))
    ring = Rows()
    with pytest.raises(OSError):
        fifo.drain_into(ring)
    i2c.expect(level(0), after(501), *ANEW)
    fifo.drain_into(ring)
    i2c.done()
    assert ring.rows == [501]


def test_the_timestamp_is_restarted_every_256_samples():
    assert len(drained(*holds(range(255)), write(0x42, 0xAA))) == 255


def test_axes_are_turned_into_the_body_frame():
    words = b"".join((v & 0xFFFF).to_bytes(2, "little") for v in (10, 20, 30, 125, 250, -500))
    i2c, fifo = fifo_on(level(6), read(0x3E, *words), level(0), axes=((1, -1), (2, 1), (0, -1)))
    ring = Rows()
    fifo.drain_into(ring)
    assert ring.rows == [(-122, -244, -61, -14, 21, -7)]


def test_what_the_ring_has_no_room_for_stays_in_the_fifo_and_its_time_is_not_taken_for_lost():
    i2c, fifo = fifo_on(level(24), read(0x3E, *sample(0), *sample(1)))
    ring = Rows(room=2)
    fifo._accounted = 300
    assert fifo.drain_into(ring) == 2 and not i2c.done()
    ring.room = 0
    i2c.expect(level(12))
    assert fifo.drain_into(ring) == 0 and not i2c.done()
    ring.room = 2
    i2c.expect(level(12), read(0x3E, *sample(2), *sample(3)), level(0), write(0x42, 0xAA))
    assert fifo.drain_into(ring) == 2 and not i2c.done()
    assert ring.rows == [row(n) for n in range(4)]
