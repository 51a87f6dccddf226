import pytest
from backstep.core import events


def test_a_stride_is_decoded_by_name():
    fields = [10, 90, events.BACKWARD, 512, -3, 4, 2, 0]
    assert events.decode(events.STRIDE, 93, fields) == {
        "sample": 93, "event": "stride", "start": 10, "contact": 90, "direction": "backward",
        "stride_mm": 512, "height_mm": -3, "lateral_mm": 4, "steps": 2,
    }  # fmt: skip


def test_numbers_and_names_are_used_once_and_fit_the_fields():
    assert len({row[0] for row in events.TABLE}) == len({row[1] for row in events.TABLE}) == len(events.TABLE)
    assert all(len(row[2]) <= events.FIELD_COUNT for row in events.TABLE)


def test_an_unknown_number_is_refused():
    with pytest.raises(ValueError, match="code 99"):
        events.decode(99, 0, [0] * 8)
