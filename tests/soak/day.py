"""`make soak`: a pod worn for a day of virtual time; its memory, its flash, and every gap accounted for.

python -m soak.day [placement] [hours] [radio]
"""

import sys
import tempfile
import time
from pathlib import Path

from backstep.core import detectors
from soak.wear import HOUR_S, Worn

from host_tools.sessions import session_log
from host_tools.virtual_pod.flash_image import read_files

SETTLE_S = 10
SETTLED_HOURS = 2  # what is made once, as a larger table of names, is made by then
SAME_BYTES = 256  # a string more or less that waits to be written


def main(placement: str = "wrist", hours: str = "24", radio: str = "off") -> int:
    """Wear it; 1 when something is not as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        flash = Path(folder) / "flash.bin"
        free = wear(placement, int(hours), flash, radio)
        said = faults(free, flash, int(hours))
    print("\n".join(said) or f"{placement}: {hours} h as they should be")
    return 1 if said else 0


def wear(placement: str, hours: int, flash: Path, radio: str = "off") -> list[dict]:
    """Return the pod's own status after each hour; its flash stays in a file."""
    rate_hz = detectors.rate_hz(placement)
    pod = Worn(placement, rate_hz, hours, {"console_events": 1, "radio": radio}, flash)
    told = []
    began_s = time.monotonic()
    try:
        for hour in range(1, hours + 1):
            pod.run(hour * HOUR_S - SETTLE_S)
            told.append(status(pod))
            now = told[-1]
            steps = now["backward"] + now["forward"] + now["other"]
            said = f"hour {hour}: {now['heap_free']} bytes of heap free, {steps} steps"
            print(f"{said}, {now['missing']} samples missing, faults {now['faults']}", flush=True)
        pod.vm.send(b"stop\n")
        pod.run(hours * HOUR_S - 2)
    finally:
        overruns = pod.hardware_overruns()
        pod.vm.close()
    print(f"{placement}: {hours} h in {time.monotonic() - began_s:.0f} s; FIFO overruns of the model: {overruns}")
    if radio != "off":
        print(f"a phone was notified of {len(pod.notified)} values")
    return told


def status(pod: Worn) -> dict:
    """Return what the pod says of itself, after garbage was collected."""
    return next(line for line in pod.tell("status") if line.get("event") == "status")


def faults(told: list[dict], flash: Path, hours: int) -> list[str]:
    """Return what is not as it should be."""
    found = []
    settled = min(SETTLED_HOURS, hours)
    first, last = told[settled - 1]["heap_free"], told[-1]["heap_free"]
    if abs(first - last) > SAME_BYTES:
        found.append(f"heap free: {first} bytes after {settled} h, {last} after {hours}")
    files = {path: data for path, data in read_files(flash).items() if path.startswith("/log/")}
    print(f"flash: {sum(map(len, files.values())) / hours:.0f} bytes of log an hour, {len(files)} file(s)")
    for path, data in files.items():
        copy = flash.with_name(Path(path).name)
        copy.write_bytes(data)
        found += log_faults(session_log.load(copy), told[-1])
    return found


def log_faults(log: session_log.SessionLog, last: dict) -> list[str]:
    """Return where a log says something else than the pod did."""
    found = [f"{log.name}: blocks {log.missing} are missing"] if log.missing else []
    if log.damaged_bytes or log.ended != "stop":
        found.append(f"{log.name}: {log.damaged_bytes} bytes damaged, ended by {log.ended!r}")
    if log.gaps != last["missing"]:
        found.append(f"{log.name}: {log.gaps} samples missing, the pod told {last['missing']}")
    steps = log.counts.backward + log.counts.forward + log.counts.other
    if steps < last["backward"] + last["forward"] + last["other"]:
        found.append(f"{log.name}: {steps} steps, the pod told more")
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
