"""What events say to a person."""

import pytest
from backstep.core import event_names

from host_tools.event_words import DETECTED, Totals, coded, print_events, worth_telling

FALL = {"sample": 104, "event": "fall", "impact_mg": 3900, "turned_ddeg": 738}


@pytest.mark.parametrize("code", range(1, event_names.CODES + 1))
def test_every_event_has_words_that_fit_80_columns(code, capsys):
    names = event_names.row(code)[1:]
    fields = [1] * len(names)
    event = event_names.decode(code, 12345, fields)
    assert coded(event) == (code, fields)
    print_events([event], 104, False)
    _, line = capsys.readouterr().out.splitlines()
    assert line.startswith(f" 1:58.70  {DETECTED[code - 1]}") and len(line) <= 80
    assert line.split(maxsplit=2)[2:]


def test_totals_count_each_kind_and_leave_out_what_was_none():
    slide = {"sample": 1, "event": "slide", "speed_mm_s": 814}
    gap = {"sample": 2, "event": "gap", "missing": 1}
    sums, events = Totals(104), [slide, slide, gap, FALL]
    assert list(sums.counted(events)) == events and sums.events == 4
    assert sums.lines(1.0) == [
        "0 backward, 0 forward, 0 other steps in 1.0 s", "1 fall, 2 cues of the foot, 1 sample missing",
    ]  # fmt: skip


def test_a_link_between_pods_that_comes_or_goes_is_told():
    here = {"event": "link", "pod": 1, "up": 1, "partner": "wrist"}
    assert worth_telling(here) == "radio: the wrist is here"
    assert worth_telling(here | {"up": 0, "partner": "spotter's wrist"}) == (
        "radio: the spotter's wrist is out of reach"
    )
    assert worth_telling(here | {"up": 2}) == "radio: the wrist goes off: it lies still"
