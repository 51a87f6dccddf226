"""Belt and wrist on the real MicroPython: the same events as here, and no allocation per sample."""

import json

import numpy as np
import pytest
from backstep.core import detectors, settings
from vm import run_on_vm

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session, uphill_backward

SCRIPT = """
import gc, json, micropython
from array import array
from backstep.core import detectors, settings

COUNT = {count}
rows = array("h", bytearray(12 * COUNT))
with open({file!r}, "rb") as source:
    source.readinto(rows)
detector = detectors.make({placement!r}, settings.check({changed!r}), "body")
room = array("i", bytearray(4 * 5 * 200))
found = 0
feed = detector.feed
fields = detector.fields

def run():
    global found
    for n in range(COUNT):
        i = 6 * n
        code = feed(rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5])
        if code:
            room[5 * found] = n
            room[5 * found + 1] = code
            for k in range(3):
                room[5 * found + 2 + k] = fields[k]
            found += 1

gc.collect()
micropython.heap_lock()
run()
micropython.heap_unlock()
print(json.dumps([[room[5 * e + k] for k in range(5)] for e in range(found)]))
"""


def here(samples, placement, changed):
    detector = detectors.make(placement, settings.check(changed), "body")
    found = []
    for n, row in enumerate(samples.tolist()):
        code = detector.feed(*row)
        if code:
            found.append([n, code, *detector.fields[:3]])
    return found


def on_vm(samples, placement, changed, folder):
    file = folder / "rows.bin"
    file.write_bytes(np.ascontiguousarray(samples, dtype="<i2").tobytes())
    script = SCRIPT.format(count=len(samples), file=str(file), placement=placement, changed=changed)
    return json.loads(run_on_vm(script).splitlines()[-1])


def rhythm(seconds, step_hz=1.9):
    t = np.arange(seconds * 52) / 52
    rows = np.zeros((len(t), 6))
    rows[:, 0] = 150 * np.sin(np.pi * step_hz * t)
    rows[:, 2] = 1000 + 250 * np.sin(2 * np.pi * step_hz * t)
    return np.rint(rows).astype(np.int16)


def test_belt_gait_and_a_fall_give_the_same_events_without_allocating(tmp_path):
    segments = [Stand(2), Walk(24, uphill_backward(100, 12)), LoseBalance(SwayParams(push_ratio=2)), Stand(1)]
    samples = session(segments, "belt", 4).samples
    found = here(samples, "belt", {})
    assert len(found) >= 20
    assert [event[1] for event in found].count(3) == 1
    assert on_vm(samples, "belt", {}, tmp_path) == found


def test_wrist_gait_gives_the_same_events_without_allocating(tmp_path):
    samples = np.vstack([rhythm(12), np.tile(np.array([0, 0, 1000, 0, 0, 0], np.int16), (300, 1)), rhythm(8, 2.5)])
    found = here(samples, "wrist", {})
    assert len(found) >= 35
    assert on_vm(samples, "wrist", {}, tmp_path) == found


@pytest.mark.parametrize("placement", ["belt", "wrist"])
def test_noise_gives_the_same_events_without_allocating(placement, tmp_path):
    rng = np.random.default_rng(11)
    walk = session([Stand(1), Walk(10, WalkParams()), Stand(1)], placement, 1).samples
    blocks = [b for _ in range(3) for b in (rng.integers(-32768, 32768, (120, 6)), walk)]
    samples = np.vstack(blocks).astype(np.int16)
    changed = {"sway_arming": "always"}
    assert on_vm(samples, placement, changed, tmp_path) == here(samples, placement, changed)
