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
    by_state: number of a state -> Spent.  changes: (time [s], number) of each state entered.
    """

    def __init__(self, run: PodRun):
        self.by_state: dict[int, Spent] = {}
        self.changes: list[tuple[float, int]] = []
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
        state = self._state(passed)
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
