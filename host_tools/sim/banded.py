"""What `backstep pair` leaves on pods, put into the flash of virtual ones: a band that starts paired."""

from __future__ import annotations

import hashlib
import json
from binascii import crc32, hexlify
from collections.abc import Sequence
from dataclasses import replace

from host_tools.sim.worn import Worn

KEPT = "/kept/band.a"
HUBS = ("belt", "shoe")  # the first of these that is worn, else the first pod
NOTICED_AT = ("wrist", "belt", "shoe")  # where a buzz is felt best first
DIGITS, KEY_DIGITS = 8, 32
S3_HEAP = "252wK"  # of an ESP32-S3; a classic ESP32 has no memory for a session and a band


def banded(worn: Sequence[Worn], seed: int = 0, spotters: Sequence[Worn] = ()) -> list[Worn]:
    """Return the pods with the radio on and a band in their flash, of which spotters are somebody else's.

    seed: of the band and its key, which are the same every time; nobody's pod is meant by them.
    """
    pods = [*worn, *spotters]
    buzzes = buzzer(worn)
    rows = [
        {
            "name": one.called,
            "uid": hexlify(one.unique_id).decode(),
            "placement": one.placement,
            "senses": one.placement in HUBS and one in worn,
            "buzzes": one is buzzes,
            "spots": one in spotters,
        }
        for one in pods
    ]
    hub = next((n for place in HUBS for n, one in enumerate(worn) if one.placement == place), 0)
    digits = hashlib.sha256(b"band %d" % seed).hexdigest()
    table = {"band": digits[:DIGITS], "key": digits[DIGITS : DIGITS + KEY_DIGITS], "hub": hub, "pods": rows}
    return [
        replace(
            one,
            settings={"radio": "pods"} | one.settings,
            files={**one.files, KEPT: kept(table | {"me": me, "strap": ""})},
        )
        for me, one in enumerate(pods)
    ]


def buzzer(worn: Sequence[Worn]) -> Worn:
    """Return the pod that buzzes for all."""
    return min(worn, key=lambda one: NOTICED_AT.index(one.placement))


def kept(table: dict) -> bytes:
    """Return a table as app/kept/twin.py keeps the first copy of one."""
    line = json.dumps({"generation": 1, "table": table}).encode()
    return line + b"\n%08x\n" % crc32(line)
