import pytest
from backstep.core import event_names, events


def test_a_stride_is_decoded_by_name():
    fields = [10, 90, events.BACKWARD, 512, -3, 4, 2, 97, 610, 1, -84, 5120, 3]
    assert event_names.decode(events.STRIDE, 93, fields) == {
        "sample": 93, "event": "stride", "start": 10, "contact": 90, "direction": "backward",
        "stride_mm": 512, "height_mm": -3, "lateral_mm": 4, "steps": 2, "confidence_pct": 97, "stance_ms": 610,
        "landing": "toe", "pitch_ddeg": -84, "impact_mg": 5120, "clipped": 3,
    }  # fmt: skip


def test_every_number_has_its_row():
    rows = [event_names.row(code) for code in range(1, event_names.CODES + 1)]
    assert [getattr(events, name.upper()) for name, *_ in rows] == list(range(1, len(rows) + 1))
    assert all(len(row) <= 1 + events.FIELD_COUNT for row in rows) and rows[-1][0] == "band"


@pytest.mark.parametrize("code", [-1, events.NOTHING, 99])
def test_an_unknown_number_is_refused(code):
    with pytest.raises(ValueError, match=f"code {code}"):
        event_names.decode(code, 0, [0] * 13)
