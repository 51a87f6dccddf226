"""The tables of rooms, and what reads the imports of every file of the firmware and the host tools."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "firmware" / "backstep"
TOOLS = PROJECT / "host_tools"
C_FILES = TOOLS / "micropython"
# Modules from outside that a room of the firmware may import.
OUTSIDE = {
    "core": {"array", "micropython"},
    "drivers": {"time", "micropython", "array", "errno"},
    "app": {"asyncio", "time", "os", "json", "binascii", "gc", "sys", "micropython", "array", "hashlib"},
    "board": {"machine", "esp32", "bluetooth", "json", "time"},
    # before there is an archive to import from; the second exception to "only board.py imports machine"
    "starting": {"machine", "vfs", "flashbdev", "gc", "sys"},
    "archive": {"io", "array"},
}
# Each room, from the bottom up: the rooms below that it may import; its own always. A room is a folder, not the
# folders in it, or a module that is named itself.
OF_CORE = ("core", "core/log", "core/training")
FIRMWARE = {
    "": (),
    "core": (),
    "core/shoe": ("core",),
    "core/belt": ("core",),
    "core/wrist": ("core",),
    "core/wearing": ("core",),
    "core/log": ("core",),
    "core/training": ("core",),
    "core/radio": ("core", "core/log"),
    "core/detectors": ("core", "core/shoe", "core/belt", "core/wrist", "core/wearing"),
    "drivers": ("core",),
    "board": ("drivers", "core"),
    "archive": ("core",),
    "starting": ("archive", "core"),
    "app": OF_CORE,  # the spine that a sample takes
    "app/kept": ("app", *OF_CORE),
    "app/log": ("app/kept", "app", *OF_CORE),
    "app/console": ("app", *OF_CORE),
    "app/wearer": ("app/log", "app/kept", "app", "core/wearing", *OF_CORE),
    "app/radio": ("app/kept", "app", "core/radio", *OF_CORE),
    "app/desk": ("app/radio", "app/console", "app/wearer", "app/log", "app/kept", "app", *OF_CORE),
    "app/safe": ("app/desk", "app/console", "app", *OF_CORE),
    "app/startup": (
        *("app/radio", "app/safe", "app/console", "app/wearer", "app/kept", "app", "core/detectors"), *OF_CORE,
    ),
    "app/wiring": ("app/safe", "app/desk", "app/console", "app/wearer", "app/log", "app/kept", "app", *OF_CORE),
    "app/leaving": ("app/kept", "app", *OF_CORE),
    "app/pod": ("app/startup", "app/wiring", "app/leaving", "app", *OF_CORE),
}  # fmt: skip
FILES_OF_RECORDINGS = (
    *("recordings", "recording_faults", "recording_files", "recording_units", "recording_doubts", "gyro_turns"),
    "many_rows",
)  # fmt: skip
TOP = ("", "errors", "whole_file", "cache_folder", *FILES_OF_RECORDINGS, "settings_args", "event_words")
HOST_TOOLS = {
    "": (),
    "errors": (),
    "whole_file": ("errors",),
    "many_rows": ("errors",),
    "full_scale": ("many_rows",),
    "recordings": ("errors", "many_rows", "full_scale"),
    "recording_faults": ("errors", "many_rows", "recordings"),
    "recording_units": ("errors", "many_rows"),
    "gyro_turns": ("many_rows", "recordings"),
    "recording_doubts": ("gyro_turns", "many_rows", "recordings", "recording_faults"),
    "csv_table": ("errors", "many_rows", "recording_units"),
    "recording_files": (
        *("", "errors", "many_rows", "whole_file"), *FILES_OF_RECORDINGS[:2], "recording_units", "csv_table",
    ),
    "settings_args": ("errors",),
    "event_words": (),
    "cache_folder": (),
    "compiled": ("cache_folder",),
    "replay": ("compiled", *TOP),
    "micropython": TOP,
    "sessions": TOP,
    "gait": TOP,
    "report": ("sessions", *TOP),
    "export": ("report", "sessions", *TOP),
    "talk": ("sessions", *TOP),
    "rescue": ("talk", "sessions", *TOP),
    "install": ("rescue", "talk", "micropython", *TOP),
    "doctor": ("install", "talk", *TOP),
    "evaluate": ("gait", "replay", "compiled", *TOP),
    "virtual_pod": ("install", "rescue", "replay", "micropython", *TOP),
    "train": ("evaluate", "gait", "compiled", *TOP),
    "docs": ("virtual_pod", "install", "gait", "replay", *TOP),
    "sim": ("virtual_pod", "install", "talk", "gait", "replay", "micropython", *TOP),
    "power": ("sim", "virtual_pod", "install", "gait", "replay", *TOP),
    "tour": TOP,
    "completion": TOP,
    "bench": (
        *("power", "sim", "docs", "virtual_pod", "install", "talk", "gait", "replay", "compiled", "micropython"),
        *("csv_table", *TOP),
    ),
    "__main__": TOP,
    "start": ("__main__",),
    "make_venv": (),
}
# Rooms that must not know a detector, not through others either, but for core/detectors, which knows all.
APART = ("core/log", "core/training")
DETECTORS = ("core/shoe", "core/belt", "core/wrist", "core/wearing")


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


FILES = files_in(PACKAGE)
SOURCES = [*FILES, *files_in(TOOLS)]


def imported(path: Path, package: Path = PACKAGE) -> Iterator[tuple[str, tuple[str, ...], str | None]]:
    """Yield (outermost module, parts of the module inside the package, name from it) for every import in a file.

    Those inside functions too. The outermost module is the package itself where something of it is imported.
    """
    inside = path.relative_to(package).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for name in node.names:
                first, *rest = name.name.split(".")
                yield first, tuple(rest), None
        elif isinstance(node, ast.ImportFrom):
            words = tuple(filter(None, (node.module or "").split(".")))
            if node.level:
                first, words = package.name, inside[: len(inside) + 1 - node.level] + words
            else:
                first, words = words[0], words[1:]
            for name in node.names:
                yield first, words, name.name


def module_of(path: Path, package: Path) -> str:
    """Return a file's module, as app/desk/desk; a package's own is its folder."""
    return path.relative_to(package).with_suffix("").as_posix().removesuffix("__init__").rstrip("/")


def graph(package: Path) -> dict[str, set[str]]:
    """Return module -> modules of the same package that it imports."""
    modules = {module_of(path, package): path for path in files_in(package)}
    found: dict[str, set[str]] = {module: set() for module in modules}
    for module, path in modules.items():
        for first, words, name in imported(path, package):
            if first == package.name:
                whole = "/".join((*words, name or ""))
                found[module].add(whole if whole in modules else "/".join(words))
        found[module].discard(module)
    return found


def room_of(module: str, package: Path, rooms: dict) -> str:
    """Return the room of a module: itself where the table names it, else its folder's, or the nearest above."""
    if (package / module).is_dir() and module:
        module += "/__init__"
    while module not in rooms:
        if not module:
            raise AssertionError(f"{package.name}: no room in the table")
        module = module.rpartition("/")[0]
    return module


def strangers(package: Path, rooms: dict) -> list[str]:
    """Return what imports something that the table of rooms does not allow."""
    found = []
    for module, others in graph(package).items():
        room = room_of(module, package, rooms)
        for other in sorted(others):
            where = room_of(other, package, rooms)
            if where not in (room, *rooms[room]):
                found.append(f"{module} imports {other}: {room or 'top'} may not import {where or 'top'}")
    return found


def circles(edges: dict[str, set[str]]) -> list[str]:
    """Return the first circle there is, as one line."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return [" imports ".join(error.args[1][::-1])]
    return []


def upward(rooms: dict) -> list[str]:
    """Return rooms of a table that may import one which stands further down in it."""
    order = list(rooms)
    return [
        f"{room} -> {other}" for room in order for other in rooms[room] if order.index(other) >= order.index(room)
    ]


def reached(module: str, edges: dict[str, set[str]], but: tuple[str, ...] = ("core/detectors",)) -> set[str]:
    """Return all that a module imports, itself or through others."""
    seen, todo = set(), [module]
    while todo:
        for other in edges.get(todo.pop(), set()) - seen - set(but):
            seen.add(other)
            todo.append(other)
    return seen


def in_contact(package: Path) -> list[str]:
    """Return modules of the rooms apart that come to know a detector."""
    edges = graph(package)
    return [
        f"{module} reaches {other}"
        for module in edges if module.startswith(APART)
        for other in sorted(reached(module, edges)) if other.startswith(DETECTORS)
    ]  # fmt: skip


def c_graph(folder: Path) -> dict[str, set[str]]:
    """Return stem -> stems of what a C file or its header includes, of those in the folder."""
    paths = [path for path in folder.rglob("*.[ch]")]
    stems = {path.stem for path in paths}
    found: dict[str, set[str]] = {stem: set() for stem in stems}
    for path in paths:
        included = {Path(name).stem for name in re.findall(r'^#include "([^"/]+)"', path.read_text(), re.M)}
        found[path.stem] |= included & stems - {path.stem}
    return found


def functions_over(lines, path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > lines:
            yield f"{path.relative_to(PROJECT)}:{node.lineno} {node.name}"


def asks_by_name(path: Path) -> list[int]:
    """Return the lines of a file that ask an object whether it has something."""
    nodes = ast.walk(ast.parse(path.read_text()))
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return [call.lineno for call in calls if call.func.id in ("getattr", "hasattr", "setattr")]
