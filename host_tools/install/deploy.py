"""`backstep deploy`: puts firmware, board and settings onto a pod so that it starts whenever the cable comes out.

The firmware of a slot is one file, its archive. The other slot's is sent, checked by its hash and renamed into
place; then main.py, then the small file that names the slot. A pod that has all of it already is left to run.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import Progress

from host_tools.errors import UserError
from host_tools.install import archive, board_check, boards, bytecode, old_layout, podfiles, running
from host_tools.install.chip_names import mcu_of
from host_tools.install.running import runs_already
from host_tools.talk.pod_link import Pod
from host_tools.talk.telling import tell
from host_tools.talk.usb_port import find_port

OLDEST = (1, 25, 0)
_TEMPORARY = ".new"
_VIRTUAL = "Backstep virtual pod"  # how the virtual pod's MicroPython calls its board
_BLOCK = 4096  # LittleFS on an ESP32 gives out flash in blocks of this size
_SPARE = 8 * _BLOCK  # folders, and the copy-on-write of what is renamed
_START_S = 40.0  # a start on a full flash, at 160 MHz, and as much again
_BEGINNING = 4096  # of an archive: its names, manifest and board file
_TRIES = 3  # starts that main.py gives a new firmware


class Deployment:
    """One deployment onto a pod that is in its raw REPL.

    pod: where to.  inside: what the archive is to hold, from podfiles.
    settings: what to put as settings.json, which the pod takes over as a whole new set when it starts; None = it
    keeps its own.
    """

    def __init__(self, pod: Pod, inside: dict[str, bytes], settings: bytes | None):
        self._pod = pod
        self._archive = archive.packed(inside)
        self._settings = settings
        self.active = active_slot(pod)
        self.target = podfiles.SLOTS[1] if self.active == podfiles.SLOTS[0] else podfiles.SLOTS[0]
        self.copied = 0

    def run(self, on_bytes: Callable[[int, int], None]) -> None:
        """Carry it out; on_bytes(done, total) tells the progress. The pod is not restarted."""
        path = podfiles.archive_path(self.target)
        stays = self._is(podfiles.archive_path(self.active), self._archive) if self.active else False
        todo = ({} if stays else {path: self._archive}) | self._beside()
        before = old_layout.found(self._pod)
        if before:
            before.make_room(self._pod)
        goes = [] if stays else [path, path + _TEMPORARY]  # a flash full of sessions has no room for three
        self._check_room(list(todo.values()), self._pod.sizes(goes).values())
        for path in goes:
            self._pod.remove(path)
        for folder in sorted({path.rpartition("/")[0] for path in (*todo, podfiles.POINTER)} - {""}):
            self._pod.make_folder(folder)
        if before:
            before.copy_kept(self._pod)
        self._put_all(todo, on_bytes)
        if not stays or podfiles.POINTER not in self._pod.sizes([podfiles.POINTER]):
            slot = self.active if stays and self.active else self.target
            has_to_last = bool(self.active) and not stays
            self._put(podfiles.POINTER, podfiles.pointer_file(slot, has_to_last), lambda size: None)
        if before:
            before.remove(self._pod)

    def _put_all(self, todo: dict[str, bytes], on_bytes: Callable[[int, int], None]) -> None:
        total, done = sum(map(len, todo.values())), 0

        def count(size: int) -> None:
            nonlocal done
            done += size
            on_bytes(done, total)

        for path in sorted(todo, key=lambda path: path == podfiles.MAIN):  # which is what starts the others
            self._put(path, todo[path], count)

    def _beside(self) -> dict[str, bytes]:
        """Return what differs outside the slots: what starts them, and the settings if they are given."""
        wanted = podfiles.starters()
        if self._settings is not None:
            wanted[podfiles.SETTINGS] = self._settings
        return {path: data for path, data in wanted.items() if not self._is(path, data)}

    def _is(self, path: str, data: bytes) -> bool:
        return self._pod.sha256([path]).get(path) == _sha256(data)

    def _check_room(self, contents: list[bytes], freed: Iterable[int]) -> None:
        needed = _SPARE + sum(-(-len(data) // _BLOCK) * _BLOCK for data in contents)
        free = self._pod.free_bytes() + sum(freed)
        if contents and free < needed:
            raise UserError(
                f"{self._pod.port}: no room: {free // 1024} KiB free on the pod, {needed // 1024} KiB needed; "
                "fetch and remove old sessions"
            )

    def _put(self, path: str, data: bytes, count: Callable[[int], None]) -> None:
        """Write a file under a temporary name, compare its hash on the pod, rename it."""
        temporary = path + _TEMPORARY
        self._pod.write(temporary, data, count)
        if not self._pod.place(temporary, path, _sha256(data)):
            raise UserError(
                f"{self._pod.port}: {path}: the copy differs (SHA-256); the old firmware stays. "
                "repeat; if it stays so, the cable or the flash is bad"
            )
        self.copied += 1


def active_slot(pod: Pod) -> str | None:
    """Return the slot that the pod's main.py starts, None when it has none."""
    words = (pod.read(podfiles.POINTER) or b"").decode(errors="replace").split()
    slot = words[0] if words and words[0] in podfiles.SLOTS else podfiles.SLOTS[0]
    others = [other for other in podfiles.SLOTS if other != slot]
    has_failed = len(words) > 1 and words[1].isdigit() and int(words[1]) >= _TRIES
    order = [*others, slot] if has_failed else [slot, *others]
    there = pod.sizes(map(podfiles.archive_path, order))
    return next((slot for slot in order if podfiles.archive_path(slot) in there), None)


def check_interpreter(pod: Pod) -> tuple[str, str]:
    """Return what MicroPython says it runs on, and its kind of native code; UserError unless it will do.

    It is to be new enough and to read our bytecode.
    """
    name, version, machine, mpy = pod.ask(
        "(lambda i: (i.name, tuple(i.version)[:3], getattr(i, '_machine', ''), getattr(i, '_mpy', 0)))"
        "(__import__('sys').implementation)"
    )
    if name != "micropython":
        raise UserError(f"{pod.port}: runs {name}, want MicroPython (backstep flash puts it there)")
    if version < OLDEST:
        raise UserError(
            f"{pod.port}: MicroPython {_dotted(version)}, want {_dotted(OLDEST)} or later (backstep flash)"
        )
    if mpy & 0xFF != bytecode.MPY_VERSION:
        raise UserError(
            f"{pod.port}: its MicroPython reads bytecode of version {mpy & 0xFF}, want {bytecode.MPY_VERSION}; "
            "put another one on it (backstep flash)"
        )
    number = mpy >> 10 & 0xF
    return machine, bytecode.ARCHS[number] if number < len(bytecode.ARCHS) else f"number {number}"


def check_native(port: str, inside: dict[str, bytes], arch: str) -> None:
    """UserError unless an image of this kind of native code loads all modules of an archive."""
    for name, data in inside.items():
        made_for = bytecode.arch_of(data) if name.endswith(".mpy") else ""
        if made_for and made_for != arch:
            raise UserError(f"{port}: its MicroPython loads {arch or 'no'} native code, the board's is {made_for}")


def _check_mcu(port: str, machine: str, mcu: str) -> None:
    found = mcu_of(machine)
    if found not in (None, mcu):
        raise UserError(f"{port}: is an {found}, the board has an {mcu}; name the right one: --board")


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _wanted(pod: Pod, board: str | None, machine: str) -> tuple[dict[str, bytes], str]:
    """Return what the archive is to hold, and the board's name: of that asked for, else of the one on the pod."""
    arch = bytecode.VIRTUAL if machine.startswith(_VIRTUAL) else ""
    source, name, where = (None, "", "") if board else _board_on(pod)
    if source is None:
        if not board and not arch:
            raise UserError(f"{pod.port}: a new pod; name its board: --board {' | '.join(podfiles.board_names())}")
        return podfiles.slot_files(board or "virtual", arch), Path(board or "virtual").stem
    faults = board_check.check(source, podfiles.chips())
    if faults:
        raise UserError(f"{pod.port}: {where}: {'; '.join(faults)}; name its board with --board")
    return podfiles.filled(source, name, arch or bytecode.ARCH_BY_MCU[json.loads(source)["mcu"]]), name


def _board_on(pod: Pod) -> tuple[bytes | None, str, str]:
    """Return the board file on the pod, None without one, its name, and where it is."""
    slot = active_slot(pod)
    if slot is None:
        before = old_layout.found(pod)
        return before.board_file(pod) if before else (None, "", "")
    path = podfiles.archive_path(slot)
    with contextlib.suppress(UserError):
        inside = archive.unpacked(pod.read(path, _BEGINNING) or b"")
        name = json.loads(inside[podfiles.MANIFEST])["board"]
        return inside[podfiles.BOARD].strip(), name, f"{path}: {podfiles.BOARD}"
    return None, "", ""


def read_settings(path: Path) -> bytes:
    """Return a settings file's content, checked; UserError naming file and fault."""
    try:
        wanted = json.loads(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"{path}: no JSON: {error}") from error
    try:
        return podfiles.settings_file(wanted)
    except UserError as error:
        raise UserError(f"{path}: {'; '.join(str(error).splitlines())}") from error


class Deployed(NamedTuple):
    """What a deployment came to.  copied: files.  says: the greeting of the firmware, "" where it ran on."""

    port: str
    board: str
    copied: int
    says: str

    def words(self) -> str:
        copied = f"{self.copied} files copied" if self.copied else "up to date, nothing copied"
        runs = f"firmware runs: {self.says}" if self.says else "the firmware runs on"
        return f"{self.port}: {copied}; board {self.board}; {runs}"


def deploy(port: str, board: str | None, settings: bytes | None, on_bytes: Callable[[int, int], None]) -> Deployed:
    """Deploy onto the pod at a port and restart it.

    board: name or path of a board file, None for the one on the pod.  settings: content of settings.json or None.
    on_bytes: told (bytes done, bytes in all).
    UserError says what is wrong and what to do; the pod then starts with its old firmware or the new one.
    """
    if board:
        boards.load(board)  # its faults are told before a pod is touched
    if settings is None:
        has = runs_already(port, board)
        if has:
            return Deployed(port, has["board"], 0, "")
    with Pod(port) as pod:
        pod.enter()
        try:
            deployment, name = _carried_out(pod, board, settings, on_bytes)
        except UserError:
            pod.resume()
            raise
        try:
            said = pod.restart(_START_S)
        except UserError as ended:
            stays = deployment.active and deployment.copied
            back = f"; after {_TRIES} such starts it goes back to the firmware it had" if stays else ""
            raise UserError(f"{ended}{back}") from ended
    return Deployed(port, name, deployment.copied, said)


def _carried_out(pod: Pod, board: str | None, settings: bytes | None, on_bytes) -> tuple[Deployment, str]:
    machine, arch = check_interpreter(pod)
    inside, name = _wanted(pod, board, machine)
    _check_mcu(pod.port, machine, json.loads(inside[podfiles.BOARD])["mcu"])
    check_native(pod.port, inside, arch)
    deployment = Deployment(pod, inside, settings)
    deployment.run(on_bytes)
    return deployment, name


def add_arguments(parser) -> None:
    """Add the arguments of `backstep deploy`."""
    parser.add_argument("--port", help="serial port of the pod (default: the one pod on USB)")
    parser.add_argument("--board", help="board name or file (default: the one on the pod)")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="JSON file to replace the pod's settings")
    words = "say what would be done; a pod that runs goes on with what it does"
    parser.add_argument("--dry-run", action="store_true", help=words)
    parser.add_argument("--json", action="store_true", help="the answer as one line of JSON")


def run(args) -> int:
    """Deploy with a progress bar, or tell the plan."""
    settings = read_settings(args.settings) if args.settings else None
    if args.board:
        boards.load(args.board)
    port = args.port or find_port()
    if args.dry_run:
        plan = running.plan(port, args.board, args.settings)
        tell(args, plan, lambda: running.words(plan))
        return 0
    done = with_progress(port, args.board, settings)
    tell(args, done._asdict(), done.words)
    return 0


def with_progress(port: str, board: str | None, settings: bytes | None) -> Deployed:
    """Deploy as deploy() does, with a bar on the terminal."""
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("deploy", total=None)
        return deploy(port, board, settings, lambda n, total: progress.update(bar, completed=n, total=total))
