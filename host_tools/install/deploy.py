"""`backstep deploy`: puts firmware, board and settings onto a pod so that it starts whenever the cable comes out.

The firmware is in one of two slots. The other one is filled, checked by hash and closed with its manifest;
then a small file that names the slot is renamed into place.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from host_tools.errors import UserError
from host_tools.install import board_check, bytecode, podfiles
from host_tools.install.chip_names import mcu_of
from host_tools.talk.pod_link import Pod
from host_tools.talk.usb_port import find_port

OLDEST = (1, 25, 0)
_TEMPORARY = ".new"
_VIRTUAL = "Backstep virtual pod"  # how the virtual pod's MicroPython calls its board
_BLOCK = 4096  # LittleFS on an ESP32 gives out flash in blocks of this size
_SPARE = 8 * _BLOCK  # folders, and the copy-on-write of what is renamed
_START_S = 15.0


class Deployment:
    """One deployment onto a pod that is in its raw REPL.

    pod: where to.  inside: the firmware slot's files, relative path -> bytes, without the manifest.
    board: its name, for the manifest.
    settings: what to put as /settings.json, which the pod takes over as a whole new set when it starts; None = it
    keeps its own.
    """

    def __init__(self, pod: Pod, inside: dict[str, bytes], board: str, settings: bytes | None):
        self._pod = pod
        self._manifest = podfiles.manifest_file(inside, board)
        self._inside = inside
        self._settings = settings
        self.active = active_slot(pod)
        self.target = podfiles.SLOTS[1] if self.active == podfiles.SLOTS[0] else podfiles.SLOTS[0]
        self.copied = 0

    def run(self, on_bytes: Callable[[int, int], None]) -> None:
        """Carry it out; on_bytes(done, total) tells the progress. The pod is not restarted."""
        firmware_stays = self._up_to_date()
        todo = {} if firmware_stays else self._differing(self.target)
        beside = self._beside()
        self._check_room([*todo.values(), *beside.values()])
        total = sum(map(len, todo.values())) + sum(map(len, beside.values()))
        done = 0

        def count(n: int) -> None:
            nonlocal done
            done += n
            on_bytes(done, total)

        if not firmware_stays:
            self._fill_slot(todo, count)
        for path, data in beside.items():
            self._put(path, data, count)
        if not firmware_stays:
            self._put(f"/{self.target}/{podfiles.MANIFEST}", self._manifest, lambda n: None)
            self._put(podfiles.POINTER, podfiles.pointer_file(self.target), lambda n: None)

    def _up_to_date(self) -> bool:
        if self.active is None or self._pod.read(f"/{self.active}/{podfiles.MANIFEST}") != self._manifest:
            return False
        return not self._differing(self.active)

    def _differing(self, slot: str) -> dict[str, bytes]:
        """Return the files that a slot lacks or has otherwise."""
        on_pod = self._pod.sha256(f"/{slot}/{path}" for path in self._inside)
        return {p: data for p, data in self._inside.items() if on_pod.get(f"/{slot}/{p}") != _sha256(data)}

    def _beside(self) -> dict[str, bytes]:
        """Return what differs outside the slots: main.py, and the settings if they are given."""
        wanted = {podfiles.MAIN: podfiles.main_file()}
        if self._settings is not None:
            wanted[podfiles.SETTINGS] = self._settings
        on_pod = self._pod.sha256(wanted)
        return {path: data for path, data in wanted.items() if on_pod.get(path) != _sha256(data)}

    def _check_room(self, contents: list[bytes]) -> None:
        needed = _SPARE + sum(-(-len(data) // _BLOCK) * _BLOCK for data in contents)
        free = self._pod.free_bytes()
        if contents and free < needed:
            raise UserError(
                f"{self._pod.port}: no room: {free // 1024} KiB free on the pod, {needed // 1024} KiB needed; "
                "fetch and remove old sessions"
            )

    def _fill_slot(self, todo: dict[str, bytes], count: Callable[[int], None]) -> None:
        slot = f"/{self.target}"
        self._pod.remove(f"{slot}/{podfiles.MANIFEST}")  # from here to its return the slot is not to be started
        for path in self._pod.tree(slot):
            if path.removeprefix(f"{slot}/") not in self._inside:
                self._pod.remove(path)
        for folder in sorted({f"{slot}/{path}".rpartition("/")[0] for path in self._inside}):
            self._pod.make_folder(folder)
        in_active = self._pod.sha256(f"/{self.active}/{path}" for path in todo) if self.active else {}
        for path, data in todo.items():
            twin = f"/{self.active}/{path}"
            self._put(f"{slot}/{path}", data, count, twin if in_active.get(twin) == _sha256(data) else None)

    def _put(self, path: str, data: bytes, count: Callable[[int], None], twin: str | None = None) -> None:
        """Write a file under a temporary name, compare its hash on the pod, rename it."""
        temporary = path + _TEMPORARY
        if twin:
            self._pod.copy(twin, temporary)
            count(len(data))
        else:
            self._pod.write(temporary, data, count)
        if not self._pod.place(temporary, path, _sha256(data)):
            raise UserError(
                f"{self._pod.port}: {path}: the copy differs (SHA-256); the old firmware stays. "
                "repeat; if it stays so, the cable or the flash is bad"
            )
        self.copied += 1


def active_slot(pod: Pod) -> str | None:
    """Return the slot that the pod's main.py starts, None when it has none."""
    named = (pod.read(podfiles.POINTER) or b"").decode(errors="replace").strip()
    order = reversed(podfiles.SLOTS) if named == podfiles.SLOTS[1] else podfiles.SLOTS
    whole = pod.sha256(f"/{slot}/{podfiles.MANIFEST}" for slot in podfiles.SLOTS)
    return next((slot for slot in order if f"/{slot}/{podfiles.MANIFEST}" in whole), None)


def check_interpreter(pod: Pod) -> str:
    """Return what MicroPython says it runs on; UserError unless it is new enough and reads our bytecode."""
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
    if mpy & 0xFF != bytecode.MPY_VERSION:  # the rest is about native code, which we have none of
        raise UserError(
            f"{pod.port}: its MicroPython reads bytecode of version {mpy & 0xFF}, want {bytecode.MPY_VERSION}; "
            "put another one on it (backstep flash)"
        )
    return machine


def _check_mcu(port: str, machine: str, mcu: str) -> None:
    found = mcu_of(machine)
    if found not in (None, mcu):
        raise UserError(f"{port}: is an {found}, the board has an {mcu}; name the right one: --board")


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _wanted(pod: Pod, board: str | None, machine: str) -> tuple[dict[str, bytes], str]:
    """Return slot files and board name: for the board asked for, else for the one the pod has."""
    slot = active_slot(pod)
    source = pod.read(f"/{slot}/board.json") if slot and not board else None
    if source is None:
        if not board and not machine.startswith(_VIRTUAL):
            raise UserError(f"{pod.port}: a new pod; name its board: --board {' | '.join(podfiles.board_names())}")
        return podfiles.slot_files(board or "virtual"), Path(board or "virtual").stem
    faults = board_check.check(source, podfiles.chips())
    if faults:
        raise UserError(f"{pod.port}: /{slot}/board.json: {'; '.join(faults)}; name its board with --board")
    name = json.loads(pod.read(f"/{slot}/{podfiles.MANIFEST}") or b"{}").get("board", "")
    return podfiles.firmware_files() | {"board.json": source}, name


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


def deploy(port: str, board: str | None, settings: bytes | None, on_bytes: Callable[[int, int], None]) -> str:
    """Deploy onto the pod at a port and restart it; return a line that says what was done.

    board: name or path of a board file, None for the one on the pod.  settings: content of /settings.json or None.
    on_bytes: told (bytes done, bytes in all).
    UserError says what is wrong and what to do; the pod then starts with its old firmware or the new one.
    """
    if board:
        podfiles.slot_files(board)  # its faults are told before a pod is touched
    with Pod(port) as pod:
        pod.enter()
        machine = check_interpreter(pod)
        inside, name = _wanted(pod, board, machine)
        _check_mcu(port, machine, json.loads(inside["board.json"])["mcu"])
        deployment = Deployment(pod, inside, name, settings)
        deployment.run(on_bytes)
        said = pod.restart(_START_S)
    copied = f"{deployment.copied} files copied" if deployment.copied else "up to date, nothing copied"
    return f"{port}: {copied}; board {name}; firmware runs: {said or 'silent so far'}"


def add_arguments(parser) -> None:
    """Add the arguments of `backstep deploy`."""
    parser.add_argument("--port", help="serial port of the pod (default: the one pod on USB)")
    parser.add_argument("--board", help="board name or file (default: the one on the pod)")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="JSON file to replace the pod's settings")


def run(args) -> int:
    """Deploy with a progress bar."""
    settings = read_settings(args.settings) if args.settings else None
    port = args.port or find_port()
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("deploy", total=None)
        said = deploy(port, args.board, settings, lambda n, total: progress.update(bar, completed=n, total=total))
    print(said)
    return 0
