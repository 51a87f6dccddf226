"""A day of wear for the virtual pod: walking uphill backward, standing, over and over."""

import json
from pathlib import Path

import numpy as np

from host_tools.bench.bench_radio import PHONE, POD, listen
from host_tools.gait import Stand, Walk, WalkParams, session, uphill_backward
from host_tools.install import podfiles
from host_tools.micropython.build import POD_HEAP
from host_tools.recordings import Recording
from host_tools.sim.banded import S3_HEAP
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.radio.ether import Ether
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

US = 1_000_000
HOUR_S = 3600
_PATIENCE_S = 3


def hour_of(placement: str, rate_hz: int) -> np.ndarray:
    """Return samples of an hour: twenty minutes of walking in bouts, the rest standing, noise in all of it."""
    walk = [Walk(30, WalkParams(cadence_spm=100)), Stand(3.0), Walk(60, uphill_backward(90, 10)), Stand(5.0)]
    bout = session([Stand(3.0), *walk * 2], placement, seed=3, rate_hz=rate_hz).samples
    bout = np.tile(bout, (-(-20 * 60 * rate_hz // len(bout)), 1))[: 20 * 60 * rate_hz]
    rest = np.tile(bout[rate_hz // 2], (40 * 60 * rate_hz, 1))
    rest = rest + np.random.default_rng(1).integers(-2, 3, rest.shape)
    return np.vstack([bout, rest]).astype(np.int16)


class Worn:
    """A pod that is worn for some hours, with a console to type at; a phone near subscribes to all there is.

    heap_free: what its status told, by hour.
    """

    def __init__(self, placement: str, rate_hz: int, hours: int, settings: dict, flash: Path | None = None):
        samples = np.tile(hour_of(placement, rate_hz), (hours, 1))
        board = board_model.read_board("virtual")
        recording = Recording(samples, rate_hz, placement, "body", ())
        world = World(recording, tuple(board["axes"]), Flaws())
        self._model = board_model.build(board, world, Timeline(None), Surroundings(), False)
        self.hardware = self._model.hardware
        wanted = {"placement": placement} | settings
        self.notified: list[bytes] = []  # to the phone of a pod whose radio is on
        heap = POD_HEAP
        if settings.get("radio", "off") != "off":
            ether, heap = Ether(1), S3_HEAP
            ether.join(self.hardware, POD, chip="esp32s3")
            ether.start(listen(ether.device("phone", PHONE), self.notified))
        self.vm = VirtualPod(self.hardware, podfiles.files("virtual", wanted), flash=flash, heap=heap)
        self.text = ""

    def hardware_overruns(self) -> int:
        """Return how often the model of the IMU's FIFO overran."""
        return self._model.imu.overruns

    def run(self, until_s: float) -> None:
        """Let it live until a virtual time [s]."""

        def hear(data: bytes) -> None:
            self.text += data.decode(errors="replace")

        self.vm.run(hear, until_us=round(until_s * US))

    def tell(self, line: str) -> list[dict]:
        """Type a line; return what the pod then says in JSON, whole lines only: time may end amid one."""
        self.text = self.text.rpartition("\n")[2]
        self.vm.send(line.encode() + b"\n")
        self.run(self.hardware.now_us / US + _PATIENCE_S)
        return [json.loads(one) for one in self.text.split("\n")[:-1] if one.startswith("{")]
