"""What an hour of samples takes of this computer: its time, by plain Python and machine code, and its memory."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from backstep.core import detectors
from backstep.core import settings as pod_settings
from rich.table import Table

from host_tools import csv_table, gait
from host_tools.bench.bench_latency import titled
from host_tools.compiled import fast
from host_tools.recordings import as_sensed

_HOUR_S = 3600
_SHOE_HZ = 204.8
_HOURS = (1, 4, 16)
_MEGABYTE = 1 << 20
_LOOK_S = 0.005


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


def memory_table() -> Table:
    """Measure what `backstep replay` takes for hours of a simulated walk at the shoe, from each kind of file.

    In brackets what no file stands behind.
    """
    table = titled("Replay: most memory held", ("file", *(f"{hours} h, MB" for hours in _HOURS)))
    walk = gait.uphill_backward_session(1).recording().samples
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".npz", ".csv"):
            held = [held_mb(Path(folder), suffix, walk, round(hours * _HOUR_S * _SHOE_HZ)) for hours in _HOURS]
            table.add_row(suffix, *(f"{most:.0f} ({anonymous:.0f})" for most, anonymous in held))
    return table


# What getrusage tells of a process begins with what the one that started it held; Linux has its own besides.
_HELD = """
import re, resource, sys
from host_tools.__main__ import main
code = main(sys.argv[1:])
try:
    held = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]
except OSError:
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(held, file=sys.stderr)
sys.exit(code)
"""


def held_mb(folder: Path, suffix: str, walk: np.ndarray, count: int) -> tuple[float, float]:
    """Return the most memory that `backstep replay` holds for so many samples [MB], its program with it.

    The second number is the most that no file stands behind, looked at every few milliseconds; 0 where there is no
    Linux.  folder: for the file.  walk: int16 (n, 6), repeated until there are so many.
    """
    file = folder / f"hours{suffix}"
    if suffix == ".npz":
        np.savez(file, walk=np.resize(walk, (count, 6)))
    else:
        rows = [",".join(map(str, row)) + "\n" for row in walk.tolist()]
        with file.open("w") as out:
            out.write(",".join(csv_table.COLUMNS) + "\n")
            out.writelines(rows[number % len(rows)] for number in range(count))
    words = ["replay", str(file), "--json", "--rate", str(_SHOE_HZ), "--placement", "shoe"]
    command = [sys.executable, "-c", _HELD, *words]
    anonymous_kb = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        while running.poll() is None:
            anonymous_kb = max(anonymous_kb, _anonymous_kb(running.pid))
            time.sleep(_LOOK_S)
        told = running.stderr.read() if running.stderr else b""
    if running.returncode:
        raise RuntimeError(f"backstep replay of a {suffix} ended with {running.returncode}")
    return int(told.split()[-1]) * 1024 / _MEGABYTE, anonymous_kb * 1024 / _MEGABYTE


def _anonymous_kb(pid: int) -> int:
    try:
        found = re.search(r"RssAnon:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        found = None
    return int(found[1]) if found else 0
