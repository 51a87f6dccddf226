"""How a board is wired, as its file has it: the wires, and a drawing of them.

Kinder than a real one: a wire is a straight line here, and where a breakout has its pins is its maker's affair.
"""

from dataclasses import dataclass

from host_tools.docs.svg import BLUE, GREEN, INK, ORANGE, RED, Sheet

COLOURS = {"3V3": RED, "GND": INK, "SDA": BLUE, "SCL": GREEN}  # of nets; every other one is ORANGE
WIDTH, ROW = 840, 20  # wires of a board lie on whole rows, those of parts between them: none hides another
BOARD = (20, 230)  # its left and right edge
LANES, LANE = 270, 20  # the first net's upright line, and from one to the next
PARTS = (470, 710)
MOTOR = (760, 820)
TOP = 40


@dataclass(frozen=True)
class Part:
    """What is wired to a board.

    about: lines of words.  pins: (its own name of a pin, net).  motor: its pins that a motor is at, () = none.
    """

    role: str
    title: str
    about: tuple[str, ...]
    pins: tuple[tuple[str, str], ...]
    motor: tuple[str, ...] = ()


def nets(board: dict) -> dict[str, str]:
    """Return what a board's pins are called, in the order in which they are drawn: net -> words.

    board: a board file without fault.
    """
    found = {"3V3": "3V3", "GND": "GND"}
    for net, key in (
        ("SDA", "i2c.sda"),
        ("SCL", "i2c.scl"),
        ("INT1", "pins.imu_int1"),
        ("motor", "pins.haptic_pwm"),
        ("button", "pins.button"),
        ("battery", "pins.battery_adc"),
    ):
        gpio = gpio_of(board, key)
        if gpio is not None:
            printed = board.get("printed", {}).get(key)
            found[net] = f"{printed} (GPIO{gpio})" if printed else f"GPIO{gpio}"
    return found


def gpio_of(board: dict, key: str) -> int | None:
    """Return the GPIO at a dotted key, None where the board has none."""
    place, _, name = key.partition(".")
    return board[place].get(name)


def parts(board: dict, chips: dict) -> list[Part]:
    """Return what is wired to a board.  chips: chips.json."""
    imu, battery = board["parts"]["imu"], board.get("battery")
    ahead = ", ".join(f"{axis} {way}" for axis, way in zip(board["axes"], ("forward", "left", "up"), strict=True))
    bus = (("VIN", "3V3"), ("GND", "GND"), ("SDA", "SDA"), ("SCL", "SCL"))
    found = [
        Part(
            "imu", imu["part"].upper(), (f"IMU, I2C {imu['address']}", "as worn:", ahead), (*bus, ("INT1", "INT1"))
        ),
        _haptic(board["parts"]["haptic"], bus),
    ]
    if "button" in board["pins"] and not has_own_button(board, chips):
        legs = (("one leg", "button"), ("other leg", "GND"))
        found.append(Part("button", "button", ("closes to ground",), legs))
    if battery:
        share = f"times {battery['divider_den']}/{battery['divider_num']} at the pin"
        about = "its voltage over a divider:", share, "what charges it: see the parts"
        middle = (("divider", "battery"), ("-", "GND"))
        found.append(Part("battery", "cell, lithium 3.7 V", about, middle))
    return found


def _haptic(haptic: dict, bus: tuple) -> Part:
    if haptic["part"] == "erm_pwm":
        built = ("N-channel, logic level", "10k from gate to ground", "diode: cathode at motor +")
        pins = (("motor +", "3V3"), ("source", "GND"), ("gate", "motor"))
        return Part("haptic", "MOSFET", built, pins, ("motor +", "drain"))
    about = (f"haptic driver, I2C {haptic['address']}",)
    return Part("haptic", haptic["part"].upper(), about, bus, ("OUT+", "OUT-"))


def motor_of(board: dict) -> str:
    """Return the kind of motor that a board's haptic part turns."""
    kind = board["parts"]["haptic"].get("actuator", "erm")
    return {"erm": "coin motor (ERM)", "lra": "linear motor (LRA)"}[kind]


def has_own_button(board: dict, chips: dict) -> bool:
    """Return whether the button is the board's BOOT: at the pin by which its MCU's boot mode is chosen."""
    strapping = chips["mcus"][board["mcu"]]["strapping"]
    return strapping.get(str(board["pins"].get("button")), "").startswith("boot mode")


def drawing(board: dict, chips: dict) -> str:
    """Return the wiring of a board as SVG.  chips: chips.json."""
    names, wired = nets(board), parts(board, chips)
    used = [net for net in names if any(net == other for part in wired for _, other in part.pins)]
    rows = [ROW * max(len(part.pins), len(part.about) + 1) for part in wired]
    sheet = Sheet(WIDTH, TOP + sum(rows) + ROW * len(rows))
    lane = {net: LANES + LANE * number for number, net in enumerate(used)}
    ends: dict[str, list[float]] = {net: [] for net in used}
    top: float = TOP
    for part, high in zip(wired, rows, strict=True):
        _part(sheet, part, top, high, lane, ends)
        if part.motor:
            _motor(sheet, part.motor, top, motor_of(board))
        top += high + ROW
    first = TOP + 2 * ROW
    for number, net in enumerate(used):
        _net(sheet, net, first + ROW * number, lane[net], ends[net], names[net])
    own = f"button: {names['button']}, on the board" if "button" in names and "button" not in used else ""
    _board(sheet, board, first + ROW * len(used), own, chips)
    wires = "; ".join(f"{names[net]} to {_whose(wired, net)}" for net in used)
    return sheet.text(f"Wiring of {board['name']}: {wires}")


def _whose(wired: list[Part], net: str) -> str:
    return ", ".join(f"{part.title}'s {pin}" for part in wired for pin, other in part.pins if other == net)


def _colour(net: str) -> str:
    return COLOURS.get(net, ORANGE)


def _part(sheet: Sheet, part: Part, top: float, high: float, lane: dict, ends: dict) -> None:
    """Draw a part as a box, each of its pins with its way to the net's upright line."""
    left, right = PARTS
    _box(sheet, left, top, right - left, high)
    sheet.words(right - 10, top + ROW - 6, part.title, INK, "end", bold=True)
    for number, line in enumerate(part.about, 2):
        sheet.words(right - 10, top + ROW * number - 6, line, INK, "end")
    for number, (pin, net) in enumerate(part.pins):
        y = top + ROW * (number + 0.5)
        sheet.words(left + 8, y + 4, pin, _colour(net), bold=True)
        sheet.line([(lane[net], y), (left, y)], _colour(net), 2)
        ends[net].append(y)


def _motor(sheet: Sheet, pins: tuple[str, ...], top: float, kind: str) -> None:
    """Draw a motor beside its driver."""
    left, right = MOTOR
    _box(sheet, left, top, right - left, 2 * ROW)
    sheet.words((left + right) / 2, top + ROW + 4, "motor", INK, "middle", bold=True)
    sheet.words(right, top + 3 * ROW - 6, kind, INK, "end")
    for number, pin in enumerate(pins):
        y = top + ROW * (number + 0.5)
        sheet.line([(PARTS[1], y), (left, y)], ORANGE, 2)
        sheet.words(left - 4, y - 3, pin, ORANGE, "end")


def _net(sheet: Sheet, net: str, y: float, x: float, ends: list[float], name: str) -> None:
    """Draw a net from the board's pin to its upright line, a dot where one wire becomes several."""
    colour = _colour(net)
    sheet.words(BOARD[1] - 8, y + 4, name if name == net else f"{net}: {name}", colour, "end", bold=True)
    sheet.line([(BOARD[1], y), (x, y)], colour, 2)
    low, high = min(y, *ends), max(y, *ends)
    sheet.line([(x, low), (x, high)], colour, 2)
    for at in {y, *ends} - {low, high} if len(ends) > 1 else ():
        sheet.bar(x - 3, at - 3, 6, 6, colour)


def _board(sheet: Sheet, board: dict, bottom: float, own: str, chips: dict) -> None:
    left, right = BOARD
    _box(sheet, left, TOP, right - left, bottom - TOP + (ROW if own else 0))
    sheet.words(left + 10, TOP - 8, board["name"], INK, bold=True)
    sheet.words(left + 10, TOP + ROW, f"{chips['mcus'][board['mcu']]['about']}, USB", INK)
    if own:
        sheet.words(left + 10, bottom + 4, own, ORANGE, bold=True)


def _box(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    sheet.bar(x, y, width, height, INK, 0.08)
    sheet.line([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)], INK, 1.5)
