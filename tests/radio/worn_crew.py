"""Virtual pods of one wearer or two, joined by an ether, and what a test asks of them afterwards."""

from host_tools.gait import LoseBalance, Stand, Stumble, SwayParams, Together, Walk, WalkParams, uphill_backward
from host_tools.replay import replay_recording
from host_tools.sim import left
from host_tools.sim.banded import S3_HEAP, banded
from host_tools.sim.crew_figures import buzzes, named
from host_tools.sim.worn import Wearing, uneven
from host_tools.virtual_pod.radio.ether import Ether

THREE = ("shoe", "belt", "wrist")
SWAYS = LoseBalance(SwayParams(push_ratio=1.6))


def walk_and_sway(seed=1, steps=10, still_s=1.0) -> Together:
    """A walk backward up a 10 % grade that ends in a sway, too far to be caught."""
    return Together([Stand(3.0), Walk(steps, uphill_backward(95, 10)), SWAYS, Stand(still_s)], seed)


def about_turn(seed=1) -> Together:
    """Forward, about turn, backward uphill, a stumble, and backward again to a sway, too far to be caught."""
    up = uphill_backward(95, 10)
    turn = WalkParams(direction="turn", turn_deg_per_stride=90, cadence_spm=90)
    segments = [
        *(Stand(3.0), Walk(6, WalkParams(cadence_spm=100)), Stand(1.5), Walk(4, turn), Stand(1.5)),
        *(Walk(12, up), Stumble(up), Stand(1.5), Walk(10, up), SWAYS, Stand(1.0)),
    ]
    return Together(segments, seed)


def wearing_of(wearer, placements=THREE, radio="pods", flashes=None, **options) -> Wearing:
    """A band on one wearer; flashes: the folder of the pods' flash images; options: of Wearing."""
    worn = uneven(placements, settings={"radio": radio})
    if flashes:
        worn = left.on_flashes(worn, flashes)
    return Wearing(wearer, banded(worn, 1), heap=S3_HEAP, **options)


def lived(wearing, prepare=None, pressed=("wrist",), ether=None):
    """Let them live; outcomes by the pod's name.  None of them may crash, lose a task or a sample."""
    found = wearing.run(ether or Ether(1), prepare, pressed)
    by_name = {pod.worn.called: outcome for pod, outcome in zip(wearing.pods, found, strict=True)}
    for name, outcome in by_name.items():
        assert not outcome.crash, f"{name}: {outcome.crash}"
    return by_name


def assert_whole(outcome):
    """The pod sensed all of its own samples, and nothing in it broke."""
    assert outcome.summary["tasks_lost"] == [] and outcome.summary["missing"] == 0
    assert outcome.overruns == 0 and not [event for event in outcome.found if event["event"] == "gap"]


def contacts(events) -> list[tuple]:
    """What a pod found, as far as it does not hang on how true its IMU's rate is: kind, where, which way."""
    return [(event["event"], event["contact"], event["direction"]) for event in events if "contact" in event]


def replayed(outcome) -> list[dict]:
    """What a pod alone finds in the samples that this one had."""
    return replay_recording(outcome.pod.recording, settings=outcome.pod.settings)


def links(wearing, name) -> list[tuple[float, int, int]]:
    """When a pod told that a link came up or was lost: (s of the walk, pod, up)."""
    said = named(wearing, name).said
    return [(at_s, line["pod"], line["up"]) for at_s, line in said if line.get("event") == "link"]


def lost_cues(wearing, name) -> list[float]:
    """When a pod's motor told that a link is lost [s of the walk]."""
    return buzzes(named(wearing, name), "link_lost")
