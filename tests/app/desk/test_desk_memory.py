"""Every group of requests within half a minute, at the placement with the least memory: none is refused for it."""

import json

import pytest
from app.test_in_the_virtual_pod import Pod

FLOOR = 40_000  # bytes free of 160 KB, with the live stream as well
ROUND = (
    {"do": "hello"},
    {"do": "set", "values": {"cue_every_steps": 20, "pod_name": "left shoe"}},
    {"do": "sessions"},
    {"do": "live", "on": True},
    {"do": "calibrate"},
    {"do": "calibrate", "cancel": True},
    {"do": "reasons"},
    {"do": "record", "minutes": 1},
    {"do": "read", "path": "marks/0001.json", "offset": 0, "length": 20},
    {"do": "get"},
    {"do": "reset"},
    {"do": "record", "minutes": 0},
    {"do": "calibration"},
    {"do": "status"},
)
EVERY_S = 1.0


@pytest.fixture
def pod():
    pod = Pod()
    yield pod
    pod.vm.close()


def test_all_groups_of_requests_in_turn_leave_memory(pod):
    pod.run(5)
    asked = ROUND * 3
    for number, request in enumerate(asked):
        pod.vm.send(json.dumps({"id": number} | request).encode() + b"\n")
        pod.run(5 + EVERY_S * (number + 1))
    answers = [json.loads(line) for line in pod.lines('"id"') if line.startswith('{"id"')]
    assert [answer["id"] for answer in answers] == list(range(len(asked)))
    refused = [answer for answer in answers if "error" in answer]
    assert refused == []
    free = [answer["ok"]["heap_free"] for answer in answers if "heap_free" in answer["ok"]]
    print(f"heap free while somebody asks: {free}")
    assert min(free) >= FLOOR
