"""A virtual pod whose wearer walks, and a console to ask it at."""

import json

import numpy as np

from host_tools.gait import session
from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

S = 1_000_000
BOARD = board_model.read_board("virtual")


def walked(placement, *segments, turn=None):
    """Return a simulated recording; turn: rotation matrix of how the pod lies against the body's axes."""
    made = session([*segments], placement, 5).samples
    if turn is not None:
        made = np.hstack([made[:, :3] @ turn.T, made[:, 3:] @ turn.T]).astype(np.int16)
    return Recording(made, {"shoe": 208, "belt": 104, "wrist": 52}[placement], placement, "body")


class Pod:
    """A pod whose wearer walks as recorded, with a console; its flash outlives it."""

    def __init__(self, recording, flash, **settings):
        world = World(recording, tuple(BOARD["axes"]), Flaws())
        hardware = board_model.build(BOARD, world, Timeline()).hardware
        wanted = {"placement": recording.placement} | settings
        files = {} if flash.exists() else podfiles.files("virtual", wanted)
        self.vm = VirtualPod(hardware, files, flash=flash)
        self.flash = flash
        self.text = ""

    def run(self, until_s):
        def hear(data):
            self.text += data.decode()

        self.vm.run(hear, until_us=round(until_s * S))

    def ask(self, at_s, do, **arguments):
        """Return the answer to a request at a time [s]."""
        self.run(at_s)
        begin = len(self.text)
        self.vm.send(json.dumps({"id": 5, "do": do} | arguments).encode() + b"\n")
        for tenths in range(5, 40):
            self.run(at_s + tenths / 10)
            lines = self.text[begin:].splitlines(keepends=True)
            answers = [json.loads(line) for line in lines if line.startswith('{"id": 5') and line.endswith("\n")]
            if answers:
                return answers[-1].get("ok", answers[-1].get("error"))
        raise AssertionError(f"{do}: no answer: {self.text[begin:]}")

    def said(self, words):
        return [line for line in self.text.splitlines() if words in line]
