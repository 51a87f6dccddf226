"""Who may import whom: the tables of rooms, held true by reading every file of the firmware and the host tools."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "firmware" / "backstep"
TOOLS = PROJECT / "host_tools"
C_FILES = TOOLS / "micropython"
# Modules from outside that a room of the firmware may import.
OUTSIDE = {
    "core": {"array", "micropython"},
    "drivers": {"time", "micropython", "array", "errno"},
    "app": {"asyncio", "time", "os", "json", "binascii", "gc", "sys", "micropython", "array"},
    "board": {"machine", "esp32", "json", "time"},
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
    "app/desk": ("app/console", "app/wearer", "app/log", "app/kept", "app", *OF_CORE),
    "app/safe": ("app/desk", "app/console", "app", *OF_CORE),
    "app/startup": ("app/safe", "app/console", "app/wearer", "app/kept", "app", "core/detectors", *OF_CORE),
    "app/wiring": ("app/safe", "app/desk", "app/console", "app/wearer", "app/log", "app/kept", "app", *OF_CORE),
    "app/leaving": ("app/kept", "app", *OF_CORE),
    "app/pod": ("app/startup", "app/wiring", "app/leaving", "app", *OF_CORE),
}  # fmt: skip
FILES_OF_RECORDINGS = ("recordings", "recording_faults", "recording_files", "recording_units")
TOP = ("", "errors", *FILES_OF_RECORDINGS, "settings_args", "event_words")
HOST_TOOLS = {
    "": (),
    "errors": (),
    "full_scale": (),
    "recordings": ("errors", "full_scale"),
    "recording_faults": ("errors", "recordings"),
    "recording_units": ("errors",),
    "csv_table": ("errors", "recording_units"),
    "recording_files": ("", "errors", "recordings", "recording_faults", "recording_units", "csv_table"),
    "settings_args": ("errors",),
    "event_words": (),
    "replay": TOP,
    "micropython": TOP,
    "sessions": TOP,
    "gait": TOP,
    "report": ("sessions", *TOP),
    "export": ("report", "sessions", *TOP),
    "talk": ("sessions", *TOP),
    "install": ("talk", "micropython", *TOP),
    "evaluate": ("gait", "replay", *TOP),
    "virtual_pod": ("install", "replay", "micropython", *TOP),
    "train": ("evaluate", "gait", *TOP),
    "docs": ("virtual_pod", "install", "gait", "replay", *TOP),
    "sim": ("virtual_pod", "install", "talk", "gait", "replay", "micropython", *TOP),
    "power": ("sim", "virtual_pod", "install", "gait", "replay", *TOP),
    "tour": TOP,
    "completion": TOP,
    "bench": ("power", "sim", "docs", "virtual_pod", "install", "gait", "replay", "micropython", *TOP),
    "__main__": TOP,
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_from_outside_only_what_its_room_allows(path):
    room = path.relative_to(PACKAGE).with_suffix("").parts[0]
    outside = OUTSIDE.get(room, set())
    assert [first for first, *_ in imported(path) if first not in (PACKAGE.name, *outside)] == []


@pytest.mark.parametrize(
    ("package", "rooms"), [(PACKAGE, FIRMWARE), (TOOLS, HOST_TOOLS)], ids=["firmware", "host"]
)
def test_a_room_imports_only_rooms_below(package, rooms):
    assert "\n".join(strangers(package, rooms)) == ""
    assert upward(rooms) == []


def test_log_and_training_know_no_detector():
    assert "\n".join(in_contact(PACKAGE)) == ""


@pytest.mark.parametrize("package", [PACKAGE, TOOLS], ids=["firmware", "host"])
def test_no_modules_import_each_other_in_a_circle(package):
    assert "".join(circles(graph(package))) == ""


def c_graph(folder: Path) -> dict[str, set[str]]:
    """Return stem -> stems of what a C file or its header includes, of those in the folder."""
    paths = [path for path in folder.rglob("*.[ch]")]
    stems = {path.stem for path in paths}
    found: dict[str, set[str]] = {stem: set() for stem in stems}
    for path in paths:
        included = {Path(name).stem for name in re.findall(r'^#include "([^"/]+)"', path.read_text(), re.M)}
        found[path.stem] |= included & stems - {path.stem}
    return found


def test_no_c_files_include_each_other_in_a_circle():
    assert circles(c_graph(C_FILES)) == []


FOLDERS = sorted({path.parent for path in SOURCES} - {C_FILES / "variant"})  # that one is MicroPython's to read


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_folder_says_what_it_is_for(folder):
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))


@pytest.mark.parametrize("path", [p for p in FILES if "core" in p.parts], ids=lambda path: path.name)
def test_core_holds_no_float(path):
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"line {node.lineno}"
        assert not isinstance(node, ast.Div), f"{path.name}: true division makes a float"
        assert not (isinstance(node, ast.Name) and node.id in ("float", "complex")), f"line {node.lineno}"


def functions_over(lines, path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > lines:
            yield f"{path.relative_to(PROJECT)}:{node.lineno} {node.name}"


def test_functions_stay_short():
    assert [found for path in SOURCES for found in functions_over(40, path)] == []


def test_files_stay_short():
    assert [str(p.relative_to(PROJECT)) for p in SOURCES if p.read_text().count("\n") > 300] == []


def asks_by_name(path: Path) -> list[int]:
    """Return the lines of a file that ask an object whether it has something."""
    nodes = ast.walk(ast.parse(path.read_text()))
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return [call.lineno for call in calls if call.func.id in ("getattr", "hasattr", "setattr")]


def test_nobody_asks_an_object_what_it_has():
    """A contract says it: core/detector.py. Modules are asked: what passes, and what the port's machine has."""
    allowed = {"app/passing.py", "board.py"}
    asking = {str(path.relative_to(PACKAGE)) for path in FILES if asks_by_name(path)}
    assert asking == allowed


def planted(tmp_path: Path, **files: str) -> Path:
    """Return a package of its own with these files; __ in a name stands for a folder's slash."""
    package = tmp_path / "backstep"
    for name, text in files.items():
        path = package / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for folder in [package, *(path for path in package.rglob("*") if path.is_dir())]:
        (folder / "__init__.py").touch()
    return package


def test_the_layer_rules_can_fail(tmp_path):
    text = "import machine\nfrom ..app import x\nfrom .. import drivers\nfrom backstep.board import y\n"
    package = planted(tmp_path, core__bad=text, app__x="", drivers__y="", board="y = 1\n")
    found = list(imported(package / "core" / "bad.py", package))
    assert found[0] == ("machine", (), None)
    assert [said.partition(":")[0] for said in strangers(package, FIRMWARE)] == [
        f"core/bad imports {other}" for other in ("app/x", "board", "drivers")
    ]


def test_a_planted_circle_is_found_also_inside_functions(tmp_path):
    late = "def later():\n    from ..core.day import COUNTS\n    return COUNTS\n"
    package = planted(
        tmp_path, core__day="from .turn import known\n", core__turn="from ..app import late\n", app__late=late
    )
    (said,) = circles(graph(package))
    assert {"core/day", "core/turn", "app/late"} <= set(said.split(" imports "))
    assert circles(graph(planted(tmp_path / "well", core__day="from . import turn\n", core__turn=""))) == []


def test_a_planted_import_of_another_detector_is_found(tmp_path):
    text = "def sway():\n    from ..belt.sway import Sway\n    return Sway\n"
    package = planted(tmp_path, core__shoe__shoe=text, core__belt__sway="Sway = 1\n")
    assert strangers(package, FIRMWARE) == [
        "core/shoe/shoe imports core/belt/sway: core/shoe may not import core/belt"
    ]


def test_a_planted_import_upward_is_found_on_both_sides(tmp_path):
    package = planted(
        tmp_path, app__sampling="from .desk import desk\n", app__desk__desk="",
        app__kept__twin="import backstep.app.pod\n", app__pod="",
    )  # fmt: skip
    assert strangers(package, FIRMWARE) == [
        "app/kept/twin imports app/pod: app/kept may not import app/pod",
        "app/sampling imports app/desk/desk: app may not import app/desk",
    ]
    tools = planted(
        tmp_path / "host", gait__foot="from backstep.bench.bench import main\n", bench__bench="main = 1\n"
    )
    assert strangers(tools, HOST_TOOLS) == ["gait/foot imports bench/bench: gait may not import bench"]
    assert upward({"low": ("high",), "high": ()}) == ["low -> high"]


def test_a_log_that_reaches_a_detector_through_others_is_found(tmp_path):
    package = planted(
        tmp_path, core__log__reader="from .. import names\n", core__names="from .shoe.figures import LANDINGS\n",
        core__shoe__figures="", core__training__day="from ..detectors import make\n",
        core__detectors="from .shoe import figures\n",
    )  # fmt: skip
    assert in_contact(package) == ["core/log/reader reaches core/shoe/figures"]


def test_a_planted_circle_of_c_files_is_found(tmp_path):
    for name, text in (
        ("pin.c", '#include "link.h"\n'),
        ("pin.h", ""),
        ("link.c", '#include "pin.h"\n'),
        ("link.h", ""),
    ):
        (tmp_path / name).write_text(text)
    assert circles(c_graph(tmp_path))


def test_a_planted_question_is_found(tmp_path):
    file = tmp_path / "asks.py"
    file.write_text("def lean(detector):\n    return getattr(detector, 'lean', None)\n")
    assert asks_by_name(file) == [2]


def test_only_the_agreed_folders_are_at_the_top():
    if not shutil.which("git") or not (PROJECT / ".git").exists():
        pytest.skip("no git here to ask")
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    folders = {name.split("/")[0] for name in listed.stdout.split("\n") if "/" in name}
    assert folders <= {"firmware", "host_tools", "tests", "boards", ".ci"}
