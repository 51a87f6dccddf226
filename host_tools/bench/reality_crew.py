"""A shoe, a belt and a wrist of one wearer, joined by their radios: how late a warning is there, what it costs.

Beside it the same pods on the same walk with the radio off. The pods have an ESP32-S3's heap: a classic ESP32 has
no memory for a session and a band. Where the air is kinder than a room: host_tools/virtual_pod/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from host_tools.bench.reality import Watch
from host_tools.errors import UserError
from host_tools.gait import Together
from host_tools.sim import crew_figures
from host_tools.sim.banded import S3_HEAP, banded
from host_tools.sim.crew_figures import Warned, Ways
from host_tools.sim.rounds import Rounds
from host_tools.sim.scenarios import SCENARIOS
from host_tools.sim.worn import Joining, Wearing, uneven
from host_tools.virtual_pod.costs import Costs

PODS = ("shoe", "belt", "wrist")
ROUNDS, ROUNDS_OFF = 20, 3


@dataclass(frozen=True)
class CrewSession:
    """What came of a walk.

    warned: each of the belt's warnings, on its way to the wrist.  ways: its steps beside the shoe's strides.
    samples_lost: of all pods.  load_pct: of each by its name, as reality.Session has busy_pct.
    """

    warned: list[Warned]
    ways: Ways
    samples_lost: int
    load_pct: dict[str, float]
    free_heap_kb: dict[str, float]


def crew_session(costs: Costs, rounds: int = ROUNDS, with_radio: bool = True, seed: int = 1) -> CrewSession:
    """Let a wearer walk backward uphill and sway, over and over, with PODS; UserError when one does not live."""
    wearer = Rounds([Together(SCENARIOS["sway"].segments(), seed + k) for k in range(rounds)])
    worn = uneven(PODS)
    wearing = Wearing(wearer, banded(worn, seed) if with_radio else worn, heap=S3_HEAP, costs=costs)
    watches: dict[str, Watch] = {}

    def prepare(wearing: Wearing) -> None:
        for pod in wearing.pods:
            assert pod.machine
            watches[pod.worn.called] = Watch(pod.run, pod.machine)

    outcomes = wearing.run(_ether() if with_radio else None, prepare, ("wrist",) if with_radio else None)
    by_name = dict(zip(watches, outcomes, strict=True))
    for name, outcome in by_name.items():
        if outcome.crash or not outcome.summary:
            raise UserError(f"bench: a crew's {name}: {outcome.crash or 'it did not sum up its session'}")
    return CrewSession(
        crew_figures.warnings(wearing),
        crew_figures.ways(wearing),
        sum(outcome.summary["missing"] for outcome in outcomes),
        {name: watch.shares_pct()[1] for name, watch in watches.items()},
        {name: outcome.summary["heap_free"] / 1000 for name, outcome in by_name.items()},
    )


def _ether() -> Joining:
    from host_tools.virtual_pod.radio.ether import Ether  # bumble, which a bench of one pod does without

    return Ether()
