"""A pod starts and answers whatever its settings are, each at an end of its range or anywhere in it."""

import gc
import json
import math
import random

import pytest
from app.conftest import Pod
from backstep.core import settings as rules


def axis(rng):
    """Return a calibrated axis, often none or straight along one of the sensor's."""
    way = rng.choice([(0, 0, 0), (0, 0, -1), (1, 0, 0), [rng.gauss(0, 1) for _ in range(3)]])
    return [round(16384 * part / (math.hypot(*way) or 1)) for part in way]


def drawn(rng):
    found = {}
    for name, default, low, high, unit in rules.TABLE:
        if isinstance(low, tuple):
            found[name] = rng.choice(low)
        elif unit != "text":
            found[name] = rng.choice([default, low, high, rng.randint(low, high)])
    for name in ("mount", "upright"):
        found.update(zip((f"{name}_{letter}" for letter in "xyz"), axis(rng), strict=True))
    return found | {"radio": "off", "posture_low_deg": rng.choice([-30, -1]), "pod_name": '"\\ ~!'}


@pytest.mark.parametrize("placement", ["shoe", "belt", "wrist"])
def test_it_starts_senses_and_answers(world, tmp_path, monkeypatch, placement):
    monkeypatch.setattr(gc, "collect", lambda: None)  # of all that the tests before have left
    for seed in range(2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        pod = Pod(world, folder, [])
        wanted = drawn(random.Random(f"{placement} {seed}")) | {"placement": placement}
        pod.settings(**wanted)
        asked = ("status", "get", "mark", "end", "begin")
        begun_ms = world.now_us // 1000
        for number, word in enumerate(asked):
            pod.type_at(begun_ms + 1000 + 300 * number, json.dumps({"id": number, "do": word}).encode() + b"\n")
        answers = [told for told in map(json.loads, filter(lambda one: one[0] == "{", pod.run(begun_ms + 3500)))
                   if "id" in told]  # fmt: skip
        assert [told["id"] for told in answers if "ok" in told] == list(range(len(asked))), (wanted, answers)
        assert answers[1]["ok"]["settings"] == rules.check(wanted)
        assert answers[0]["ok"]["tasks_lost"] == [] and answers[0]["ok"]["faults"] == {}
