"""What the firmware does where flash, bus, ticks and computing take their time: start, stalls, losses, load.

Each function runs virtual pods and returns what it measured; their times are virtual, so they come out the same on
any computer. What the model charges, and where it is kinder than an ESP32: host_tools/virtual_pod/README.md.
"""

from __future__ import annotations

import json
import re
import tempfile
from binascii import crc32
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from backstep.core import detectors, events
from backstep.core.log.chest import sealed
from backstep.core.log.log_format import Block
from backstep.core.log.log_head import HEAD

from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.replay import replay_recording
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.flash_image import write_files
from host_tools.virtual_pod.pod_run import Outcome, Pod, PodRun
from host_tools.virtual_pod.timeline import percentile
from host_tools.virtual_pod.vm import VirtualPod

S = 1_000_000
SESSIONS, MARKS = 40, 40  # on a filled flash
FIFO_STATUS = 0x3A  # FIFO_STATUS1 of every part: each drain reads it first
HEAPS_KB = tuple(range(96, 161, 8))
_STRIDES_A_SESSION, _MARK_BYTES, _MARKS_A_CHEST = 600, 3300, 20
_ABOUT = b'{"event": "sway", "sample": 1000, "row": 130, "false_alarm": true}'
_START_LIMIT_US = 60 * S
_USED_US = 5 * S
_SETTLED_S = 3.0  # into the input: the start is over, and what a session loads at its beginning is loaded


@dataclass(frozen=True)
class Start:
    """A start from power-on: to the first line said, to the first sample [s]; flash reads, time computed [s]."""

    first_line_s: float
    first_sample_s: float
    flash_reads: int
    computed_s: float


@dataclass(frozen=True)
class Session:
    """A session against what the IMU sensed.

    stall_ms, stall_at_s: the longest time between two drains of the FIFO, and when it ended [s of input].
    samples_lost: in the gaps that the pod states.  strides, strides_differing: replay's steps and strides; how
    many of them the pod lacks or has besides.  cue_ms: crossing sample to motor register, each sway.
    load_pct: of the time, computing; busy_pct: not waiting, so computing or held by bus and flash.
    """

    placement: str
    stall_ms: float
    stall_at_s: float
    samples_lost: int
    strides: int
    strides_differing: int
    cue_ms: tuple[float, ...]
    load_pct: float
    busy_pct: float
    outcome: Outcome

    @property
    def cue_p99_ms(self) -> float:
        """99th percentile of cue_ms; nan without a sway."""
        return percentile(self.cue_ms, 99)


def still(placement: str, seconds: float = 20.0) -> Recording:
    """Return a recording of standing, its last digits never resting."""
    rate_hz = detectors.rate_hz(placement)
    rows = np.tile(np.array([[0, 0, 1000, 0, 0, 0]], dtype=np.int16), (round(seconds * rate_hz), 1))
    rows += np.random.default_rng(1).integers(-1, 2, rows.shape, dtype=np.int16)
    return Recording(rows, rate_hz, placement, "body", ())


def start(placement: str, costs: Costs, filled: bool = False, board: str = "virtual") -> Start:
    """Start a pod with a new flash, or one `filled` with sessions and marks; UserError when it does not start."""
    with tempfile.TemporaryDirectory() as folder:
        flash = Path(folder) / "flash.bin"
        run = PodRun(Pod(still(placement), board=board, flash=str(flash), costs=costs))
        files = podfiles.files(board, run.pod.all_settings())
        write_files(flash, files | (history(placement) if filled else {}))
        seen: list[Start] = []
        lines_us: list[int] = []
        with run.machine() as pod:
            hardware = run.model.hardware

            def heard(data: bytes) -> None:
                lines_us.append(hardware.now_us)

            def started(start_us: int) -> None:
                seen.append(Start(0.0, start_us / S, pod.flash.reads, pod.server.computed_us / S))
                hardware.stop("started")

            run.model.imu.on_start = started
            reason = pod.run(heard, until_us=_START_LIMIT_US)
            if not seen:
                raise UserError(f"start: no sample within {_START_LIMIT_US // S} s: {reason}")
            pod.run(heard, until_us=hardware.now_us + 5 * S)
    if not lines_us:
        raise UserError("start: the pod says nothing")
    return replace(seen[0], first_line_s=lines_us[0] / S)


def history(placement: str, sessions: int = SESSIONS, marks: int = MARKS) -> dict[str, bytes]:
    """Return files of sessions and marked raw seconds as a pod has them after weeks, path -> content."""
    numbers = range(1, sessions + 1)
    shelf = "/log/boots/%04d/%05d-01.bsl"
    files = {shelf % (number // 16, number): _session_file(placement, number) for number in numbers}
    noise = np.random.default_rng(1).integers(0, 256, _MARK_BYTES, dtype=np.uint8).tobytes()
    mark = noise + sealed(_MARK_BYTES, _ABOUT, crc32)
    for number in range(marks):
        path = f"/raw/{1 + number // _MARKS_A_CHEST:04d}.bsrs"
        files[path] = files.get(path, b"") + mark
    return files


def _session_file(placement: str, number: int) -> bytes:
    """Return the blocks of a session of a brisk quarter of an hour."""
    block, data = Block(), b""
    values = {"number": 0, "boot": number, "session": 1, "rate_hz": detectors.rate_hz(placement)}
    fields = [0] * events.FIELD_COUNT
    for stride in range(_STRIDES_A_SESSION):
        if block.full:
            data += bytes(block.close([values.get(name, 0) for name, _ in HEAD], crc32))
            values["number"] += 1
            block.clear()
        block.put(events.STRIDE, 230 * stride, fields)
    return data + bytes(block.close([values.get(name, 0) for name, _ in HEAD], crc32))


class _Watch:
    """Notes when the FIFO is drained, and how the time between the first and the last sample was spent."""

    def __init__(self, run: PodRun, pod: VirtualPod):
        self.gap_us = self.gap_end_us = 0
        self.at_begin = self.at_end = (0, 0, 0)
        self._pod = pod
        self._hardware = run.model.hardware
        self._address = run.model.imu.address
        self._last_us: int | None = None
        self._end_us = 1 << 62
        begun = run.model.imu.on_start

        def started(start_us: int) -> None:
            if begun:
                begun(start_us)
            self._last_us = start_us
            self._end_us = start_us + round(S * run.length_s)
            self._hardware.at(start_us + round(S * _SETTLED_S), self._begin)
            self._hardware.at(self._end_us, self._end)

        run.model.imu.on_start = started
        self._hardware.on_transfer.append(self._transfer)

    def _spent(self) -> tuple[int, int, int]:
        return self._hardware.now_us, self._pod.server.computed_us, self._pod.server.waited_us

    def _begin(self) -> None:
        self.at_begin = self._spent()

    def _end(self) -> None:
        self.at_end = self._spent()

    def _transfer(self, bus_id: int, address: int, written: bytes, read_count: int, now_us: int) -> None:
        drains = address == self._address and written[:1] == bytes([FIFO_STATUS]) and read_count
        if not drains or self._last_us is None or now_us > self._end_us:
            return
        if now_us - self._last_us > self.gap_us:
            self.gap_us, self.gap_end_us = now_us - self._last_us, now_us
        self._last_us = now_us

    def shares_pct(self) -> tuple[float, float]:
        """Return what part of the time was spent computing, and what part not waiting [%]."""
        total, computed, waited = (end - begin for begin, end in zip(self.at_begin, self.at_end, strict=True))
        return (100 * computed / total, 100 - 100 * waited / total) if total else (0.0, 0.0)


def session(
    recording: Recording,
    costs: Costs,
    settings: dict | None = None,
    during: Callable[[PodRun, VirtualPod], None] | None = None,
    **pod_options,
) -> Session:
    """Run a session of a pod that was started before, and compare it with what replay makes of the same samples.

    recording: what the IMU senses.  settings: that differ from the defaults.  during: called with the run and its
    pod before it starts, to type at it or press its button at a time.  pod_options: of pod_run.Pod.
    """
    with tempfile.TemporaryDirectory() as folder:
        flash = str(Path(folder) / "flash.bin")
        pod = Pod(recording, settings=settings or {}, costs=costs, flash=flash, **pod_options)
        use_once(pod)
        return _session(PodRun(pod), during)


def use_once(pod: Pod) -> None:
    """Start a pod with a new flash and switch it off again: the next start finds its files as most starts do."""
    with PodRun(replace(pod, recording=still(pod.placement), costs=Costs.FREE)).machine() as machine:
        machine.run(until_us=_USED_US)


def _session(run: PodRun, during: Callable[[PodRun, VirtualPod], None] | None) -> Session:
    watches: list[_Watch] = []

    def prepare(pod: VirtualPod) -> None:
        watches.append(_Watch(run, pod))
        if during:
            during(run, pod)

    outcome = run.run(prepare)
    load_pct, busy_pct = watches[0].shares_pct()
    wanted, differing = compare(outcome)
    return Session(
        placement=run.pod.placement,
        stall_ms=watches[0].gap_us / 1000,
        stall_at_s=watches[0].gap_end_us / S - outcome.start_s,
        samples_lost=sum(event["missing"] for event in outcome.found if event["event"] == "gap"),
        strides=wanted,
        strides_differing=differing,
        cue_ms=tuple(latency.virtual_ms for latency in outcome.latencies),
        load_pct=load_pct,
        busy_pct=busy_pct,
        outcome=outcome,
    )


def compare(outcome: Outcome) -> tuple[int, int]:
    """Return how many steps and strides replay finds, and how many the pod lacks or has besides."""
    pod = outcome.pod
    replayed = replay_recording(pod.recording, settings=pod.settings)
    wanted = Counter(_key(event) for event in replayed if _counts(event))
    found = Counter(_key(event) for event in outcome.found if _counts(event))
    return wanted.total(), (wanted - found).total() + (found - wanted).total()


def _counts(event: dict) -> bool:
    return event["event"] in ("step", "stride")


def _key(event: dict) -> str:
    return json.dumps(event, sort_keys=True)


def least_heap_kb(placement: str, costs: Costs, recording: Recording, sizes_kb: Sequence[int] = HEAPS_KB) -> int:
    """Return the smallest of these heaps [KB], in areas as a pod has them, that a session runs in; 0 = none.

    The session log is on and a programme runs.  A run that lacks memory at any time does not count.
    """
    low, high = 0, len(sizes_kb)
    while low < high:
        middle = (low + high) // 2
        pod = Pod(recording, settings={"programme_level": 2}, heap=f"{sizes_kb[middle]}wK", costs=costs)
        outcome = PodRun(pod).run()
        if _is_well(outcome):
            high = middle
        else:
            low = middle + 1
    return sizes_kb[low] if low < len(sizes_kb) else 0


def _is_well(outcome: Outcome) -> bool:
    short_of = re.compile("memory", re.IGNORECASE)
    said = [*outcome.notes, outcome.crash]
    return bool(outcome.summary) and not outcome.crash and not any(short_of.search(text) for text in said)
