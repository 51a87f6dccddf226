"""A long session with all that a pod meets in one: walks, sways, falls, and a program that asks all the while."""

from __future__ import annotations

import json
from functools import partial

from host_tools.bench.reality import S, Session, session
from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, uphill_backward
from host_tools.gait.plan import Segment
from host_tools.sim import sim
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.pod_run import PodRun
from host_tools.virtual_pod.vm import VirtualPod

MINUTES = 30
ROUND_S = 58.0  # about; a wearer walks, is caught, walks, falls, lies, gets up
_FIRST_S, _EVERY_S = 20, 4
_STANDS_S = 15  # so long at least before the end, or lies
# One every _EVERY_S, over and over; a pod refuses what it cannot do now, and that costs time as well.
# The file is that of the session, the second start's.
ASKED: tuple[dict, ...] = (
    {"do": "status"},
    {"do": "time", "unix_ms": 1_790_000_000_000, "utc_offset_min": 60},
    {"do": "mark"},
    {"do": "set", "values": {"cue_every_steps": 7}},
    {"do": "sessions"},
    {"do": "lap"},
    {"do": "read", "path": "log/00002-01.bsl", "offset": 0, "length": 512},
    {"do": "marks"},
    {"do": "get"},
    {"do": "calibrate"},
    {"do": "calibration"},
    {"do": "calibrate", "cancel": True},
    {"do": "set", "values": {"cue_every_steps": 0}},
    {"do": "reasons"},
)


def _segments() -> list[Segment]:
    walk = Walk(20, uphill_backward(95, 10))
    caught = LoseBalance(SwayParams(push_ratio=1.0))
    return [Stand(4.0), walk, caught, Stand(1.0), walk, LoseBalance(SwayParams(push_ratio=1.6)), Stand(22.0)]


def busy_session(placement: str, costs: Costs, minutes: float = MINUTES, seed: int = 1, **pod_options) -> Session:
    """Return what became of a session of about so many minutes.  pod_options: of pod_run.Pod."""
    rounds = max(1, round(60 * minutes / ROUND_S))
    scenario = sim.Scenario("a busy session", _segments, (placement,), rounds)
    return session(sim.walked(scenario, placement, seed), costs, during=ask_all_the_while, **pod_options)


def ask_all_the_while(run: PodRun, pod: VirtualPod) -> None:
    """Type the requests of ASKED at a pod's console, one after another, as long as its input lasts."""
    for number, (at_s, asked) in enumerate(_asked(run.pod.placement, run.length_s)):
        line = json.dumps({"id": number} | asked).encode() + b"\n"
        run.model.hardware.at(round(at_s * S), partial(pod.send, line))


def _asked(placement: str, length_s: float) -> list[tuple[float, dict]]:
    """Return what is asked when [s].

    A shoe that is being calibrated tells no direction, which replay does not know: its wearer stands then.
    """
    times = range(_FIRST_S, _FIRST_S + int(length_s), _EVERY_S)
    asked = [(float(at_s), ASKED[number % len(ASKED)]) for number, at_s in enumerate(times)]
    if placement != "shoe":
        return asked
    calibrating = [request for request in ASKED if request["do"].startswith("calibrat")]
    last = [(length_s - _STANDS_S + _EVERY_S * number, request) for number, request in enumerate(calibrating)]
    return sorted([one for one in asked if one[1] not in calibrating] + last, key=lambda one: one[0])
