"""Rows with events in them for a pod that keeps raw seconds, and what its recordings hold of them."""

import binascii
import json

from app.fakes import MARK
from backstep.core import events
from backstep.core.log import chest
from backstep.core.log.recording import Reader

RATE_HZ = 104
SWAY_AT = 600
BEFORE, AFTER = 130, 78


def walk(count=2000, sways=(SWAY_AT,), steps=(), turning=()):
    """Return rows that each are another one, with events in them, and turns too fast for a rest."""
    rows = [(-n, n, 1000, 0, 0, n % 3 - 1) for n in range(count)]
    for n in sways:
        rows[n] = (MARK + events.SWAY, *rows[n][1:])
    for n in steps:
        rows[n] = (MARK + events.STEP, *rows[n][1:])
    for n in turning:
        rows[n] = (*rows[n][:4], 350, 0)
    return rows


def worn_on_a_belt(pod, tmp_path):
    """Return the pod as a belt that walks and sways once; raw: the folder of what it keeps."""
    pod.settings(placement="belt")
    pod.imu.rows = walk()
    pod.raw = tmp_path / "raw"
    return pod


def held(path):
    """Return (recording, about) of each in a chest, those that were given up left out."""
    cut = chest.cut(path.read_bytes(), binascii.crc32)
    return [(data, json.loads(about)) for data, about in cut if about != b"{}"]


def recorded(data, rate_hz=RATE_HZ, placement="belt", gap=(-1, 0)):
    """Return the rows of a recording, bytes or a file, whole but for `gap`: so many missing after so many rows."""
    data = data if isinstance(data, bytes) else data.read_bytes()
    reader = Reader(data, binascii.crc32)
    assert (reader.rate_mhz, reader.placement, reader.frame) == (1000 * rate_hz, placement, "body")
    rows = []
    for index, count, at in reader.blocks():
        assert index == len(rows) + gap[1] * (0 <= gap[0] <= len(rows))
        values = reader.rows(at)
        rows += [tuple(values[6 * k : 6 * k + 6]) for k in range(count)]
    assert reader.damaged_bytes == 0
    return rows
