import pytest
from backstep.core.haptic import ERM_RISE_MS
from backstep.core.patterns import PATTERNS, index_of

from host_tools.__main__ import main
from host_tools.docs import docs, haptics
from host_tools.errors import UserError
from host_tools.install import podfiles


@pytest.mark.slow
def test_the_documents_are_as_the_code_makes_them():
    assert main(["docs", "--check"]) == 0


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose pages have their marks, and between them what is out of date."""
    for path, name, _ in docs.SECTIONS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"# Page\n<!-- begin {name} -->\nout of date\n<!-- end {name} -->\nafter\n")
    monkeypatch.setattr(docs, "project", lambda: tmp_path)
    return tmp_path


@pytest.mark.slow
def test_what_is_stale_is_named_and_then_written(checkout, capsys):
    assert main(["docs", "--check"]) == 1
    assert "firmware/HAPTICS.md is not as the code makes it" in capsys.readouterr().err
    assert not (checkout / "firmware" / "pictures").exists()
    assert main(["docs"]) == 0 and main(["docs", "--check"]) == 0
    page = (checkout / "firmware" / "HAPTICS.md").read_text()
    assert "out of date" not in page and "`low_battery`" in page and page.endswith("<!-- end haptics -->\nafter\n")
    assert "| settling |" in (checkout / "firmware/backstep/core/belt/README.md").read_text()


@pytest.mark.slow
def test_written_once_more_nothing_changes(checkout, capsys):
    assert main(["docs"]) == 0 and capsys.readouterr().out
    assert main(["docs"]) == 0 and not capsys.readouterr().out


def test_two_sections_of_one_file_are_both_written(checkout, monkeypatch):
    page = checkout / "firmware" / "HAPTICS.md"
    page.write_text(page.read_text() + "<!-- begin more -->\n<!-- end more -->\n")
    more = ("firmware/HAPTICS.md", "more", lambda: "\\1 as it is\n")
    monkeypatch.setattr(docs, "SECTIONS", (*docs.SECTIONS, more))
    assert main(["docs"]) == 0
    assert "`sway`" in page.read_text() and page.read_text().endswith("-->\n\\1 as it is\n<!-- end more -->\n")


@pytest.mark.parametrize("text", ["", "<!-- begin a -->\n", "<!-- end a -->\n<!-- begin a -->\n"])
def test_a_page_without_its_marks_is_refused(text):
    with pytest.raises(UserError, match="section a: want one line <!-- begin a -->"):
        docs.with_section(text, "a", "x")


@pytest.mark.slow
def test_no_documents_go_onto_the_pod():
    assert not [path for path in podfiles.files() if "pictures" in path or path.endswith((".md", ".svg"))]


def test_every_word_has_a_meaning_a_row_and_a_picture():
    assert set(haptics.MEANINGS) == {row[0] for row in PATTERNS}
    assert all(f"| `{row[0]}` |" in haptics.section() for row in PATTERNS)
    assert sorted(haptics.pictures()) == sorted(f"firmware/pictures/{row[0]}.svg" for row in PATTERNS)


def test_no_pattern_is_longer_than_its_picture():
    from host_tools.docs.svg import LENGTH_MS

    for index in range(len(PATTERNS)):
        assert sum(ms for _, ms in haptics.drives(index, ERM_RISE_MS)) + haptics.TAIL_MS <= LENGTH_MS


def test_a_kick_brings_the_motor_to_a_light_pulse_sooner_and_never_beyond_it():
    caution = index_of("caution")
    plain, kicked = haptics.drives(caution, 0), haptics.drives(caution, ERM_RISE_MS)
    assert haptics.reach_ms(kicked, 45) <= haptics.reach_ms(plain, 45) - 10
    assert max(haptics.speeds(kicked)) <= 90
    assert haptics.reach_ms(plain, 90) == -1


def test_a_brake_makes_the_gap_felt():
    gap = haptics.speeds(haptics.drives(index_of("sway"), ERM_RISE_MS))[250 + 55]
    coasted = haptics.speeds(haptics.drives(index_of("sway"), 0))[250 + 55]
    assert gap < 25 and coasted > 30


def test_every_state_of_arming_is_in_the_diagram_and_the_table():
    from backstep.core.belt.arming import STATES

    from host_tools.docs import arming_docs

    for cause, (name, *_) in zip(arming_docs.CAUSES, STATES, strict=True):
        assert f"[{name}]" in arming_docs.diagram()
        assert f"| {name} | {cause} |" in arming_docs.section()
