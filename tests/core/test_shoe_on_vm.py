"""The shoe detector on the real MicroPython: the same numbers as here, and no allocation per sample."""

import json

import numpy as np
import pytest
from backstep.core import events, settings
from backstep.core.shoe import Shoe
from vm import run_on_vm

from host_tools.gait import Stand, Walk, WalkParams, session, uphill_backward

SCRIPT = """
import gc, json, micropython
from array import array
from backstep.core import settings
from backstep.core.shoe import Shoe

COUNT = {count}
rows = array("h", bytearray(12 * COUNT))
with open({file!r}, "rb") as source:
    source.readinto(rows)
shoe = Shoe({rate}, settings.defaults(), {frame!r})
room = array("i", bytearray(4 * 9 * 60))
found = 0
feed = shoe.feed
fields = shoe.fields

def run():
    global found
    for n in range(COUNT):
        i = 6 * n
        if feed(rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5]):
            room[9 * found] = n
            for k in range(8):
                room[9 * found + 1 + k] = fields[k]
            found += 1

gc.collect()
micropython.heap_lock()
run()
micropython.heap_unlock()
print(json.dumps([[room[9 * e + k] for k in range(9)] for e in range(found)]))
"""


def on_cpython(samples, rate, frame):
    shoe = Shoe(rate, settings.defaults(), frame)
    found = []
    for n, row in enumerate(samples.tolist()):
        if shoe.feed(*row):
            found.append([n, *shoe.fields])
    return found


def on_vm(samples, rate, frame, folder):
    file = folder / "rows.bin"
    file.write_bytes(np.ascontiguousarray(samples, dtype="<i2").tobytes())
    script = SCRIPT.format(count=len(samples), file=str(file), rate=rate, frame=frame)
    return json.loads(run_on_vm(script).splitlines()[-1])


@pytest.mark.parametrize(
    ("params", "rate", "frame"),
    [
        (uphill_backward(100, 12), 208, "body"),
        (WalkParams(cadence_spm=170, style="run"), 208, "body"),
        (WalkParams(cadence_spm=110), 104, "sensor"),
    ],
)
def test_gait_gives_the_same_events_without_allocating(params, rate, frame, tmp_path):
    samples = session([Stand(2), Walk(12, params), Stand(1)], "shoe", 4, rate_hz=rate).samples[:3000]
    here = on_cpython(samples, rate, frame)
    assert len(here) >= 5
    assert on_vm(samples, rate, frame, tmp_path) == here


def test_noise_gives_the_same_numbers_without_allocating(tmp_path):
    rng = np.random.default_rng(11)
    quiet = np.tile(np.array([0, 0, 1000, 0, 0, 0]), (120, 1))
    blocks = [np.vstack([rng.integers(-32768, 32768, (130, 6)), quiet]) for _ in range(8)]
    samples = np.vstack(blocks).astype(np.int16)
    assert on_vm(samples, 208, "body", tmp_path) == on_cpython(samples, 208, "body")


def test_every_field_of_a_stride_has_its_place():
    assert len(dict((name, fields) for _, name, fields in events.TABLE)["stride"]) == 7
