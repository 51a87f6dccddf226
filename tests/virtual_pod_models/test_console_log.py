"""What a pod says on its console, taken apart."""

import json

from backstep.core import event_names

from host_tools.virtual_pod.console_log import ConsoleLog, coded

STRIDE = {
    "sample": 400, "event": "stride", "start": 200, "contact": 380, "direction": "backward",
    "stride_mm": 800, "height_mm": 60, "lateral_mm": -5, "steps": 2, "confidence_pct": 95, "stance_ms": 600,
    "landing": "toe", "pitch_ddeg": -84, "impact_mg": 5120, "clipped": 0,
}  # fmt: skip


def lines(*said) -> bytes:
    return "".join(json.dumps(line) + "\r\n" for line in said).encode()


def test_events_buzzes_summary_and_notes_go_their_ways():
    log = ConsoleLog(208)
    log.feed(
        lines(
            {"event": "note", "text": "hello"},
            STRIDE,
            {"event": "buzz", "sample": 410, "pattern": "sway", "ms": 870, "level": 127},
            {"event": "summary", "backward": 2},
        )
    )
    assert log.found == [STRIDE]
    assert [buzz["pattern"] for buzz in log.buzzes] == ["sway"]
    assert log.summary == {"event": "summary", "backward": 2}
    assert log.notes == ["hello"]
    assert log.counts.backward == 2
    assert not log.crash


def test_lines_may_come_in_any_pieces():
    whole, pieces = ConsoleLog(208), ConsoleLog(208)
    data = lines(STRIDE, {"event": "note", "text": "\u00e9"}) + b"plain words\r\n"
    whole.feed(data)
    for byte in data:
        pieces.feed(bytes((byte,)))
    assert pieces.found == whole.found == [STRIDE]
    assert pieces.notes == whole.notes == ["\u00e9", "plain words"]


def test_a_heap_too_small_for_a_traceback_is_a_crash_and_what_the_app_ran_out_of_is_none():
    log = ConsoleLog(208)
    log.feed(b"record: MemoryError: memory allocation failed\r\n")
    assert not log.crash
    log.feed(b"MemoryError: memory allocation faile\r\n")
    assert log.crash == ["MemoryError: memory allocation faile"]


def test_a_traceback_is_a_crash_and_kept_whole():
    log = ConsoleLog(208)
    log.feed(b"Traceback (most recent call last):\r\n  File x\r\nValueError: no\r\n")
    assert log.crash == ["Traceback (most recent call last):", "File x", "ValueError: no"]


def test_coded_undoes_decode():
    for code in range(1, event_names.CODES + 1):
        fields = [2 if name == "direction" else 10 + i for i, name in enumerate(event_names.row(code)[1:])]
        assert coded(event_names.decode(code, 7, fields)) == (code, fields)


def test_json_that_is_no_event_is_a_note():
    log = ConsoleLog(208)
    log.feed(b"[1, 2]\r\n")
    assert log.notes == ["[1, 2]"]
