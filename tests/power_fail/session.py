"""The session of the power cuts: ten minutes, two sways, a settings change, a rotation, a delete, a recording."""

import fcntl
import json
import os
import pickle
from binascii import crc32
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from backstep.core import settings
from power_fail.journal import Journal

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, session, uphill_backward
from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.flash_image import read_files
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

OLD = settings.check({"placement": "belt"})
NEW = settings.check({"placement": "belt", "cue_every_steps": 25, "pod_name": "changed"})
NOON_MS = 1_764_244_800_000


@dataclass
class Journey:
    """A journal, and when the change of the settings was asked for and answered [us of virtual time].

    deleting: how many operations there were before the first session was deleted.
    """

    journal: Journal
    asked_us: int
    answered_us: int
    deleting: int


def walked(rate_hz: int, minutes: int) -> Recording:
    """Return what a belt pod senses: backward uphill in bouts, the first two of which end in a sway and a fall."""
    fall = [Stand(4.0), Walk(40, uphill_backward(95, 10)), LoseBalance(SwayParams(push_ratio=1.6)), Stand(8.0)]
    bouts = [Stand(4.0), *[Walk(60, uphill_backward(90, 10)), Stand(8.0)] * (60 * minutes // 45)]
    parts = [session(plan, "belt", seed=5, rate_hz=rate_hz).samples for plan in (fall, fall, bouts)]
    return Recording(np.vstack(parts), rate_hz, "belt", "body", ())


class Scenario:
    """A pod on a flash file, its journal running."""

    def __init__(self, flash: Path, minutes: int = 10):
        board = board_model.read_board("virtual")
        world = World(walked(104, minutes), tuple(board["axes"]), Flaws())
        hardware = board_model.build(board, world, Timeline(None), Surroundings(), False).hardware
        self._flash = flash
        self._end_s = 60 * minutes
        self.pod = VirtualPod(hardware, podfiles.files("virtual", {"placement": "belt"}), flash=flash)
        self.journal = Journal(self.pod)
        self.text = ""

    def run(self) -> Journey:
        """Live through it all."""
        self._until(6)
        self._ask("time", unix_ms=NOON_MS, utc_offset_min=0)
        self._until(self._end_s * 0.3)
        asked_us = self.pod.hardware.now_us
        self._ask("set", values={"cue_every_steps": 25, "pod_name": "changed"})
        answered_us = self.pod.hardware.now_us
        self._until(self._end_s * 0.6)
        self._ask("end")
        self._ask("begin")
        self._until(self._end_s * 0.7)
        deleting = self._delete_first()
        self._until(self._end_s * 0.93)
        self._ask("record", minutes=1)
        self._until(self._end_s * 0.97)
        self.pod.send(b"stop\n")
        self._until(self._end_s)
        self.pod.close()
        return Journey(self.journal, asked_us, answered_us, deleting)

    def _delete_first(self) -> int:
        path = self._ask("sessions")["files"][0][0]
        data = read_files(self._flash)["/" + path]
        same = {"path": path, "size": len(data), "crc32": crc32(data)}
        path = self._ask("synced", **same)["path"]
        before = len(self.journal.operations)
        self._ask("delete", **(same | {"path": path}))
        return before

    def _until(self, time_s: float) -> None:
        def hear(data: bytes) -> None:
            self.text += data.decode(errors="replace")

        self.pod.run(hear, until_us=round(time_s * 1e6))

    def _ask(self, do: str, **arguments) -> dict:
        """Ask, and return the answer, as soon as it is there."""
        begin = len(self.text)
        self.pod.send(json.dumps({"id": 1, "do": do} | arguments).encode() + b"\n")
        for _ in range(100):
            self._until(self.pod.hardware.now_us / 1e6 + 0.1)
            for line in self.text[begin:].splitlines(keepends=True):
                if line.startswith('{"id"') and line.endswith("\n"):
                    return json.loads(line)["ok"]
        raise AssertionError(f"{do}: no answer: {self.text[begin:]}")


def journey_in(folder: Path) -> Journey:
    """Return the journey, lived through once for all processes that share the folder."""
    kept = folder / "journey.pickle"
    with (folder / "journey.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            written = folder / "journey.part"
            written.write_bytes(pickle.dumps(Scenario(folder / "journey.bin").run()))
            os.replace(written, kept)
    return pickle.loads(kept.read_bytes())
