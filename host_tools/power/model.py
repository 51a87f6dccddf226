"""From what a virtual pod did with its time to current and hours, by the parts of its board file."""

from __future__ import annotations

from dataclasses import dataclass

from backstep.core.power_states import ARMED, OFF, STATES, STILL, WALKING, WORN

from host_tools.install import boards
from host_tools.power import currents
from host_tools.power.meter import Meter, Spent
from host_tools.virtual_pod.sleep import BUS, COMPUTING, DEEP, LIGHT, WAITING

BATTERY_MAH = 200
# Hours of a day: two of walking, armed at a belt; the rest of 16 worn; the night on a table, off after off_min.
WALK_H, WORN_H, STILL_H = 2.0, 14.0, 0.17
NIGHT_H = 24 - WALK_H - WORN_H - STILL_H
SHARES = f"a day of {WALK_H:g} h walking, {WORN_H:g} h worn, {STILL_H:g} h still, {NIGHT_H:.1f} h off"
WARNINGS, WARNING_S = 20, 0.6  # buzzes a day, and how long the motor turns in each
_DOING = {COMPUTING: "computing", WAITING: "waiting", BUS: "waiting", LIGHT: "light sleep", DEEP: "deep sleep"}


class Board:
    """The parts of a board file that take current.  UserError for one that is none."""

    def __init__(self, name: str):
        tree = boards.load(name)
        self.name = name
        self.mcu = tree["mcu"]
        self.imu = tree["parts"]["imu"]["part"]
        self.haptic = tree["parts"]["haptic"]["part"]
        self.idle_ua = tree.get("idle_ua", 0)

    def beside_ua(self, state: int) -> float:
        """Return what takes current in a state beside the MCU [uA]."""
        imu = currents.IMU[self.imu, "watching" if state == OFF else "both"].ua
        return imu + currents.HAPTIC[self.haptic, "stands by" if STATES[state][4] else "ready"].ua + self.idle_ua


@dataclass(frozen=True)
class Row:
    """A state: seconds seen, shares of the time, wakes a second, current [uA]."""

    state: int
    seconds: float
    computing: float
    asleep: float
    wakes_hz: float
    ua: float

    @property
    def name(self) -> str:
        return STATES[self.state][0]

    @property
    def hours(self) -> float:
        """Hours on BATTERY_MAH in this state alone."""
        return 1000 * BATTERY_MAH / self.ua


def rows(meter: Meter, board: Board) -> list[Row]:
    """Return every state that was seen, and off, which is worked out."""
    found = [_row(state, spent, board) for state, spent in sorted(meter.by_state.items()) if state != OFF]
    off_ua = currents.mcu(board.mcu, "deep sleep", 0).ua + board.beside_ua(OFF)
    return [*found, Row(OFF, 0.0, 0.0, 1.0, 0.0, off_ua)]


def _row(state: int, spent: Spent, board: Board) -> Row:
    mhz = STATES[state][2]
    total_us = max(1, spent.total_us)
    ua = sum(us * currents.mcu(board.mcu, _DOING[doing], mhz).ua for doing, us in spent.us.items()) / total_us
    asleep = (spent.us[LIGHT] + spent.us[DEEP]) / total_us
    wakes_hz = spent.wakes * 1e6 / total_us
    computing = spent.us[COMPUTING] / total_us
    return Row(state, total_us / 1e6, computing, asleep, wakes_hz, ua + board.beside_ua(state))


def hours(found: list[Row]) -> float:
    """Return how long BATTERY_MAH lasts by the day above [h]; 0 where a state of it was not seen."""
    by_state = {row.state: row.ua for row in found}
    walking = by_state.get(ARMED, by_state.get(WALKING, 0.0))
    worn, still, off = (by_state.get(state, 0.0) for state in (WORN, STILL, OFF))
    parts = ((WALK_H, walking), (WORN_H, worn), (STILL_H, still), (NIGHT_H, off))
    if not all(ua for _, ua in parts):
        return 0.0
    day_mah = sum(time_h * ua for time_h, ua in parts) / 1000 + WARNINGS * WARNING_S * currents.MOTOR.ua / 3.6e6
    return 24 * BATTERY_MAH / day_mah


def table(found: list[Row]) -> None:
    """Print the states."""
    heads = f"{'computing':>10} {'asleep':>8} {'wakes/s':>8} {'current mA':>11} {'h/200 mAh':>10}"
    print(f"{'state':10} {'seen s':>8} {heads}")
    for row in found:
        share = f"{row.computing:10.1%} {row.asleep:8.1%} {row.wakes_hz:8.1f}"
        print(f"{row.name:10} {row.seconds:8.0f} {share} {row.ua / 1000:11.2f} {row.hours:10.0f}")
