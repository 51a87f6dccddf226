"""A virtual pod with a meter: time, wakes and what the MCU did, by state of power."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from backstep.core import detectors
from backstep.core.power_states import ARMED, OFF, ON_USB, STATES

from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.pod_run import PodRun
from host_tools.virtual_pod.sleep import DEEP, LIGHT

LOOK_US = 500_000
FIFO_STATUS = 0x3A  # FIFO_STATUS1 of every part: each drain reads it first


@dataclass
class Spent:
    """What a state came to: time of each thing the MCU did [us], and how often it woke."""

    us: Counter[str] = field(default_factory=Counter)
    wakes: int = 0

    @property
    def total_us(self) -> int:
        return sum(self.us.values())


class Meter:
    """Looks at a running pod twice a second; takes what passed since for the state that it finds.

    The state is told from outside: by the FIFO's watermark; on USB from armed, which has the same, by whether the
    MCU slept.
    by_state: number of a state -> Spent.  changes: (time [s], number) of each state entered.  state: its number.
    """

    def __init__(self, run: PodRun):
        self.by_state: dict[int, Spent] = {}
        self.changes: list[tuple[float, int]] = []
        self.state = ON_USB
        self._imu = run.model.imu
        self._rate_hz = detectors.rate_hz(run.pod.placement)
        self._hardware = run.model.hardware
        self._us: Counter[str] = Counter()
        self._wakes = 0
        self._hardware.at(0, self._look)

    def _look(self) -> None:
        hardware: Hardware = self._hardware
        sleep = hardware.sleep
        passed = sleep.spent_us - self._us
        self._us = Counter(sleep.spent_us)
        self.state = state = self._state(passed)
        spent = self.by_state.setdefault(state, Spent())
        spent.us += passed
        spent.wakes += sleep.wakes - self._wakes
        self._wakes = sleep.wakes
        if not self.changes or self.changes[-1][1] != state:
            self.changes.append((hardware.now_us / 1e6, state))
        hardware.at(hardware.now_us + LOOK_US, self._look)

    def _state(self, passed: Counter[str]) -> int:
        if passed[DEEP] or self._hardware.sleep.asleep == DEEP:
            return OFF
        wait_ms = self._imu.watermark_samples() * 1000 // self._rate_hz
        if wait_ms <= STATES[ARMED][1]:
            return ARMED if passed[LIGHT] > 0 or self._hardware.sleep.asleep == LIGHT else ON_USB
        return min(range(ARMED, OFF), key=lambda state: abs(STATES[state][1] - wait_ms))


class Lateness:
    """How much longer than its watermark asks for the FIFO waited to be read, while the input lasts.

    most_us: at most [us]; state: of power, by a Meter, when that was.
    """

    def __init__(self, run: PodRun, meter: Meter):
        self.most_us = 0
        self.state = ON_USB
        self._meter = meter
        self._imu = run.model.imu
        self._sample_us = 1e6 / detectors.rate_hz(run.pod.placement)
        self._length_us = round(1e6 * run.length_s)
        self._read_us: int | None = None
        self._asked = 0  # samples
        run.model.hardware.on_transfer.append(self._transfer)

    def _transfer(self, bus_id: int, address: int, written: bytes, read_count: int, now_us: int) -> None:
        began_us = self._imu.start_us
        drains = address == self._imu.address and written[:1] == bytes([FIFO_STATUS]) and read_count
        if not drains or began_us is None or now_us > began_us + self._length_us:
            return
        asked = self._imu.watermark_samples()
        if self._read_us is not None:
            late_us = now_us - self._read_us - round(max(asked, self._asked) * self._sample_us)
            if late_us > self.most_us:
                self.most_us, self.state = late_us, self._meter.state
        self._read_us, self._asked = now_us, asked
