"""The rules of the rooms find what breaks them."""

from pathlib import Path

from layers import (
    FIRMWARE,
    HOST_TOOLS,
    asks_by_name,
    c_graph,
    circles,
    graph,
    imported,
    in_contact,
    strangers,
    upward,
)


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
