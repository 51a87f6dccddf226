"""`backstep flash`: MicroPython's newest release onto a board; what was kept there stays; then the firmware."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.install import deploy, image_check, releases, writing
from host_tools.install.saved import Saved, default_folder
from host_tools.talk import usb_port

_BOOT_S = 20.0
_WAIT_S = 1.0


def add_arguments(parser) -> None:
    """Add the arguments of `backstep flash`."""
    parser.epilog = (
        "Sessions, raw seconds, settings, calibration and state are saved first and are on the pod afterwards. "
        "When the cable comes out, repeat the command: what was saved is put back."
    )
    parser.add_argument("board", metavar="BOARD", help="board name or file")
    words = "MicroPython .bin for the board (default: its newest release, fetched once)"
    parser.add_argument("--image", type=Path, metavar="FILE", help=words)
    parser.add_argument("--port", help="serial port (default: the one pod on USB)")
    parser.add_argument("--erase", action="store_true", help="start clean: what was saved is not put back")
    words = f"where copies of what pods had kept go (default: {default_folder()})"
    parser.add_argument("--saved", type=Path, default=default_folder(), metavar="DIR", help=words)
    parser.add_argument("--dry-run", action="store_true", help="check the image and print the plan; needs no pod")
    parser.add_argument("--json", action="store_true", help="the answer as one line of JSON")


def run(args) -> int:
    """Flash and deploy, or print the plan."""
    say = print if not args.json else lambda words: print(words, file=sys.stderr)
    if args.image:
        writing.make_plan(args.board, args.image)
    else:
        writing.wanted(args.board)
    whole_file.check_folder(args.saved)
    port = args.port or ("the pod on USB" if args.dry_run else usb_port.find_port())  # before a download
    image = args.image or _newest(args.board, say)
    plan = writing.make_plan(args.board, image)
    if not args.dry_run:
        usb_port.refuse_factory_firmware(port)
    say("\n".join(plan.lines(port, args.saved, args.erase)))
    if args.dry_run:
        return 0
    saved = Saved(args.saved)
    device = usb_port.device_at(port)
    port = writing.carry_out(plan, port, saved, args.erase)
    say(_told(port, saved, args.erase))
    deployed = _deploy_when_started(args.board, port, device)
    copy = asdict(saved.copy) | {"folder": str(saved.at)} if saved.copy else None
    answer = {"port": port, "image": str(image), "saved": copy, "put_back": bool(saved.files) and not args.erase}
    print(json.dumps(answer | {"deployed": deployed.words()}) if args.json else deployed.words())
    return 1 if saved.copy and saved.copy.lost else 0


def _newest(board: str, say) -> Path:
    where, asked = writing.wanted(board)
    screen = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn()
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("fetch MicroPython", total=None)
        file, told = releases.newest(
            board, where, lambda content: image_check.faults(content, asked),
            lambda done, total: progress.update(bar, completed=done, total=total or None),
        )  # fmt: skip
    say(told)
    return file


def _told(port: str, saved: Saved, erase: bool) -> str:
    if not saved.copy:
        return f"{port}: MicroPython is on it, compared; there was nothing to save"
    copy = saved.copy
    back = "not put back (--erase)" if erase else "on it too, compared"
    what = f"{len(copy.sessions)} sessions, {len(copy.raw)} recordings, settings and state {back}"
    words = f"{port}: MicroPython is on it, compared; {what}; a copy is in {saved.at}"
    return "\n".join([words, *(f"lost: {line}" for line in copy.lost)])


def _deploy_when_started(board: str, port: str, device: usb_port.Device | None) -> deploy.Deployed:
    """Deploy as soon as the pod answers, and say so: native USB comes back as another port.

    device: what was at the port before, None where that is not on USB.
    """
    end_s = time.monotonic() + _BOOT_S
    while True:
        now = usb_port.found_again(device, port) if device else port
        try:
            return deploy.with_progress(now, board, None)
        except UserError as error:
            if time.monotonic() > end_s:
                kept = "MicroPython and all that was kept are on it"
                raise UserError(f"{error}; {kept}: press RESET, then backstep deploy --board {board}") from error
            time.sleep(_WAIT_S)
