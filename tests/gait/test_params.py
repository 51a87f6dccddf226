import dataclasses
import re
from pathlib import Path

import pytest

from host_tools.gait import (
    ArmParams,
    FootParams,
    ImuParams,
    LoseBalance,
    Stand,
    SwayParams,
    TrunkParams,
    Walk,
    WalkParams,
    params,
    session,
    walk,
)
from host_tools.gait.checked import sources

KINDS = (WalkParams, FootParams, TrunkParams, ArmParams, SwayParams, ImuParams)
UNITS = ("_spm", "_mm", "_pct", "_deg", "_s", "_hz", "_mg", "_dps", "_mps", "_share", "_stride", "_min", "_ratio",
         "_gain", "_samples")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_names_its_unit_and_the_source_of_its_default(kind):
    assert len(sources(kind)) == len(dataclasses.fields(kind))
    for name, default, source in sources(kind):
        assert len(source) > 5, name
        assert isinstance(default, str) or name.endswith(UNITS), name


def test_every_parameter_does_something():
    folder = Path(params.__file__).parent
    used = "".join(p.read_text() for p in folder.glob("*.py"))
    for kind in KINDS:
        for name, _, _ in sources(kind):
            assert re.search(rf"\.{name}\b", used), f"{kind.__name__}.{name}"


@pytest.mark.parametrize("kind", KINDS)
def test_each_number_is_held_to_its_range(kind):
    for field in dataclasses.fields(kind):
        if "low" not in field.metadata:
            continue
        low, high = field.metadata["low"], field.metadata["high"]
        kind(**{field.name: low}), kind(**{field.name: high})
        words = rf"{kind.__name__}\.{field.name}: .*{re.escape(f'{low:g}..{high:g}')}"
        for bad in (low - 1, high + 1, float("nan"), "3", None, True):
            with pytest.raises(ValueError, match=words):
                kind(**{field.name: bad})


def test_every_fault_is_named_at_once():
    with pytest.raises(ValueError) as caught:
        WalkParams(direction="up", cadence_spm=500)
    assert "WalkParams.direction: 'up' is none of forward, backward" in str(caught.value)
    assert "WalkParams.cadence_spm: 500 is outside 30..220" in str(caught.value)


@pytest.mark.parametrize(
    ("segments", "options", "words"),
    [
        ([Stand(0)], {}, r"segments\[0\]: duration_s: 0 is outside"),
        ([Stand(1), Walk(0)], {}, r"segments\[1\]: steps: 0 is outside"),
        ([LoseBalance(SwayParams(push_ratio=3)), Walk(2)], {}, r"segments\[1\]: after a fall"),
        ([Stand(1)], {"rate_hz": 5}, "rate_hz: 5 is outside 20..1000"),
        ([Stand(1)], {"side": "middle"}, "side: 'middle' is none of left, right"),
        ([Stand(1)], {"placement": "hat"}, "placement"),
    ],
)
def test_a_session_that_cannot_be_is_refused(segments, options, words):
    with pytest.raises(ValueError, match=words):
        session(segments, **options)


def test_walk_passes_its_options_on():
    assert walk(WalkParams(), 4, placement="belt", rate_hz=100).rate_hz == 100
