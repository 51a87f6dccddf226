"""Several virtual pods on one simulated wearer: switched on apart, clocks of their own, one walk for all."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from backstep.core import detectors

from host_tools.recordings import Recording
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.crew import Air, Crew
from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.pod_run import AGAIN_S, HOLD_S, SETTLE_S, STOP_S, TAP_S, Outcome, Pod, PodRun
from host_tools.virtual_pod.timeline import Drive
from host_tools.virtual_pod.vm import VirtualPod

READY_S = 6.0  # from switching on the last pod to the walk: all have started and found each other
_PAST_S = 1.0  # sensed after the walk's end, so that the last row is never asked for twice
S = 1_000_000


class Wearer(Protocol):
    """What one does who wears pods; times from the begin of his walk [s]."""

    @property
    def duration_s(self) -> float: ...

    def sensed_at(self, placement: str, times_s: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Worn:
    """A pod of a wearer.

    placement: shoe, belt or wrist.  name: of the pod, by default the placement.  on_s: when it is switched on.
    ppm: how much too fast its clock goes.  freq_fine: the same of its IMU, in steps of 0.15 %.
    settings: those that differ from the defaults.  files: put into its flash beside the firmware.
    surroundings: battery, button, faults.  flash: its image, None = a temporary one.
    """

    placement: str
    name: str = ""
    on_s: float = 0.0
    ppm: int = 0
    freq_fine: int = 0
    settings: dict = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    surroundings: Surroundings = field(default_factory=Surroundings)
    flash: str | None = None

    @property
    def called(self) -> str:
        """The pod's name."""
        return self.name or self.placement

    @property
    def address(self) -> str:
        """The public address of its radio: Espressif's part, and one of its own."""
        return "24:0A:C4:" + ":".join(f"{byte:02X}" for byte in self.unique_id[1:4])

    @property
    def unique_id(self) -> bytes:
        """The six bytes by which its MCU is known: as many as pods have names."""
        return b"\x02" + hashlib.sha256(self.called.encode()).digest()[:5]


# How true the clocks of pods that nobody chose are [datasheets: crystal 10-20 ppm, LSM6DSOX 0.15 % a step].
UNEVEN = ((0.0, 20, 20), (0.7, -20, -20), (1.9, 5, 6))


def uneven(placements: Sequence[str], **options) -> list[Worn]:
    """Return pods that are switched on one after another, each clock wrong in its own way; options: of Worn."""
    chosen = [UNEVEN[n % len(UNEVEN)] for n in range(len(placements))]
    return [
        Worn(placement, on_s=on_s, ppm=ppm, freq_fine=fine, **options)
        for placement, (on_s, ppm, fine) in zip(placements, chosen, strict=True)
    ]


class Joining(Air, Protocol):
    """What joins pods by their radios."""

    def join(self, hardware: Hardware, address: str, chip: str) -> Joined: ...


class Joined(Protocol):
    """A pod's radio; on_value: called with (is_heard, time [us]) when it sends a value or hears one."""

    on_value: list[Callable[[bool, int], None]]


class WornPod:
    """One pod of a Wearing: its run, the MicroPython it is, and when its samples were in the wearer's time."""

    def __init__(self, worn: Worn, run: PodRun, wearer: Wearer, walk_us: int) -> None:
        self.worn = worn
        self.run = run
        self.machine: VirtualPod | None = None
        self.said: list[tuple[float, dict]] = []  # when [s of the walk], a line of its console
        self.sent_us: list[int] = []  # when its radio was asked to send a value, and had one for it [us]
        self.heard_us: list[int] = []
        self.walk_us = walk_us
        self.mcu = board_model.read_board(run.pod.board)["mcu"]
        self._wearer = wearer
        hardware = run.model.hardware
        hardware.clock.begins_us, hardware.clock.ppm = round(worn.on_s * S), worn.ppm
        hardware.unique_id = worn.unique_id
        run.model.imu.freq_fine = worn.freq_fine
        run.model.imu.on_start = self._start

    def value(self, is_heard: bool, world_us: int) -> None:
        """Note that its radio sent or heard a value."""
        (self.heard_us if is_heard else self.sent_us).append(world_us)

    def hear(self, line: dict, on_line: Callable[[WornPod, dict], None] | None) -> None:
        """Note a line of its console and pass it on."""
        world_us = self.run.model.hardware.clock.world_us()
        self.said.append(((world_us - self.walk_us) / S, line))
        if on_line:
            on_line(self, line)

    def walk_s(self, index: int) -> float:
        """Return when sample `index` was, in seconds of the walk."""
        return (self.world_us(index) - self.walk_us) / S

    def world_us(self, index: int) -> int:
        """Return the world's time of sample `index` [us]."""
        return self.run.model.hardware.clock.world_us(self.run.model.imu.sample_time_us(index))

    def _start(self, start_us: int) -> None:
        """Let the IMU, whose first sample is known now, sense the walk at the times of its samples."""
        end_s = self._wearer.duration_s + _PAST_S
        span_s = self.walk_s(1000) - self.walk_s(0)
        count = math.ceil((end_s - self.walk_s(0)) / span_s * 1000)
        begin_s = self.walk_s(0)
        times_s = begin_s + np.arange(count) * (span_s / 1000)
        placement = self.worn.placement
        rows = self._wearer.sensed_at(placement, times_s)
        self.run.sense(Recording(rows, detectors.rate_hz(placement), placement))


class Wearing:
    """A wearer's walk with several pods.

    wearer: what he does.  worn: his pods.  on_line: told (pod, line as a dict) as each speaks.
    on_drive: told (pod, drive) of each motor.  ready_s: from switching on the last pod to the walk.
    beside: other wearers, who begin to walk at the same time, with their pods.  pod_options: of pod_run.Pod, the
    same for all: board, heap, costs.
    Attributes: pods, one a Worn; walk_us, end_us, when the walk begins and ends [us of the world]; crew, in run().
    """

    def __init__(
        self,
        wearer: Wearer,
        worn: Sequence[Worn],
        on_line: Callable[[WornPod, dict], None] | None = None,
        on_drive: Callable[[WornPod, Drive], None] | None = None,
        ready_s: float = READY_S,
        beside: Sequence[tuple[Wearer, Sequence[Worn]]] = (),
        **pod_options: Any,
    ) -> None:
        self._options = pod_options
        walkers = [(wearer, worn), *beside]
        self.walk_us = round((max(one.on_s for _, pods in walkers for one in pods) + ready_s) * S)
        self.end_us = self.walk_us + round(max(walker.duration_s for walker, _ in walkers) * S)
        self.pods = [self._pod(walker, one, on_line, on_drive) for walker, pods in walkers for one in pods]
        self.crew: Crew | None = None

    def _pod(
        self,
        wearer: Wearer,
        one: Worn,
        on_line: Callable[[WornPod, dict], None] | None,
        on_drive: Callable[[WornPod, Drive], None] | None,
    ) -> WornPod:
        still = np.tile(np.array([[0, 0, 1000, 0, 0, 0]], dtype=np.int16), (2, 1))
        recording = Recording(still, detectors.rate_hz(one.placement), one.placement)
        pod = Pod(recording, **self._options)
        run = PodRun(
            replace(pod, settings=one.settings, surroundings=one.surroundings, flash=one.flash),
            on_line=lambda line: made.hear(line, on_line),
            on_drive=lambda drive: on_drive(made, drive) if on_drive else None,
        )
        made: WornPod = WornPod(one, run, wearer, self.walk_us)
        return made

    def run(
        self,
        ether: Joining | None = None,
        prepare: Callable[[Wearing], None] | None = None,
        pressed: Sequence[str] | None = None,
    ) -> list[Outcome]:
        """Let all live through the walk, end their sessions, and return what came of each.

        ether: joins them.  prepare: called when all are switched on, before any lives.
        pressed: names of the pods whose button ends the session; None = each of them.
        """
        began_s = time.monotonic()
        with ExitStack() as stack:
            for pod in self.pods:
                if ether:
                    radio = ether.join(pod.run.model.hardware, pod.worn.address, pod.mcu)
                    radio.on_value.append(pod.value)
                pod.machine = stack.enter_context(pod.run.machine(pod.worn.files))
                pod.run.model.measure_with(pod.machine.cpu_s)
            machines = [pod.machine for pod in self.pods if pod.machine]
            self.crew = Crew(machines, ether, [pod.run.log.feed for pod in self.pods])
            if prepare:
                prepare(self)
            self._live(pressed)
            wall_s = time.monotonic() - began_s
            return [
                pod.run.outcome(member.over or "end of the walk", member.crash, wall_s)
                for pod, member in zip(self.pods, self.crew.members, strict=True)
            ]

    def _live(self, pressed: Sequence[str] | None) -> None:
        """Let all live, and end their sessions; a pod that the others' radio does not reach by its own button."""
        assert self.crew
        over_us, takes_us = self.end_us + round(SETTLE_S * S), round((AGAIN_S + HOLD_S + STOP_S) * S)
        self.crew.at(over_us, lambda: self._press(pressed))
        self.crew.run(over_us + takes_us)
        alone = [pod.worn.called for pod in self.pods if not pod.run.log.summary]
        if alone and pressed is not None:
            self._press(alone)
            self.crew.run(over_us + 2 * takes_us)

    def at(self, walk_s: float, action: Callable[[], None]) -> None:
        """Do action() at a time of the walk [s]; to be asked for in run()'s `prepare`."""
        assert self.crew
        self.crew.at(self.walk_us + round(walk_s * S), action)

    def _press(self, pressed: Sequence[str] | None) -> None:
        """Hold the buttons that end the session, after a tap where a fall's countdown runs."""
        for pod in self.pods:
            if pressed is None or pod.worn.called in pressed:
                now_us = pod.run.model.hardware.now_us
                if pod.run.log.alarming:
                    pod.run.model.press_at(now_us, TAP_S)
                    now_us += round(AGAIN_S * S)
                pod.run.model.press_at(now_us, HOLD_S)
