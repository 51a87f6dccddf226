"""What to buy and how to wire it, from the board files: a section of boards/README.md, and a drawing each."""

from host_tools.docs import wiring
from host_tools.install import boards, podfiles

FOLDER = "firmware/pictures"


def pictures() -> dict[str, str]:
    """Return the drawing of every board that is wired: path -> SVG."""
    chips = podfiles.chips()
    return {f"{FOLDER}/wiring_{name}.svg": wiring.drawing(board, chips) for name, board in wired().items()}


def section() -> str:
    """Return the section of the boards' page, as Markdown: of each its drawing and its parts, no prices."""
    parts = [_board(name, board) for name, board in wired().items()]
    unwired = [name for name in podfiles.board_names() if name not in wired()]
    return "\n".join([*parts, *(f"`{name}`: {boards.load(name)['about']}." for name in unwired)])


def wired() -> dict[str, dict]:
    """Return the boards that come along and are made of parts: name -> content of its file."""
    found = {name: boards.load(name) for name in podfiles.board_names()}
    return {name: board for name, board in found.items() if "image" in board}


def _board(name: str, board: dict) -> str:
    rows = "\n".join(f"| {part} | {what} | {wires} |" for part, what, wires in shopping(board))
    return (
        f"### {name}\n\n{board['about']}.\n\n![Wiring of {name}](../{FOLDER}/wiring_{name}.svg)\n\n"
        f"| part | what | its wires |\n|---|---|---|\n{rows}\n"
    )


def shopping(board: dict) -> list[tuple[str, str, str]]:
    """Return the parts of a board: (part, what to buy, its wires).  board: a board file without fault."""
    buy, names, chips = board.get("buy", {}), wiring.nets(board), podfiles.chips()
    told = {part.role: part for part in wiring.parts(board, chips)}
    wires = {role: ", ".join(f"{pin} to {names[net]}" for pin, net in part.pins) for role, part in told.items()}
    haptic = told["haptic"]
    what = f"{haptic.title}, {', '.join(haptic.about)}" if board["parts"]["haptic"]["part"] == "erm_pwm" else ""
    rows = [
        ("board", buy.get("board", chips["mcus"][board["mcu"]]["about"]), "USB: a data cable"),
        ("IMU", buy.get("imu", told["imu"].title), wires["imu"]),
        ("haptic", buy.get("haptic", what or haptic.title), wires["haptic"]),
        ("motor", wiring.motor_of(board), " and ".join(haptic.motor)),
    ]
    if "button" in told:
        rows.append(("button", "one that closes while pressed", wires["button"]))
    elif "button" in names:
        rows.append(("button", f"none: {names['button']} is on the board", ""))
    if "battery" in told:
        rows.append(("cell", "lithium, 3.7 V, protected", "to what charges it"))
        rows.append(("charger, divider", buy.get("battery", "two resistors"), wires["battery"]))
    if "wires" in buy:
        rows.append(("wires", buy["wires"], ""))
    return rows
