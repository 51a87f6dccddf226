"""Who may import whom: the tables of rooms, held true by reading every file."""

import ast
import shutil
import subprocess

import pytest
from layers import (
    C_FILES,
    FILES,
    FIRMWARE,
    HOST_TOOLS,
    OUTSIDE,
    PACKAGE,
    PROJECT,
    SOURCES,
    TOOLS,
    asks_by_name,
    c_graph,
    circles,
    files_in,
    functions_over,
    graph,
    imported,
    in_contact,
    strangers,
    upward,
)


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


def test_functions_stay_short():
    assert [found for path in SOURCES for found in functions_over(40, path)] == []


def test_files_stay_short():
    paths = [*SOURCES, *files_in(PROJECT / "tests")]
    assert [str(path.relative_to(PROJECT)) for path in paths if path.read_text().count("\n") > 300] == []


def test_nobody_asks_an_object_what_it_has():
    """A contract says it: core/detector.py. Modules are asked: what passes, and what the port's machine has."""
    allowed = {"app/passing.py", "board.py"}
    asking = {str(path.relative_to(PACKAGE)) for path in FILES if asks_by_name(path)}
    assert asking == allowed


def test_only_the_agreed_folders_are_at_the_top():
    if not shutil.which("git") or not (PROJECT / ".git").exists():
        pytest.skip("no git here to ask")
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    folders = {name.split("/")[0] for name in listed.stdout.split("\n") if "/" in name}
    assert folders <= {"firmware", "host_tools", "tests", "boards", ".ci"}
