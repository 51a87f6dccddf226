"""How long a deployment takes on a pod whose flash, serial line and computing take their time."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from host_tools.errors import UserError
from host_tools.install import archive, bytecode, deploy, podfiles
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod

S = 1_000_000
_RUNNING_S = 25
_LOOK_S = 0.05
_GOODBYE_S = 30


@dataclass(frozen=True)
class Deployed:
    """A deployment: virtual time from its first byte to its end [s], flash reads meanwhile, what it said."""

    deploy_s: float
    flash_reads: int
    said: str


class _Still:
    """An IMU that lies still."""

    temperature_c = 24.0

    def row(self, index: int, rate_hz: int) -> tuple[int, ...]:
        return index & 1, 0, 1000, 0, 0, 0


def deployed(costs: Costs, board: str = "virtual", wall_s: float = 900.0) -> Deployed:
    """Deploy over a pseudo-terminal onto a pod that runs an earlier firmware; UserError when that fails.

    costs: of the pod.  board: a board file.  wall_s: time limit by the wall clock [s].
    While the pod is at its prompt virtual time keeps pace with the wall clock: a slow computer adds to the figure.
    """
    model = board_model.build(board_model.read_board(board), _Still(), Timeline())
    with (
        tempfile.TemporaryDirectory() as folder,
        VirtualPod(model.hardware, _earlier(board), flash=Path(folder) / "flash.bin", costs=costs) as pod,
    ):
        pod.run(until_us=_RUNNING_S * S)
        port = pod.serve_pty()
        said: list[str | Exception] = []

        def work() -> None:
            try:
                said.append(deploy.deploy(port, board, None, lambda done, total: None).words())
            except Exception as error:  # told below, in the thread that waits
                said.append(error)

        before_us, reads = pod.hardware.now_us, pod.flash.reads
        thread = threading.Thread(target=work, daemon=True)
        end_s = time.monotonic() + wall_s
        thread.start()
        while thread.is_alive() and pod.is_on and time.monotonic() < end_s:
            pod.run(wall_s=_LOOK_S)
        took_us, reads = pod.hardware.now_us - before_us, pod.flash.reads - reads
        pod.unserve_pty()
        thread.join(_GOODBYE_S)
    if not said or isinstance(said[0], Exception):
        raise UserError(f"deploy: {said[0] if said else 'not done in time'}")
    return Deployed(took_us / S, reads, str(said[0]))


def _earlier(board: str) -> dict[str, bytes]:
    """Return the files of a pod whose firmware is another one than that to come."""
    inside = podfiles.slot_files(board, bytecode.VIRTUAL)
    inside["board.mpy"] += b"\0"  # after its end nothing is read
    told = json.loads(inside[podfiles.MANIFEST]) | {"code": "of another one"}
    inside[podfiles.MANIFEST] = json.dumps(told).encode()
    return podfiles.files(board) | {podfiles.archive_path(podfiles.SLOTS[0]): archive.packed(inside)}
