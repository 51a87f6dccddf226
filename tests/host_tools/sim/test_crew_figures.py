"""Figures of a crew, from what its pods told and when their motors moved."""

from types import SimpleNamespace

import pytest

from host_tools.sim.crew_figures import latency_table, stages, warnings, way_of, ways
from host_tools.virtual_pod.clock import Clock
from host_tools.virtual_pod.timeline import Timeline

WALK_US = 6_000_000


class Pod:
    """A pod whose samples are 10 ms apart and whose clock reads 0 at the world's begin."""

    def __init__(self, name, found=(), drives_ms=(), said=(), sent_ms=(), heard_ms=()):
        self.worn = SimpleNamespace(called=name)
        self.walk_us = WALK_US
        self.said = list(said)
        self.sent_us = [WALK_US + 1000 * ms for ms in sent_ms]
        self.heard_us = [WALK_US + 1000 * ms for ms in heard_ms]
        timeline = Timeline()
        for ms in drives_ms:
            timeline.drive(127, "pwm", WALK_US + 1000 * ms)
        model = SimpleNamespace(timeline=timeline, hardware=SimpleNamespace(clock=Clock()))
        self.run = SimpleNamespace(log=SimpleNamespace(found=list(found)), model=model)

    def walk_s(self, sample):
        return sample / 100


def buzzed(at_s, pattern="sway"):
    return (at_s, {"event": "buzz", "pattern": pattern, "ms": 870})


def wearing(*pods):
    return SimpleNamespace(pods=pods)


def test_a_warning_is_followed_from_its_sample_to_the_other_motor():
    belt = Pod("belt", [{"event": "sway", "sample": 100}], drives_ms=(1012,), sent_ms=(500, 1014, 1500))
    wrist = Pod("wrist", drives_ms=(900, 1040), said=[buzzed(1.05)], heard_ms=(700, 1030, 1400))
    (one,) = warnings(wearing(belt, wrist))
    assert (one.pattern, one.at_s, one.said) == ("sway", 1.0, True)
    assert (one.here_ms, one.sent_ms, one.heard_ms, one.there_ms) == (12, 14, 30, 40)
    assert [values for values in stages([one]).values()] == [[12], [14], [16], [10], [40]]
    assert latency_table([one]).row_count == 5


def test_one_that_nobody_heard_has_no_times_there():
    belt = Pod("belt", [{"event": "sway", "sample": 100}], drives_ms=(1012,), sent_ms=(1014,))
    (one,) = warnings(wearing(belt, Pod("wrist", drives_ms=(2100,), said=[buzzed(2.1)])))
    assert not one.said and one.there_ms is one.heard_ms is one.sent_ms is None and one.here_ms == 12
    assert latency_table([one]).row_count == 5


@pytest.mark.parametrize(("at_s", "way"), [
    (0.4, "backward"), (1.0, "backward"), (1.1, "backward"), (1.3, "forward"), (2.0, "forward"), (2.3, ""),
    (3.0, ""), (4.2, ""),
])  # fmt: skip
def test_a_step_is_part_of_the_stride_that_ends_with_it_or_after_it(at_s, way):
    strides = [(1.0, "backward"), (2.0, "forward"), (4.0, "unknown")]
    assert way_of(strides, at_s) == way


def test_the_share_is_of_the_steps_whose_stride_the_shoe_named():
    told = ((100, "backward"), (900, "unknown"))
    strides = [{"event": "stride", "contact": n, "direction": way} for n, way in told]
    steps = [
        {"event": "step", "contact": n, "direction": way}
        for n, way in ((50, "backward"), (100, "unknown"), (500, "unknown"), (900, "backward"))
    ]
    found = ways(wearing(Pod("shoe", strides), Pod("belt", steps)))
    assert (found.named, found.same, found.share) == (2, 1, 0.5)
    assert found.wrong == ((1.0, "unknown", "backward"),)
