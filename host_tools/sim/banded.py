"""What `backstep pair` leaves on pods, put into the flash of virtual ones: a band that starts paired."""

from __future__ import annotations

import hashlib
import json
from binascii import crc32
from collections.abc import Sequence
from dataclasses import replace

from host_tools.sim.worn import Worn
from host_tools.talk import band_roles

KEPT = "/kept/band.a"
DIGITS, KEY_DIGITS = 8, 32
S3_HEAP = "252wK"  # of an ESP32-S3; a classic ESP32 has no memory for a session and a band


def banded(worn: Sequence[Worn], seed: int = 0, spotters: Sequence[Worn] = ()) -> list[Worn]:
    """Return the pods with the radio on and a band in their flash, of which spotters are somebody else's.

    seed: of the band and its key, which are the same every time; nobody's pod is meant by them.
    """
    pods = [*worn, *spotters]
    places = [
        band_roles.Place(one.called, one.unique_id.hex(), one.placement, spots=one in spotters) for one in pods
    ]
    digits = hashlib.sha256(b"band %d" % seed).hexdigest()
    table = {
        "band": digits[:DIGITS],
        "key": digits[DIGITS : DIGITS + KEY_DIGITS],
        "strap": "",
        "hub": band_roles.hub(places),
        "pods": band_roles.rows(places),
    }
    return [
        replace(
            one,
            settings={"radio": "pods"} | one.settings,
            files={**one.files, KEPT: kept(table | {"me": me})},
        )
        for me, one in enumerate(pods)
    ]


def buzzer(worn: Sequence[Worn]) -> Worn:
    """Return a pod that buzzes for all."""
    best = band_roles.noticed_at([one.placement for one in worn])
    return next(one for one in worn if one.placement == best)


def kept(table: dict) -> bytes:
    """Return a table as app/kept/twin.py keeps the first copy of one."""
    line = json.dumps({"generation": 1, "table": table}).encode()
    return line + b"\n%08x\n" % crc32(line)
