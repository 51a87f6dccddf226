"""Everything that lands on a pod, as paths and bytes; taken from a checkout or from an installed wheel."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

import backstep
from backstep.core import settings as pod_settings

from host_tools.errors import UserError
from host_tools.install import board_check, pod_code
from host_tools.install.pod_code import modules

SLOTS = ("fw_a", "fw_b")
POINTER = "/slot.txt"
SETTINGS = "/settings.json"
MAIN = "/main.py"
MANIFEST = "manifest.json"

PACKAGE = Path(str(backstep.__file__)).parent
_WHEEL = Path(__file__).parents[1] / "_pod"  # only an installed wheel has it


def boards_folder() -> Path:
    """Return the folder of chips.json and the board files."""
    return _WHEEL / "boards" if _WHEEL.is_dir() else PACKAGE.parent.parent / "boards"


@cache
def chips() -> dict:
    """Return chips.json: what each MCU's pins are for, and what each part can do."""
    return json.loads((boards_folder() / "chips.json").read_text())


def board_names() -> list[str]:
    """Return the names of the boards that come with the project."""
    return sorted(path.stem for path in boards_folder().glob("*.json") if path.stem != "chips")


def board_path(board: str) -> Path:
    """Return the file of a board given by name or by path; UserError when there is none."""
    path = Path(board) if board.endswith(".json") else boards_folder() / f"{board}.json"
    if not path.is_file() or path.name == "chips.json":
        raise UserError(f"board: there is no {board!r}, want a .json file or one of {', '.join(board_names())}")
    return path


def files(board: str = "virtual", settings: dict | None = None, slot: str = SLOTS[0]) -> dict[str, bytes]:
    """Return the whole content of a new pod: absolute path -> bytes.

    board: name or path of a board file.  settings: those that differ from the defaults.  slot: "fw_a" or "fw_b".
    UserError when the board file has a fault or a setting is unknown or out of range.
    """
    content = {MAIN: main_file(), POINTER: pointer_file(slot)}
    if settings:
        content[SETTINGS] = settings_file(settings)
    inside = slot_files(board)
    inside[MANIFEST] = manifest_file(inside, Path(board).stem)
    return content | {f"/{slot}/{path}": data for path, data in inside.items()}


def slot_files(board: str) -> dict[str, bytes]:
    """Return what a firmware slot holds besides its manifest: relative path -> bytes."""
    path = board_path(board)
    faults = board_check.check(path.read_bytes(), chips())
    if faults:
        raise UserError("\n".join(f"{path}: {fault}" for fault in faults))
    return firmware_files() | {"board.json": path.read_bytes()}


def firmware_files() -> dict[str, bytes]:
    """Return the firmware package as it lies in a slot, as bytecode: relative path -> bytes."""
    made = _compiled(tuple(firmware_sources().items()), main_file().decode())
    return {f"{module}.mpy": data for module, data in made.items()}


def firmware_sources() -> dict[str, str]:
    """Return the firmware package: dotted module name -> Python, packages too."""
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts]
    places = [path.relative_to(PACKAGE.parent).with_suffix("").as_posix() for path in paths]
    dotted = [place.removesuffix("/__init__").replace("/", ".") for place in places]
    return dict(zip(dotted, [path.read_text("utf-8") for path in paths], strict=True))


@cache
def _compiled(sources: tuple[tuple[str, str], ...], main: str) -> dict[str, bytes]:
    """Return module -> .mpy; a test run makes many pods of the same sources."""
    return pod_code.compiled(dict(sources), main)


def main_file() -> bytes:
    """Return the pod's /main.py."""
    folder = _WHEEL if _WHEEL.is_dir() else PACKAGE.parent
    text = (folder / "main.py").read_text("utf-8")
    return modules.flattened("main", text, modules.flat_names(firmware_sources())).encode()


def pointer_file(slot: str) -> bytes:
    """Return the file that names the slot to start: "fw_a" or "fw_b"."""
    return f"{slot}\n".encode()


def settings_file(settings: dict) -> bytes:
    """Return settings as the pod's file; UserError with every fault."""
    try:
        pod_settings.check(settings)
    except ValueError as error:
        raise UserError(f"settings: {error}") from error
    return (json.dumps(settings, indent=1) + "\n").encode()


def manifest_file(inside: dict[str, bytes], board: str) -> bytes:
    """Return a slot's manifest: version, board and the SHA-256 of every file in it."""
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(inside.items())}
    manifest = {"version": version("backstep-pod"), "board": board, "files": hashes}
    return (json.dumps(manifest, indent=0) + "\n").encode()
