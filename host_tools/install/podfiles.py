"""Everything that lands on a pod, as paths and bytes; taken from a checkout or from an installed wheel."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

import backstep
from backstep.core import settings as pod_settings

from host_tools.errors import UserError
from host_tools.install import archive, board_check, bytecode, kept_build, pod_code
from host_tools.install.pod_code import modules

SLOTS = ("a", "b")
POINTER = "/fw/slot"
SETTINGS = "/kept/settings.json"
MAIN = "/main.py"
_STARTERS = ("starting.mpy", "archive.mpy")  # what main.py needs before there is an archive to import from
BOARD = "board.json"
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


def archive_path(slot: str) -> str:
    """Return where a slot's archive lies on the pod.  slot: "a" or "b"."""
    return f"/fw/{slot}.pod"


def files(
    board: str = "virtual", settings: dict | None = None, slot: str = SLOTS[0], arch: str = bytecode.VIRTUAL
) -> dict[str, bytes]:
    """Return the whole content of a new virtual pod: absolute path -> bytes.

    board: name or path of a board file.  settings: those that differ from the defaults.  slot: "a" or "b".
    arch: of kernels, as mpy-cross names it; "" = kernels as bytecode, for a MicroPython with 64-bit words.
    UserError when the board file has a fault or a setting is unknown or out of range.
    """
    inside = slot_files(board, arch)
    content = {archive_path(slot): archive.packed(inside), POINTER: pointer_file(slot)} | starters(arch)
    if settings:
        content[SETTINGS] = settings_file(settings)
    return content


def slot_files(board: str, arch: str | None = None) -> dict[str, bytes]:
    """Return what a slot's archive holds: name -> bytes.

    board: name or path of its file.
    arch: of kernels, as mpy-cross names it, "" = kernels as bytecode; None = that of the board's MCU.
    """
    path = board_path(board)
    source = path.read_bytes()
    faults = board_check.check(source, chips())
    if faults:
        raise UserError("\n".join(f"{path}: {fault}" for fault in faults))
    return filled(source, path.stem, bytecode.ARCH_BY_MCU[json.loads(source)["mcu"]] if arch is None else arch)


def filled(board_file: bytes, board: str, arch: str) -> dict[str, bytes]:
    """Return what a slot's archive holds: manifest, board file and firmware.

    board_file: content of a checked board file.  board: its name.  arch: as for slot_files.
    """
    board_file = board_file.strip() + b"\n"  # an archive fills it up with blanks
    firmware = firmware_files(arch)
    manifest = manifest_file(firmware, arch, board_file, board)
    inside = {name: data for name, data in firmware.items() if name not in _STARTERS}
    return {MANIFEST: manifest, BOARD: board_file} | inside


def firmware_files(arch: str = bytecode.VIRTUAL) -> dict[str, bytes]:
    """Return the firmware package as bytecode: name on the pod -> bytes.

    arch: of kernels, as mpy-cross names it; "" = kernels as bytecode.
    """
    texts = firmware_texts(bool(arch))
    return {f"{module}.mpy": bytecode.compiled(text, module, arch) for module, text in texts.items()}


def firmware_texts(native: bool) -> dict[str, str]:
    """Return the firmware as it is compiled: module on the pod -> Python.  native: its kernels to machine code."""
    return _prepared(tuple(firmware_sources().items()), main_file().decode(), native)


def firmware_sources() -> dict[str, str]:
    """Return the firmware package: dotted module name -> Python, packages too."""
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts]
    places = [path.relative_to(PACKAGE.parent).with_suffix("").as_posix() for path in paths]
    dotted = [place.removesuffix("/__init__").replace("/", ".") for place in places]
    return dict(zip(dotted, [path.read_text("utf-8") for path in paths], strict=True))


@cache
def _prepared(sources: tuple[tuple[str, str], ...], main: str, native: bool) -> dict[str, str]:
    """Return module -> Python as on the pod; a test run makes many pods of the same sources."""
    files = dict(sources)
    return kept_build.kept(f"{native} {main}", files, lambda: pod_code.prepared(files, main, native))


def starters(arch: str = bytecode.VIRTUAL) -> dict[str, bytes]:
    """Return what starts a slot: absolute path -> bytes, main.py last.  arch: as for firmware_files."""
    firmware = firmware_files(arch)
    return {f"/fw/{name}": firmware[name] for name in _STARTERS[::-1]} | {MAIN: main_file()}


def main_file() -> bytes:
    """Return the pod's /main.py."""
    folder = _WHEEL if _WHEEL.is_dir() else PACKAGE.parent
    text = (folder / "main.py").read_text("utf-8")
    return modules.flattened("main", text, modules.flat_names(firmware_sources())).encode()


def pointer_file(slot: str, new: bool = False) -> bytes:
    """Return the file that names the slot to start, "a" or "b"; new: its firmware is yet to show that it lasts."""
    return f"{slot} 0".encode() if new else slot.encode()


def settings_file(settings: dict) -> bytes:
    """Return settings as the pod's file; UserError with every fault."""
    try:
        pod_settings.check(settings)
    except ValueError as error:
        raise UserError(f"settings: {error}") from error
    return (json.dumps(settings, indent=1) + "\n").encode()


def manifest_file(firmware: dict[str, bytes], arch: str, board_file: bytes, board: str) -> bytes:
    """Return what tells one archive from another: version, board, and digests of the board's file and of the code.

    firmware: from firmware_files for this arch; main.py counts as code too.  board_file: its content.
    """
    code = b"".join(name.encode() + b"\0" + data for name, data in sorted(firmware.items())) + main_file()
    told = {"version": version("backstep-pod"), "board": board, "arch": arch, "code": _digest(code)}
    return (json.dumps(told | {"board_file": _digest(board_file)}) + "\n").encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
