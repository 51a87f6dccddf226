"""How long this computer takes for an hour of samples: by plain Python, and by machine code made of the same."""

import time

import numpy as np
from backstep.core import detectors
from backstep.core import settings as pod_settings
from rich.table import Table

from host_tools import gait
from host_tools.bench.bench_latency import titled
from host_tools.compiled import fast
from host_tools.recordings import as_sensed

_HOUR_S = 3600


def hours_table() -> Table:
    """Measure every placement's detector on a simulated walk, which is repeated until it lasts an hour."""
    table = titled("Replay: CPU time of an hour", ("", "Hz", "Python s", "machine code s", "times"))
    for placement, rate_hz in detectors.RATES_HZ:
        walk = as_sensed(gait.uphill_backward_session(1, placement).recording(), rate_hz).samples
        python_s, machine_s = hour_s(placement, walk, _HOUR_S * rate_hz)
        known = ("no compiler", "-") if machine_s is None else (f"{machine_s:.2f}", f"{python_s / machine_s:.0f}")
        table.add_row(placement, str(rate_hz), f"{python_s:.1f}", *known)
    return table


def hour_s(placement: str, walk: np.ndarray, count: int) -> tuple[float, float | None]:
    """Return what so many samples take by plain Python and by machine code [s], None without a compiler.

    walk: int16 (n, 6) as the pod senses them; Python is fed them once, machine code over and over.
    AssertionError where both do not find the same in them.
    """
    plain, other = (detectors.make(placement, pod_settings.defaults(), "body") for _ in range(2))
    start = time.process_time()
    found = list(fast.Feeder(plain, pure=True).codes(walk))
    python_s = (time.process_time() - start) * count / len(walk)
    machine = fast.machine(other, count)
    if machine is None:
        return python_s, None
    rows = np.resize(walk, (count, 6))
    start = time.process_time()
    events = machine.codes(rows)
    if [event for event, _ in zip(events, found, strict=False)] != found:
        raise AssertionError(f"{placement}: machine code finds something else than Python")
    for _ in events:
        pass
    return python_s, time.process_time() - start
