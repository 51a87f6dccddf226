"""One virtual pod from switching on to the end of its input: what it said, what its motor did, how fast."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from backstep.core import detectors

from host_tools.install import native, podfiles
from host_tools.micropython.build import POD_HEAP
from host_tools.recordings import Recording, as_sensed
from host_tools.replay import in_source_rows
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.console_log import ConsoleLog
from host_tools.virtual_pod.costs import DEFAULT, Costs
from host_tools.virtual_pod.link import WATCHDOG_RESET, UnknownAccess
from host_tools.virtual_pod.timeline import Buzz, Drive, Latency, Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.vm_process import VmCrash
from host_tools.virtual_pod.world import Flaws, World

SETTLE_S = 0.4  # after the last row: the pod still drains what its FIFO holds
HOLD_S = 1.5  # then the button is held so long, until it buzzes: the session ends
STOP_S = 5.0  # after that: the stop pattern, the last raw seconds, the summary
TAP_S = 0.1  # before that: ends a fall's countdown or alarm
AGAIN_S = 0.6  # from the tap to the hold: apart enough not to be one word
PACE_US = 20_000
START_LIMIT_S = 60.0  # an IMU that has not started by then never will


@dataclass(frozen=True)
class Pod:
    """What a run is made of.

    settings: those that differ from the defaults.  flash: file of the pod's flash, used as it is when it exists;
    None = a new one for this run.  heap: as MicroPython's -X heapsize.  flaws: of the IMU.
    costs: what things take in virtual time.  speed: times real time, 0 = as fast as it goes.
    as_events: the console tells events, not status lines.  again: the input begins anew at its end, for ever.
    """

    recording: Recording
    board: str = "virtual"
    settings: dict = field(default_factory=dict)
    surroundings: Surroundings = field(default_factory=Surroundings)
    flaws: Flaws = field(default_factory=Flaws)
    flash: str | None = None
    heap: str = POD_HEAP
    costs: Costs = DEFAULT
    speed: float = 0.0
    as_events: bool = True
    again: bool = False

    @property
    def placement(self) -> str:
        return self.recording.placement

    @property
    def rate_hz(self) -> int:
        """The IMU's rate for the placement [Hz]."""
        return detectors.rate_hz(self.placement)

    def all_settings(self) -> dict:
        """Return the settings as they lie on the pod."""
        worn = {"placement": self.placement, "frame": self.recording.frame}
        return worn | {"console_events": int(self.as_events)} | self.settings


@dataclass
class Outcome:
    """What a run came to: events in rows of the recording, what the motor did, the pod's own words and summary.

    start_s: pod time of the input's first sample.  reason: why it ended.  crash: what the pod or the model said
    when it did not end well, else "".
    """

    pod: Pod
    start_s: float
    found: list[dict]
    buzzes: list[Buzz]
    cues_said: list[dict]
    latencies: list[Latency]
    summary: dict
    notes: list[str]
    reason: str
    crash: str
    overruns: int
    virtual_s: float
    wall_s: float


class PodRun:
    """Builds a pod's hardware and flash, and runs it.

    on_line: called with each console line as a dict.  on_drive: called at each change of the motor's drive.
    """

    def __init__(
        self,
        pod: Pod,
        on_line: Callable[[dict], None] | None = None,
        on_drive: Callable[[Drive], None] | None = None,
    ):
        self.pod = pod
        self.log = ConsoleLog(pod.rate_hz, on_line)
        board = board_model.read_board(pod.board)
        self.world = World(pod.recording, tuple(board["axes"]), pod.flaws, again=pod.again)
        self.model = board_model.build(board, self.world, Timeline(on_drive), pod.surroundings, pod.speed == 1)
        self.samples = self.world.row_count(pod.rate_hz)

    @property
    def length_s(self) -> float:
        """How long the input lasts [s]."""
        return self.samples / self.pod.rate_hz

    def sense(self, recording: Recording) -> None:
        """From sample 0 on let the IMU sense another recording of the same placement."""
        self.pod = replace(self.pod, recording=recording)
        self.world.begin(recording)
        self.samples = self.world.row_count(self.pod.rate_hz)

    def now_s(self) -> float:
        """Return how far into the input virtual time is [s]."""
        return max(0, self.model.hardware.now_us - (self.model.imu.start_us or 0)) / 1e6

    def machine(self, others: Mapping[str, bytes] | None = None) -> VirtualPod:
        """Return the pod switched on, the firmware in its flash, and `others`, unless the flash is an old one."""
        files = podfiles.files(self.pod.board, self.pod.all_settings(), arch=native.host_arch())
        files |= others or {}
        if self.pod.flash and Path(self.pod.flash).exists():
            files = {}
        pod = self.pod
        return VirtualPod(self.model.hardware, files, flash=pod.flash, heap=pod.heap, costs=pod.costs)

    def end_with_input(self) -> None:
        """Hold the button down after the last row and stop when the pod has summed up."""
        hardware = self.model.hardware

        def started(start_us: int) -> None:
            end_us = self.model.imu.sample_time_us(self.samples) + round(1e6 * SETTLE_S)
            hardware.at(end_us, press)

        def press() -> None:
            now_us = hardware.now_us
            if self.log.alarming:
                self.model.press_at(now_us, TAP_S)
                now_us += round(1e6 * AGAIN_S)
            self.model.press_at(now_us, HOLD_S)
            hardware.at(now_us + round(1e6 * (HOLD_S + STOP_S)), lambda: hardware.stop("end of the input"))

        self.model.imu.on_start = started
        limit_us = round(1e6 * (START_LIMIT_S))
        hardware.at(limit_us, lambda: None if self.model.imu.start_us else hardware.stop("the IMU did not start"))

    def hold_back(self) -> None:
        """Let virtual time go no faster than the pod's speed; waiting changes nothing of what happens."""
        hardware, speed = self.model.hardware, self.pod.speed
        began_s = time.monotonic()

        def wait() -> None:
            time.sleep(max(0.0, began_s + hardware.now_us / 1e6 / speed - time.monotonic()))
            hardware.at(hardware.now_us + PACE_US, wait)

        hardware.at(hardware.now_us, wait)

    def run(self, prepare: Callable[[VirtualPod], None] | None = None) -> Outcome:
        """Run to the end of the input and return what came of it.

        prepare: called with the pod before it lives.
        """
        self.end_with_input()
        if self.pod.speed not in (0, 1):
            self.hold_back()
        began_s = time.monotonic()
        crash, reason = "", ""
        try:
            with self.machine() as machine:
                self.model.measure_with(machine.cpu_s)
                if prepare:
                    prepare(machine)
                reason = machine.run(self.log.feed)
                if WATCHDOG_RESET in machine.resets:
                    crash = "the watchdog reset the pod"
        except (UnknownAccess, VmCrash) as error:
            crash = str(error)
        return self.outcome(reason, crash, time.monotonic() - began_s)

    def outcome(self, reason: str, crash: str, wall_s: float) -> Outcome:
        """Return what came of a run that ended.  reason: why.  crash: what the model said when it broke off."""
        sensed = as_sensed(self.pod.recording, self.pod.rate_hz)
        inside = [event for event in self.log.found if event["sample"] < self.samples]
        latencies = [self.model.latency(event["sample"]) for event in inside if event["event"] == "sway"]
        return Outcome(
            pod=self.pod,
            start_s=(self.model.imu.start_us or 0) / 1e6,
            found=[in_source_rows(event, sensed) for event in inside],
            buzzes=self.model.timeline.buzzes(self.model.hardware.now_us),
            cues_said=self.log.buzzes,
            latencies=[latency for latency in latencies if latency],
            summary=self.log.summary,
            notes=self.log.notes,
            reason=reason,
            crash=crash or "\n".join(self.log.crash),
            overruns=self.model.imu.overruns,
            virtual_s=self.model.hardware.now_us / 1e6,
            wall_s=wall_s,
        )
