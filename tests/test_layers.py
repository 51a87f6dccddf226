"""Who may import whom: the table of rooms, held true by reading every firmware file."""

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "firmware" / "backstep"
# room: (outside modules it may import, rooms of the package it may import)
ROOMS = {
    "core": ({"array", "micropython"}, {"core"}),
    "drivers": ({"time", "micropython", "array", "errno"}, {"drivers", "core"}),
    "app": ({"asyncio", "time", "os", "json", "binascii", "gc", "sys", "micropython", "array"}, {"app", "core"}),
    "board.py": ({"machine", "esp32", "json", "time"}, {"drivers", "core"}),
}
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(path, package=PACKAGE):
    """Yield (outside module or None, room of the package or None) for every import in a file."""
    inside = path.relative_to(package).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name.split(".")[0], None
        elif isinstance(node, ast.ImportFrom):
            words = (node.module or "").split(".") if node.module else []
            if node.level == 0 and words[0] != "backstep":
                yield words[0], None
                continue
            base = list(inside[: len(inside) + 1 - node.level]) + words if node.level else words[1:]
            for name in node.names:
                yield None, (base or [name.name])[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_room_allows(path):
    room = path.relative_to(PACKAGE).parts[0]
    if room == "__init__.py":
        assert not list(imported(path))
        return
    outside, rooms = ROOMS[room]
    for module, other in imported(path):
        assert module is None or module in outside, f"{path.name} imports {module}"
        assert other is None or other in rooms, f"{path.name} imports backstep.{other}"


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


SOURCES = [*FILES, *sorted((PROJECT / "host_tools").rglob("*.py"))]


def test_functions_stay_short():
    assert [found for path in SOURCES for found in functions_over(40, path)] == []


def test_files_stay_short():
    assert [str(p.relative_to(PROJECT)) for p in SOURCES if p.read_text().count("\n") > 300] == []


def test_the_layer_rules_can_fail(tmp_path):
    bad = tmp_path / "core" / "bad.py"
    bad.parent.mkdir()
    bad.write_text("import machine\nfrom ..app import x\nfrom .. import drivers\nfrom backstep.board import y\n")
    assert list(imported(bad, tmp_path)) == [("machine", None), (None, "app"), (None, "drivers"), (None, "board")]


def test_only_the_agreed_folders_are_at_the_top():
    if not shutil.which("git") or not (PROJECT / ".git").exists():
        pytest.skip("no git here to ask")
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    folders = {name.split("/")[0] for name in listed.stdout.split("\n") if "/" in name}
    assert folders <= {"firmware", "host_tools", "tests", "boards", ".ci"}
