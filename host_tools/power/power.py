"""`backstep power`: current and hours by state, from data sheets and what a virtual pod does with its time."""

import argparse
import json

from backstep.core.power_states import OFF

from host_tools.install import boards, podfiles
from host_tools.power import currents, radio
from host_tools.power.day import Day, live
from host_tools.power.model import BATTERY_MAH, SHARES, Board, hours, table
from host_tools.virtual_pod.costs import Costs

# A start is awake for a minute, and 10 s of rest make a pod still.
SHORT = Day(still_s=110, worn_s=60, walk_s=60, usb_s=10)
AWAKE = "with its radio on a pod never sleeps, it only goes off: MicroPython's light sleep cuts every connection"
UNKNOWN = "regulator, LEDs and divider of the board; a light sleep as deep as the data sheet's; the battery's age"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `backstep power`."""
    parser.add_argument("board", metavar="BOARD", help="board file, by name or path")
    parser.add_argument("--placement", default="belt", choices=("shoe", "belt", "wrist"))
    parser.add_argument("--json", action="store_true", help="one JSON line")


def lasts_h(board: str, costs: Costs = Costs.ESP32_160) -> float:
    """Return how long 200 mAh last a belt of this board by the day of model.py [h].

    Each state is lived for a minute or so and weighted by its share of the day. UserError for what is no board.
    """
    return hours(live(SHORT, Board(board), "belt", costs=costs).rows)


def run(args: argparse.Namespace) -> int:
    """Run a virtual pod for some minutes and print the table."""
    board = Board(args.board)
    found = live(SHORT, board, args.placement)
    length_h = hours(found.rows)
    sleepless = boards.sleepless(podfiles.board_path(args.board))
    if args.json:
        ma = {row.name: round(row.ua / 1000, 3) for row in found.rows}
        said = {"board": args.board, "ma": ma, "hours_200mah": round(length_h, 1), "sleepless": sleepless}
        said["radio"] = radio.told(radio.rows(found.rows, board))
        print(json.dumps(said))
        return 0
    table(found.rows)
    lasts = f"{BATTERY_MAH} mAh last {length_h:.0f} h" if length_h else "not every state was seen"
    print(f"{SHARES}: {lasts}")
    if sleepless:
        print(f"never asleep: {sleepless}")
    with_radio = radio.rows(found.rows, board)
    radio.table(with_radio)
    print(AWAKE)
    if not sleepless:
        off_ua = next(row.ua for row in found.rows if row.state == OFF)
        print("\n".join(radio.days(with_radio, off_ua)))
    print(f"not known: {UNKNOWN}")
    for source in sorted({current.source for current in _used(board) if not current.sure}):
        print(f"estimate: {source}")
    return 0


def _used(board: Board):
    yield from (current for (mcu, _, _), current in currents.MCU.items() if mcu == board.mcu)
    yield from (current for (part, _), current in currents.IMU.items() if part == board.imu)
    yield from (current for (part, _), current in currents.HAPTIC.items() if part == board.haptic)
    yield currents.MOTOR
    yield radio.STAYS_ON[board.mcu]
