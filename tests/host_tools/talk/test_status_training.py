"""What `backstep status` says of dose, week and level."""

from host_tools.talk.status import training

DAY = 20_700
PLAN = {
    "level": 1, "dose_steps": 300, "dose_min": 10, "done_s": 200, "week_steps": 500, "week_limit": 900, "days": [],
}  # fmt: skip


def told(day=DAY, **changed):
    return {"backward": 120, "day": day, "day_counts": [120, 0, 0, 0, 0], "training": PLAN | changed}


def test_dose_and_week_are_told_in_words():
    assert training(told()) == [
        "training: flat backward walk: 120 of 300 steps or 3 min 20 s of 10 min backward so far",
        "week: 500 backward steps in seven days, of 900 at most",
    ]


def test_a_dose_of_steps_alone_without_a_cap():
    assert training(told(level=0, dose_min=0, week_limit=0)) == [
        "training: your own dose: 120 of 300 steps backward so far",
        "week: 500 backward steps in seven days, no cap",
    ]


def test_without_a_clock_no_week_is_known():
    week = training(told(day=0))[1]
    assert week.startswith("week: not known, nothing is capped, until it is told the time")


def test_the_next_level_may_be_tried_when_the_dose_was_reached_on_four_days():
    days = [[DAY - 2 * n, 320] for n in range(1, 5)]
    (line,) = training(told(days=days))[2:]
    assert line == "level 2 may be tried if this one is easy: backward walk up a slight incline"
    assert len(training(told(days=days[1:]))) == 2
    assert len(training(told(days=days, level=4))) == 2


def test_a_pod_without_a_programme_says_nothing():
    assert training({"backward": 120, "day": DAY, "day_counts": [120, 0, 0, 0, 0]}) == []
