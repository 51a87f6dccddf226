"""The pages that people read: every link leads somewhere, every path, verb and command that is named exists."""

import re
from itertools import chain
from pathlib import Path

import pytest
from conftest import PROJECT

from host_tools.__main__ import VERBS

TOP = PROJECT / "README.md"
FOLDERS = ("firmware", "host_tools", "boards")
PAGES = (TOP, *sorted(chain.from_iterable((PROJECT / folder).rglob("*.md") for folder in FOLDERS)))
BASES = tuple(PROJECT / folder for folder in ("", "firmware", "firmware/backstep", "host_tools"))
# in MicroPython's and Arduino's repositories; on the pod's flash; a file yet to be made
ELSEWHERE = ("ports/", "variants/", "log/", "marks/", "boards/mine.json")
PATH = re.compile(r"(?<![\w./~<])((?:[a-z_]+/)+(?:\w+\.(?:py|md|json|c|h))?)(?!\w)")
KNOWN = {name for name, *_ in VERBS}
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.M))


def names(page):
    return page.relative_to(PROJECT).as_posix()


def links(page):
    """Return (file, anchor) for every link of a page that stays in the project."""
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    here = [link.partition("#") for link in found if "://" not in link]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in here]


def anchors(page):
    """Return the anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def code(page):
    """Return what a page writes as code, in a line or in a block."""
    text = page.read_text()
    blocks = re.findall(r"^```\n(.*?)^```", text, re.M | re.S)
    return [*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))]


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_link_leads_to_a_file_and_a_heading(page):
    for path, anchor in links(page):
        assert path.exists(), path
        assert not anchor or anchor in anchors(path), f"{path}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_path_in_the_project_that_a_page_names_exists(page):
    for path in set(PATH.findall("\n".join(code(page)))):
        if not path.startswith(ELSEWHERE):
            assert any((base / path).exists() for base in (*BASES, page.parent)), path


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_verb_and_every_target_that_a_page_names_exists(page):
    text = "\n".join(code(page))
    for verb in re.findall(r"(?:^|(?<=/))backstep ([a-z]+)", text, re.M):
        assert verb in KNOWN, verb
    for target in re.findall(r"(?:^|: )make ([a-z-]+)", text, re.M):
        assert target in TARGETS, target


def test_every_page_is_reached_from_the_top():
    reached: set[Path] = set()
    waiting = [TOP]
    while waiting:
        page = waiting.pop()
        if page.suffix == ".md" and page not in reached:
            reached.add(page)
            waiting += [path for path, _ in links(page)]
    assert reached == set(PAGES)


def test_the_list_at_the_top_has_every_verb_once():
    (block,) = re.findall(r"^```\n(backstep tour.*?)^```", TOP.read_text(), re.M | re.S)
    told = [line.partition("#")[0] for line in block.splitlines() if line]
    verbs = [verb for line in told for verb in line.removeprefix("backstep ").split(" | ")]
    assert sorted(verb.split()[0] for verb in verbs) == sorted(KNOWN)


def test_the_maps_are_maps():
    assert len((PROJECT / "firmware" / "README.md").read_text().splitlines()) <= 120
    first_screen = TOP.read_text().splitlines()[:35]
    for word in ("session.svg", "make run", "make test"):
        assert any(word in line for line in first_screen), word
