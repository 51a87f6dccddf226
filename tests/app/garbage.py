"""Lines for the console that are nearly right: requests and commands, mutated."""

import json
import random

SEEDS = (
    {"id": 1, "do": "hello"},
    {"id": 2, "do": "status"},
    {"id": 3, "do": "time", "unix_ms": 1764244800000, "utc_offset_min": 60},
    {"id": 4, "do": "live", "on": True},
    {"id": 5, "do": "mark"},
    {"id": 6, "do": "snooze"},
    {"id": 7, "do": "buzz", "pattern": "start"},
    {"id": 8, "do": "get"},
    {"id": 9, "do": "set", "values": {"cue_every_steps": 30, "pod_name": "left", "sway_refractory_s": 12}},
    {"id": 10, "do": "set", "values": {"placement": "hat", "snooze_min": 4}},
    {"id": 11, "do": "reset", "names": ["cue_every_steps"]},
    {"id": 12, "do": "calibrate", "forget": True},
    {"id": 13, "do": "sessions", "after": "log/00001-01.bsl"},
    {"id": 14, "do": "marks"},
    {"id": 15, "do": "read", "path": "log/00001-01.bsl", "offset": 0, "length": 64},
    {"id": 16, "do": "synced", "path": "log/00001-01.bsl", "size": 5, "crc32": 6},
    {"id": 17, "do": "delete", "path": "log/00001-01.bsl", "size": 5, "crc32": 6},
    {"id": 18, "do": "reasons"},
)
COMMANDS = ("help", "status", "mark", "snooze", "awake", "turn", "bogus")
VALUES = (None, True, False, 0, -1, 1 << 40, 1e300, "", "x" * 300, "\u00e9\u0000", [], [[]], {}, "log/../x")


def lines(count: int, seed: int):
    """Yield random and mutated lines, none of which can end the session."""
    rng = random.Random(seed)
    for _ in range(count):
        kind = rng.randrange(5)
        if kind == 0:
            line = "".join(chr(rng.randrange(32, 1000)) for _ in range(rng.randrange(1, 60)))
        elif kind == 1:
            line = rng.choice(COMMANDS)
        else:
            line = _mutated(rng, kind)
        line = line.strip()  # as app/console/lines.py does
        if line and not any(word in line for word in ("stop", "reboot", "maintenance")):
            yield line


def _mutated(rng, kind):
    asked = json.loads(json.dumps(rng.choice(SEEDS)))
    table = asked["values"] if "values" in asked and rng.random() < 0.5 else asked
    if rng.random() < 0.7:
        table[rng.choice([*table, "new"])] = rng.choice(VALUES)
    line = json.dumps(asked)
    if kind == 2:
        return line
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(line) + 1)
        line = rng.choice(
            (line[:at], line[at:], line[:at] + rng.choice('{}[]",:0-e\\') + line[at:], line[:at] + line[at + 1 :])
        )
    return line or "{"
