"""The day's counts against plain sums, whatever order steps, ends of sessions and news of the date come in."""

from backstep.core.training.day import COUNTS, DayCounts
from hypothesis import given
from hypothesis import strategies as st

SOME = st.lists(st.integers(0, 1000), min_size=COUNTS, max_size=COUNTS)
WHAT_HAPPENS = st.lists(
    st.one_of(
        SOME,
        st.sampled_from(("the session ends", "the clock is put back")),
        st.integers(1, 4).map(lambda day: 20_000 + day),
    ),
    max_size=12,
)


def plus(one, other):
    return [a + b for a, b in zip(one, other, strict=True)]


class Sums:
    """The same by plain sums: of every day, and since the start while no clock had told one."""

    def __init__(self, day, before):
        self.day, self.dated, self.of = day, False, {day: before}
        self.since = [0] * COUNTS

    def count(self, thing):
        self.since = plus(self.since, thing)
        self.of[self.day] = plus(self.now(), thing)

    def now(self):
        return self.of.get(self.day, [0] * COUNTS)

    def date(self, day):
        if day != self.day and not self.dated:
            since = [min(pair) for pair in zip(self.since, self.now(), strict=True)]
            self.of[self.day] = [a - b for a, b in zip(self.now(), since, strict=True)]
            self.of[day] = plus(self.of.get(day, [0] * COUNTS), since)
        if not self.dated:
            self.of = {other: counts for other, counts in self.of.items() if other <= day}
        self.day, self.dated = day, True


@given(st.sampled_from((0, 20_001, 20_002)), SOME, WHAT_HAPPENS)
def test_the_day_comes_to_what_was_counted_in_it(restored_day, before, happens):
    day, sums, totals = DayCounts(restored_day, before), Sums(restored_day, before), [0] * COUNTS
    for thing in happens:
        if isinstance(thing, list):
            totals = plus(totals, thing)
            sums.count(thing)
        elif isinstance(thing, int):
            day.date(thing, totals)
            sums.date(thing)
        elif thing == "the clock is put back":
            day.doubt()
            sums.dated = False
        else:
            day.end_session(totals)
            totals = [0] * COUNTS
        assert (day.day, day.now(totals)) == (sums.day, sums.now())
        others = {n: counts for n, counts in sums.of.items() if n not in (0, sums.day) and any(counts)}
        assert {row[0]: row[1:] for row in day.days} == others


def test_without_a_clock_all_is_one_day_over_any_sessions():
    day = DayCounts()
    for session in range(3):
        assert day.now([1, 2, 3, 4, 5]) == [n * (session + 1) for n in (1, 2, 3, 4, 5)]
        day.end_session([1, 2, 3, 4, 5])
    assert (day.day, day.now([0] * COUNTS)) == (0, [3, 6, 9, 12, 15])


def test_a_clock_told_late_finds_the_day_from_before_to_be_today():
    day = DayCounts(20_001, (10, 0, 0, 0, 0))
    day.end_session([5, 0, 0, 0, 0])
    day.date(20_001, [2, 0, 0, 0, 0])
    assert day.now([2, 0, 0, 0, 0]) == [17, 0, 0, 0, 0]


def test_counts_from_before_with_no_day_are_not_of_the_day_that_is_told():
    day = DayCounts(0, (10, 0, 0, 0, 0))
    day.end_session([5, 0, 0, 0, 0])
    day.date(20_001, [2, 0, 0, 0, 0])
    assert day.now([2, 0, 0, 0, 0]) == [7, 0, 0, 0, 0]


def test_what_was_handed_in_stays_as_it_is():
    before = [1, 1, 1, 1, 1]
    day = DayCounts(20_001, before)
    day.end_session([5] * COUNTS)
    day.now([0] * COUNTS)[0] = 99
    assert before == [1, 1, 1, 1, 1] and day.now([0] * COUNTS) == [6] * COUNTS
