"""How fast a file comes from a pod whose flash, serial line and computing take their time."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from host_tools.bench.reality import S, still
from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.talk.client import BAUD
from host_tools.talk.pieces import STRETCH, Sound
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.pod_run import Pod, PodRun
from host_tools.virtual_pod.vm import VirtualPod

BYTES = 4 * STRETCH
_BITS = 10  # of a byte on a serial line, with start and stop
_PATH = "log/00001-01.bsl"
_SETTLED_US = 10 * S
_HOST_US = 20_000  # a bridge hands bytes on after 16 ms at most; the rest is the laptop's
_SLOWEST_BYTES_S = 2000


@dataclass(frozen=True)
class Synced:
    """A file that came: of its bytes a second [kB/s], and what share of the time the line was sending [%]."""

    kbs: float
    line_pct: float


@dataclass
class _Host:
    """Asks for one stretch after another, as host_tools/talk/client.py does."""

    pod: VirtualPod
    hardware: Hardware
    size: int
    heard: int = 0  # bytes of the line, whatever they are
    found: bytearray = field(default_factory=bytearray)
    error: str = ""
    _rest: bytes = b""

    def ask(self) -> None:
        asked = {"id": 1, "do": "stream", "path": _PATH, "offset": len(self.found), "length": STRETCH}
        self._sound = Sound(len(self.found), self.found.extend)
        self.pod.send(json.dumps(asked).encode() + b"\n")

    def hear(self, data: bytes) -> None:
        self.heard += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"="):
                self._sound.take(line)
            elif line.startswith(b'{"id"'):
                self._go_on(json.loads(line))

    def _go_on(self, answer: dict) -> None:
        if "ok" not in answer or len(self.found) >= self.size:
            self.error = answer.get("error", "")
            self.hardware.stop("over")
        else:
            self.hardware.at(self.hardware.now_us + _HOST_US, self.ask)


def synced(costs: Costs, board: str, placement: str, size: int = BYTES) -> Synced:
    """Fetch a file of so many random bytes from a pod that lies still; UserError when that fails.

    The time is that from the first request's first byte to the last answer's last.
    """
    content = Random(1).randbytes(size)
    limit_us = _SETTLED_US + size * S // _SLOWEST_BYTES_S
    run = PodRun(Pod(still(placement, (_SETTLED_US + limit_us) / S), board=board, costs=costs))
    files = podfiles.files(board, run.pod.all_settings()) | {"/" + _PATH: content}
    with tempfile.TemporaryDirectory() as folder:
        flash = Path(folder) / "flash.bin"
        with VirtualPod(run.model.hardware, files, flash=flash, costs=costs) as pod:
            hardware = run.model.hardware
            pod.run(until_us=_SETTLED_US)
            host, began_us = _Host(pod, hardware, size), hardware.now_us
            hardware.at(began_us, host.ask)
            pod.run(host.hear, until_us=began_us + limit_us)
            took_s = (hardware.now_us - began_us) / S
    if host.found != content:
        raise UserError(
            f"sync: {len(host.found)} of {size} bytes came in {took_s:.0f} s: {host.error or 'no answer'}"
        )
    return Synced(size / took_s / 1000, 100 * host.heard * _BITS / BAUD / took_s)
