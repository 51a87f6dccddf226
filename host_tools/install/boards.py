"""`backstep boards`: checks and lists board files."""

import json
import textwrap
from pathlib import Path

from host_tools.errors import UserError
from host_tools.install import board_check, podfiles


def load(board: str) -> dict:
    """Return a board's JSON, by name or by path; UserError when there is no such board or it has a fault."""
    path = podfiles.board_path(board)
    faults = check_file(path)
    if faults:
        raise UserError("\n".join(faults))
    return json.loads(path.read_text("utf-8"))


def check_file(path: Path) -> list[str]:
    """Return every fault of a board file as lines `file: place: fault`; OSError when it cannot be read."""
    return [f"{_shown(path)}: {fault}" for fault in board_check.check(path.read_bytes(), podfiles.chips())]


def sleepless(path: Path) -> str:
    """Return why a pod of a board without fault never sleeps, "" where it does."""
    return board_check.sleepless(json.loads(path.read_text("utf-8")), podfiles.chips())


def _shown(path: Path) -> str:
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def add_arguments(parser) -> None:
    """Add the arguments of `backstep boards`."""
    parser.add_argument("action", choices=("check", "list"))
    parser.add_argument("files", nargs="*", metavar="FILE", help="board files or names (default: all)")


def run(args) -> int:
    """Check boards (exit code 1 when any has a fault) or list them."""
    boards = args.files or podfiles.board_names()
    if args.action == "list":
        for board in boards:
            about = load(board)["about"]
            print(textwrap.fill(f"{board:18} {about}", 79, subsequent_indent=" " * 19, break_on_hyphens=False))
        return 0
    faults = [fault for board in boards for fault in check_file(podfiles.board_path(board))]
    print("\n".join(faults) if faults else f"{len(boards)} boards: no fault")
    for board in boards if not faults else ():
        why = sleepless(podfiles.board_path(board))
        if why:
            print(f"{board}: never asleep: {why}")
    return 1 if faults else 0
