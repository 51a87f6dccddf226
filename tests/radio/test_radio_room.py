"""The radio is refused with the figure where memory does not allow it."""

import gc
from types import SimpleNamespace

import pytest
from backstep.app.radio.radio_room import lack

CLASSIC, S3, PSRAM = ("esp32", 160), ("esp32s3", 252), ("esp32s3", 2300)


@pytest.fixture
def has(monkeypatch):
    def set_heap(kb, taken=64):
        monkeypatch.setattr(gc, "mem_alloc", lambda: taken * 1024, raising=False)
        monkeypatch.setattr(gc, "mem_free", lambda: (kb - taken) * 1024, raising=False)

    return set_heap


@pytest.mark.parametrize(
    ("chip", "placement", "radio", "needs"),
    [
        (CLASSIC, "shoe", "phone", 170), (CLASSIC, "belt", "phone", 170), (CLASSIC, "wrist", "phone", 0),
        (CLASSIC, "belt", "pods", 177), (CLASSIC, "wrist", "pods", 162), (CLASSIC, "wrist", "both", 176),
        (S3, "shoe", "phone", 0), (S3, "belt", "both", 0), (PSRAM, "belt", "both", 0),
    ],
)  # fmt: skip
def test_what_has_no_room_is_refused_with_the_figure(has, chip, placement, radio, needs):
    mcu, heap_kb = chip
    has(heap_kb)
    why = lack(SimpleNamespace(mcu=mcu, radio=None), placement, radio)
    who, has_kb = f"{radio} with a {placement} on an {mcu}", f"this pod has {heap_kb} KB"
    assert why == (f"radio: {who} needs {needs} KB of heap, {has_kb}; it stays off" if needs else "")


def test_a_radio_that_runs_has_its_room_already(has):
    has(160 - 34)
    assert lack(SimpleNamespace(mcu="esp32", radio=object()), "wrist", "phone") == ""
    assert lack(SimpleNamespace(mcu="esp32", radio=None), "wrist", "phone")
