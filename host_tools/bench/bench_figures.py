"""The figures of `backstep bench --json`: what the whole firmware does on the model of an ESP32.

Each part runs virtual pods of its own, several parts side by side; all times are virtual, the same on any
computer, but for the deployment's, which runs alone.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from itertools import chain
from typing import Any

from backstep.core import detectors
from rich.table import Table

from host_tools.bench import reality, reality_busy, reality_crew, reality_deploy, reality_sync
from host_tools.bench.bench_latency import titled
from host_tools.errors import UserError
from host_tools.power import power
from host_tools.sim import sim
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.radio import needs
from host_tools.virtual_pod.timeline import percentile

MHZ = 160
MINUTES = reality_busy.MINUTES
POWER_BOARD, BRIDGE_BOARD = "qtpy_s3", "devkit_esp32"
PLACEMENTS = tuple(placement for placement, _ in detectors.RATES_HZ)
NAMES = (
    "start_s", "start_filled_s", "stall_ms", "samples_lost", "strides_differing", "cue_p99_ms",
    *(f"{name}.{placement}" for name in ("load_pct", "least_heap_kb", "free_heap_kb") for placement in PLACEMENTS),
    "hours_200mah", "sync_kbs", "sync_line_pct", "deploy_s",
    *reality_crew.NAMES,
)  # fmt: skip
# Of a figure that several parts have: how it is made of theirs; one that is not named here is of one part.
_OF_ALL: dict[str, Callable[[list], Any]] = {
    "start_s": max,
    "stall_ms": max,
    "samples_lost": sum,
    "strides_differing": sum,
    "cues_ms": lambda parts: list(chain.from_iterable(parts)),
}

Found = dict[str, Any]


def _start(placement: str, costs: Costs) -> Found:
    return {"start_s": reality.start(placement, costs).first_sample_s}


def _start_filled(costs: Costs) -> Found:
    return {"start_filled_s": reality.start("shoe", costs, filled=True).first_sample_s}


def _true(found: reality.Session) -> Found:
    """Return what every session is asked; UserError when the pod did not live to sum up."""
    if found.outcome.crash or not found.outcome.summary:
        said = found.outcome.crash or "it did not sum up its session"
        raise UserError(f"bench: a {found.placement} in {found.outcome.virtual_s:.0f} s: {said}")
    return {
        "stall_ms": found.stall_ms,
        "samples_lost": found.samples_lost,
        "strides_differing": found.strides_differing,
        "cues_ms": list(found.cue_ms),
    }


def _walk(placement: str, costs: Costs) -> Found:
    found = reality.session(sim.walked(sim.SCENARIOS["uphill"], placement, 1), costs)
    free_kb = found.outcome.summary.get("heap_free", 0) / 1000
    return _true(found) | {f"load_pct.{placement}": found.busy_pct, f"free_heap_kb.{placement}": free_kb}


def _busy(placement: str, costs: Costs, minutes: float) -> Found:
    return _true(reality_busy.busy_session(placement, costs, minutes))


def _scenario(name: str, costs: Costs) -> Found:
    return _true(reality.session(sim.walked(sim.SCENARIOS[name], "belt", 1), costs))


def _least_heap(placement: str) -> Found:
    walked = sim.walked(sim.SCENARIOS["forward"], placement, 1)
    return {f"least_heap_kb.{placement}": reality.least_heap_kb(placement, Costs.FREE, walked)}


def _hours(costs: Costs) -> Found:
    return {"hours_200mah": power.lasts_h(POWER_BOARD, costs)}


def _sync(costs: Costs) -> Found:
    found = reality_sync.synced(costs, BRIDGE_BOARD, "shoe")
    return {"sync_kbs": found.kbs, "sync_line_pct": found.line_pct}


def _deploy(costs: Costs) -> Found:
    return {"deploy_s": reality_deploy.deployed(costs, BRIDGE_BOARD).deploy_s}


def parts(costs: Costs, minutes: float) -> dict[str, Callable[[], Found]]:
    """Return what can be measured side by side, the longest first: in words -> what measures it."""
    return {
        **{f"busy {minutes:g} min, {place}": partial(_busy, place, costs, minutes) for place in PLACEMENTS},
        "three pods by radio": partial(reality_crew.with_radio, costs),
        "hours on 200 mAh": partial(_hours, costs),
        **{f"{name}, belt": partial(_scenario, name, costs) for name in ("sways", "fall")},
        **{f"walk, {place}": partial(_walk, place, costs) for place in PLACEMENTS},
        **{f"least heap, {place}": partial(_least_heap, place) for place in PLACEMENTS},
        "three pods, radio off": partial(reality_crew.without_radio, costs),
        "sync, shoe": partial(_sync, costs),
        "start on a filled flash": partial(_start_filled, costs),
        **{f"start, {place}": partial(_start, place, costs) for place in PLACEMENTS},
    }


def figures(mhz: int = MHZ, minutes: float = MINUTES, workers: int | None = None) -> Found:
    """Return every figure of NAMES; progress goes to stderr.

    mhz: clock at power-on [MHz].  minutes: of the busy session at each placement.
    workers: processes at once, None = one a core, 0 = all in this one.
    UserError where a pod does not run, or bumble is missing.
    """
    needs.check("bench")
    costs, began_s = Costs.at(mhz), time.monotonic()
    found: list[Found] = []

    def tell(what: str, measured: Found) -> None:
        found.append(measured)
        print(f"bench: {time.monotonic() - began_s:4.0f} s: {what}", file=sys.stderr, flush=True)

    todo = parts(costs, minutes)
    if workers == 0:
        for what, measure in todo.items():
            tell(what, measure())
    else:
        with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
            waiting = {pool.submit(measure): what for what, measure in todo.items()}
            for done in as_completed(waiting):
                tell(waiting[done], done.result())
    tell("deployment", _deploy(costs))
    return combined(found)


def combined(found: Iterable[Found]) -> Found:
    """Return the figures of all parts in the order of NAMES."""
    by_name: dict[str, list] = {}
    for part in found:
        for name, value in part.items():
            by_name.setdefault(name, []).append(value)
    made = {name: _OF_ALL.get(name, lambda parts: parts[0])(values) for name, values in by_name.items()}
    made["cue_p99_ms"] = percentile(made["cues_ms"], 99)
    return {name: made[name] for name in NAMES}


def nested(named: Found) -> Found:
    """Return figures as a table by name; those of a placement, "load_pct.shoe", in a table of their own."""
    table: Found = {}
    for name, value in named.items():
        whole, _, part = name.partition(".")
        if part:
            table.setdefault(whole, {})[part] = value
        else:
            table[name] = value
    return table


def figures_table(named: Found) -> Table:
    """Return figures to print."""
    table = titled(f"Whole firmware on the model of an ESP32 at {MHZ} MHz", ("what", "figure"))
    for name, value in named.items():
        table.add_row(name, f"{value:.4g}")
    return table
