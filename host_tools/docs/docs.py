"""Verb `docs`: the parts of the documents that are made from code, written or checked."""

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

from host_tools.docs import (
    arming_docs,
    boards_docs,
    haptics,
    power_docs,
    protocol_docs,
    session_picture,
    wearing_picture,
)
from host_tools.errors import UserError
from host_tools.install import podfiles

# (file, section, what makes its text)
SECTIONS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("firmware/backstep/core/belt/README.md", "arming", arming_docs.section),
    ("boards/README.md", "boards", boards_docs.section),
    ("firmware/HAPTICS.md", "haptics", haptics.section),
    ("firmware/backstep/app/power/README.md", "power", power_docs.section),
)
# what makes whole files: path -> text
FILES: tuple[Callable[[], dict[str, str]], ...] = (
    haptics.pictures,
    protocol_docs.page,
    session_picture.page,
    boards_docs.pictures,
    wearing_picture.page,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when a file has to be written")


def run(args: argparse.Namespace) -> int:
    """Write what has changed; with --check only name it and return 1."""
    root = project()
    stale = {path: text for path, text in wanted(root).items() if _read(root / path) != text}
    for path, text in stale.items():
        if args.check:
            print(f"backstep docs: {path} is not as the code makes it, want `backstep docs`", file=sys.stderr)
        else:
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
            print(path)
    return 1 if args.check and stale else 0


def project() -> Path:
    """Return the checkout's folder; UserError in an installed wheel, which has no documents."""
    root = podfiles.PACKAGE.parent.parent
    if not (root / "firmware" / "README.md").is_file():
        raise UserError(f"{root}: no documents here, want a checkout of the project")
    return root


def wanted(root: Path) -> dict[str, str]:
    """Return every file that is made from code, or in part, as it should be: path -> text."""
    made: dict[str, str] = {}
    for path, name, make in SECTIONS:
        made[path] = with_section(made.get(path) or _read(root / path), name, make())
    for files in FILES:
        made |= files()
    return made


def with_section(text: str, name: str, inside: str) -> str:
    """Return text with what stands between <!-- begin NAME --> and <!-- end NAME --> replaced.

    UserError unless text has that pair of lines once.
    """
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->\n"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise UserError(f"section {name}: want one line {begin.strip()} and after it one {end.strip()}")
    pattern = re.escape(begin) + ".*" + re.escape(end)
    return re.sub(pattern, lambda _: f"{begin}{inside.strip()}\n{end}", text, flags=re.DOTALL)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
