"""What the radio adds, by its setting: from MicroPython's build, the intervals in core and times on the air.

With its radio on a pod never sleeps, it only goes off once it has lain still: MicroPython's machine.lightsleep()
calls esp_light_sleep_start(), which cuts every connection (micropython issue 6396), and its build has neither
tickless idle nor, on an S3 or C3, the controller's own modem sleep (BT_CTRL_MODEM_SLEEP, by default off), so that
the receiver stays powered.
"""

from __future__ import annotations

from dataclasses import dataclass

from backstep.app.radio.band_hub import INTERVAL_MS
from backstep.core.power_states import ARMED, OFF, STATES, STILL, WALKING, WORN
from backstep.core.radio.intervals import ADVERTISING, IDLE, STANDING, STRAP_MS, TAKEN
from backstep.core.settings import defaults

from host_tools.power import currents
from host_tools.power.currents import Current
from host_tools.power.model import BATTERY_MAH, Board, Row

SETTINGS = ("phone", "pods", "both")
MHZ = 160  # at which a pod starts; with its radio on nothing changes it
WALKS_H = (1.0, 2.0)  # of a day with the radio on: so long walked, then laid down
STILL_H = defaults()["off_min"] / 60  # until it goes off
PHONE_MS = 45.0  # a phone chooses its interval; those of Apple begin at 15 [Accessory Design Guidelines, 35.6]
_AT_REST = {WORN: STANDING, STILL: IDLE}
LINKS = 2  # of a hub with two partners; a partner has one

# Peaks of the whole chip at 3.3 V, and what a powered receiver adds all the time where nothing switches it off.
_ESP32 = "ESP32 Series Datasheet, table RF power consumption: BLE at 0 dBm"
SENDS = Current(130_000, _ESP32)
HEARS = Current(97_000, _ESP32 + ": middle of 95..100 mA")
STAYS_ON: dict[str, Current] = {
    "esp32": Current(0, "modem sleep is on by default for this chip (BTDM_CTRL_MODEM_SLEEP)"),
    "esp32s3": Current(
        55_000, "boards with an S3 measured 110 mA against 55 of an ESP32 (esp32.com 33330)", False
    ),
    "esp32c3": Current(52_000, "a C3 measured 77 mA without modem sleep, 25 with it (arduino-esp32 5909)", False),
}
# Times [ms] of 1 Mbit/s: 8 us a byte and ten bytes about each packet [Core 5.4, Vol 6, B, 2.1]; between two
# packets 150 us; an estimate: 1.5 around an event, in which the MCU computes.
_ADVERT_MS = 0.376
_EMPTY_MS = 0.08
_LISTENS_MS = 0.35
_AROUND_MS = 1.5


@dataclass(frozen=True)
class RadioRow:
    """A state with the radio on.  ua: current [uA], of which the radio takes radio_ua."""

    setting: str
    state: int
    ua: float
    radio_ua: float

    @property
    def hours(self) -> float:
        """Hours on BATTERY_MAH."""
        return 1000 * BATTERY_MAH / self.ua


def rows(found: list[Row], board: Board) -> list[RadioRow]:
    """Return what each state that was seen takes with each setting of the radio; off is not among them."""
    worn = [row for row in found if row.state in (ARMED, WALKING, WORN, STILL)]
    return [_row(setting, row, board) for setting in SETTINGS for row in worn]


def _row(setting: str, row: Row, board: Board) -> RadioRow:
    computing = min(1.0, row.computing * STATES[row.state][2] / MHZ)
    waits_ua = currents.mcu(board.mcu, "waiting", MHZ).ua
    awake_ua = computing * currents.mcu(board.mcu, "computing", MHZ).ua + (1 - computing) * waits_ua
    adds_ua = radio_ua(board.mcu, setting, row.state)
    return RadioRow(setting, row.state, awake_ua + adds_ua + board.beside_ua(row.state), adds_ua)


def radio_ua(mcu: str, setting: str, state: int) -> float:
    """Return what the radio adds [uA].

    phone: a phone and a strap that are connected while walking, and advertising to nobody at rest.
    pods: a hub with its partners.  both: all of it.
    """
    if state == OFF:
        return 0.0
    waits_ua = currents.mcu(mcu, "waiting", MHZ).ua
    stays_ua = STAYS_ON[mcu].ua
    hears_ua = max(0.0, HEARS.ua - waits_ua - stays_ua)  # what is powered anyway is counted once
    sends_ua = SENDS.ua - waits_ua
    around = _AROUND_MS * (currents.mcu(mcu, "computing", MHZ).ua - waits_ua)
    advert = around + 3 * (_ADVERT_MS * sends_ua + _LISTENS_MS * hears_ua)  # [uA ms], on three channels
    event = around + _EMPTY_MS * sends_ua + (_EMPTY_MS + _LISTENS_MS) * hears_ua
    adds_ua = 0.0
    if setting in ("phone", "both"):
        walks = state in (ARMED, WALKING)
        adds_ua += advert / ADVERTISING[TAKEN if walks else _AT_REST[state]][1]
        adds_ua += event / PHONE_MS + event / STRAP_MS if walks else 0.0
    if setting in ("pods", "both"):
        adds_ua += LINKS * event / INTERVAL_MS
    return stays_ua + adds_ua


def laid_down_h(found: list[RadioRow], setting: str, walk_h: float, off_ua: float) -> float:
    """Return how long BATTERY_MAH lasts [h] where a pod is laid down after its walk and goes off.

    found: of rows().  walk_h: walking a day [h].  off_ua: current of a pod that is off [uA].  0 where a state was
    not seen.
    """
    ua = {row.state: row.ua for row in found if row.setting == setting}
    walks_ua = ua.get(ARMED, ua.get(WALKING, 0.0))
    if not walks_ua or STILL not in ua:
        return 0.0
    day_uah = walk_h * walks_ua + STILL_H * ua[STILL] + (24 - walk_h - STILL_H) * off_ua
    return 24 * 1000 * BATTERY_MAH / day_uah


def days(found: list[RadioRow], off_ua: float) -> list[str]:
    """Return lines: what a day with the radio on takes, laid down after the walk, or worn on."""
    lines = []
    for setting in SETTINGS:
        worn_h = next((row.hours for row in found if (row.setting, row.state) == (setting, WORN)), 0.0)
        lasts = " or ".join(f"{laid_down_h(found, setting, walk_h, off_ua):.0f} h" for walk_h in WALKS_H)
        walked = " or ".join(f"{walk_h:g} h" for walk_h in WALKS_H)
        lines.append(f"{setting}: {walked} walked a day, then laid down: {lasts}; worn on: {worn_h:.1f} h")
    return lines


def table(found: list[RadioRow]) -> None:
    """Print the states with each setting of the radio."""
    print(f"{'radio':10} {'state':10} {'radio mA':>10} {'current mA':>11} {'h/200 mAh':>10}")
    for row in found:
        figures = f"{row.radio_ua / 1000:10.1f} {row.ua / 1000:11.1f} {row.hours:10.1f}"
        print(f"{row.setting:10} {STATES[row.state][0]:10} {figures}")


def told(found: list[RadioRow]) -> dict:
    """Return the rows for programs: by setting and state, current [mA] and hours."""
    by_setting: dict[str, dict] = {}
    for row in found:
        about = {"ma": round(row.ua / 1000, 2), "hours_200mah": round(row.hours, 1)}
        by_setting.setdefault(row.setting, {})[STATES[row.state][0]] = about
    return by_setting
