"""A shoe, a belt and a wrist of one wearer, joined by their radios: how late a warning is there, what it costs.

Beside it the same pods on the same walk with the radio off. The pods have an ESP32-S3's heap: a classic ESP32 has
no memory for a session and a band. Where the air is kinder than a room: host_tools/virtual_pod/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from host_tools.errors import UserError
from host_tools.gait import Together
from host_tools.sim import crew_figures
from host_tools.sim.banded import S3_HEAP, banded
from host_tools.sim.crew_figures import Warned, Ways
from host_tools.sim.rounds import Rounds
from host_tools.sim.scenarios import SCENARIOS
from host_tools.sim.worn import Joining, Wearing, uneven
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.timeline import percentile

PODS = ("shoe", "belt", "wrist")
ROUNDS, ROUNDS_OFF = 20, 3
_STAGES = ("own_motor", "asked", "air", "motor", "all")  # as crew_figures.stages has them
NAMES = (
    *(f"crew_{share}_ms.{stage}" for share in ("median", "p99") for stage in _STAGES),
    "crew_warnings", "crew_directions_pct", "crew_samples_lost",
    *(f"{name}.{pod}" for name in ("load_crew_pct", "load_radio_off_pct", "free_heap_crew_kb") for pod in PODS),
)  # fmt: skip


@dataclass(frozen=True)
class CrewSession:
    """What came of a walk.

    warned: each of the belt's warnings, on its way to the wrist.  ways: its steps beside the shoe's strides.
    samples_lost: of all pods.  load_pct: of each by its name, the share of the walk in which it did not wait.
    """

    warned: list[Warned]
    ways: Ways
    samples_lost: int
    load_pct: dict[str, float]
    free_heap_kb: dict[str, float]


def crew_session(costs: Costs, rounds: int = ROUNDS, is_joined: bool = True, seed: int = 1) -> CrewSession:
    """Let a wearer walk backward uphill and sway, over and over, with PODS; UserError when one does not live."""
    wearer = Rounds([Together(SCENARIOS["sway"].segments(), seed + k) for k in range(rounds)])
    worn = uneven(PODS)
    wearing = Wearing(wearer, banded(worn, seed) if is_joined else worn, heap=S3_HEAP, costs=costs)
    spent: dict[str, list[tuple[int, int]]] = {pod.worn.called: [] for pod in wearing.pods}

    def look() -> None:
        for pod in wearing.pods:
            assert pod.machine
            spent[pod.worn.called].append((pod.run.model.hardware.now_us, pod.machine.server.waited_us))

    def prepare(wearing: Wearing) -> None:
        wearing.at(0, look)
        wearing.at(wearer.duration_s, look)

    outcomes = wearing.run(_ether() if is_joined else None, prepare, ("wrist",) if is_joined else None)
    by_name = dict(zip(spent, outcomes, strict=True))
    for name, outcome in by_name.items():
        if outcome.crash or not outcome.summary:
            raise UserError(f"bench: a crew's {name}: {outcome.crash or 'it did not sum up its session'}")
    return CrewSession(
        crew_figures.warnings(wearing),
        crew_figures.ways(wearing),
        sum(outcome.summary["missing"] for outcome in outcomes),
        {name: _busy_pct(*looks) for name, looks in spent.items()},
        {name: outcome.summary["heap_free"] / 1000 for name, outcome in by_name.items()},
    )


def _busy_pct(begin: tuple[int, int], end: tuple[int, int]) -> float:
    """Return the share of the time that was not waited [%], of (time, waited) at two moments [us]."""
    return 100 - 100 * (end[1] - begin[1]) / (end[0] - begin[0])


def with_radio(costs: Costs) -> dict[str, float]:
    """Return the figures of NAMES that the radio is on for; UserError where the wrist missed a warning."""
    found = crew_session(costs)
    unheard = [one for one in found.warned if not one.said or one.there_ms is None]
    if unheard:
        first = unheard[0]
        raise UserError(f"bench: a crew's wrist did not buzz for the {first.pattern} at {first.at_s:.1f} s")
    ways = dict(zip(_STAGES, crew_figures.stages(found.warned).values(), strict=True))
    return {
        **{f"crew_median_ms.{at}": percentile(ways[at], 50) for at in _STAGES},
        **{f"crew_p99_ms.{at}": percentile(ways[at], 99) for at in _STAGES},
        "crew_warnings": len(found.warned),
        "crew_directions_pct": 100 * found.ways.share,
        "crew_samples_lost": found.samples_lost,
        **{f"load_crew_pct.{name}": pct for name, pct in found.load_pct.items()},
        **{f"free_heap_crew_kb.{name}": kb for name, kb in found.free_heap_kb.items()},
    }


def without_radio(costs: Costs) -> dict[str, float]:
    """Return the figures of NAMES of the same pods on the same walk, each alone."""
    found = crew_session(costs, ROUNDS_OFF, is_joined=False)
    return {f"load_radio_off_pct.{name}": pct for name, pct in found.load_pct.items()}


def _ether() -> Joining:
    from host_tools.virtual_pod.radio.ether import Ether  # bumble, which a bench of one pod does without

    return Ether()
