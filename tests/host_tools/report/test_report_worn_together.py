"""The report, the list and the export of pods worn together: one session; one pod's alone by --pod; heart rate."""

import json
import shutil

import pytest
from backstep.core import events
from backstep.core.log import log
from band_logs import worn
from talking import command

from host_tools.report.moments import moments
from host_tools.report.view import alone, missing, view

BEGAN_S = 1_795_943_520


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Shoe, belt and wrist of one walk: a sway that the wrist buzzed for, a strap at the belt, a link lost."""
    made = tmp_path_factory.mktemp("worn")
    shoe, belt, wrist = worn(made)
    for step in range(200):
        at_s = 10 + 1.2 * step
        shoe.stride(at_s)
        belt.step(at_s - 0.6), belt.step(at_s)
    belt.put(100, events.SWAY, (91, 780))
    wrist.put(100.06, log.BUZZ, (0, 870, 127))
    wrist.put(150, events.LINK, (1, 0, 1))
    wrist.put(155, events.LINK, (1, 1, 1))
    wrist.put(156, events.LINK, (2, 2, 0))
    for at_s in [*range(20, 120, 5), *range(180, 240, 5)]:
        belt.put(at_s, events.HEART, (120 if at_s < 120 else 140, 500))
    shoe.write(260.0, unix_s=BEGAN_S), belt.write(260.0, unix_s=BEGAN_S), wrist.write(260.0, "00077-03.bsl")
    (made / "b2" / "settings.json").write_text(json.dumps({"pod_name": "waist"}))
    return made


@pytest.fixture
def page(folder, tmp_path):
    code, said, err = command("report", "latest", folder, "--out", tmp_path / "a.html")
    assert code == 0 and err == "", err
    return (tmp_path / "a.html").read_text()


@pytest.mark.slow
def test_one_page_has_strides_sways_heart_rate_and_links(page):
    assert "shoe, belt, wrist, level calibrated; clocks of its pods within " in page
    assert "Stride length, m" in page and "sways warned of" in page
    assert "Heart rate, beats a minute" in page and "mean 128, most 140" in page
    assert "beats/min, most" in page and "no strap was heard" not in page
    assert "radio of the wrist: the belt is out of reach" in page
    assert "radio of the wrist: the belt is here" in page
    assert "radio of the wrist: the shoe goes off: it lies still" in page
    assert "senses neither" not in page


def test_a_sway_of_the_belt_is_answered_by_the_buzz_of_the_wrist(folder):
    one = view(folder / "b2" / "00012-01.bsl")
    assert one.path == folder / "a1" / "00012-01.bsl" and one.is_shoe
    (sway,) = [moment for moment in moments(one) if moment.record["event"] == "sway"]
    buzz, late_s = sway.buzz
    assert buzz["told_by"] == "wrist" and late_s == pytest.approx(0.06, abs=0.02)
    assert [own.found.placement for own in alone(one)] == ["shoe", "belt", "wrist"]
    assert not any("Heart rate" in told for told in missing(one))


@pytest.mark.parametrize("word", ["belt", "waist", "b2"])
def test_one_pod_alone_by_its_placement_name_or_folder(folder, tmp_path, word):
    out = tmp_path / "a.json"
    code, _, err = command("export", "latest", folder, "--pod", word, "--to", "json", "--out", out)
    told = json.loads(out.read_text())
    assert (code, err) == (0, "") and told["placement"] == "belt"
    assert sum(told["seconds"]["other_steps"]) == 400


def test_an_export_is_of_all_and_names_who_told_what(folder, tmp_path):
    out = tmp_path / "a.json"
    assert command("export", folder / "c3" / "00077-03.bsl", "--to", "json", "--out", out)[0] == 0
    told = json.loads(out.read_text())
    assert told["placement"] == "shoe, belt, wrist" and sum(told["seconds"]["backward_steps"]) == 400
    assert {one["event"]: one["told_by"] for one in told["events"]}["sway"] == "belt"
    assert told["seconds"]["heart_bpm"][20] == 120


def test_a_partners_session_is_found_by_its_own_name_and_a_pod_that_is_none_is_told(folder, tmp_path):
    out = tmp_path / "a.csv"
    for words in (("00012-01", folder), ("00077-03", folder)):
        assert command("export", *words, "--to", "csv", "--out", out)[0] == 0
    code, _, err = command("export", "00077-03", folder, "--to", "csv", "--out", out, "--pod", "ear")
    assert code == 2 and "--pod ear: no session of such a pod; there are folders of a1, b2, c3" in err


def test_the_list_has_one_row_and_says_of_whom(folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = command("sessions", folder)
    rows = [line for line in out.splitlines() if line.startswith("00")]
    assert code == 0 and len(rows) == 2 and " 400 " in rows[0] and rows[0].rstrip().endswith("1")
    assert f"  belt: {folder / 'b2' / '00012-01.bsl'}" in out and "ms of the others'" in out
    code, out, _ = command("sessions", folder, "--pod", "wrist")
    assert code == 0 and [line.split()[0] for line in out.splitlines() if "-0" in line][0] == "00077-03"
    about = json.loads(command("sessions", folder, "--json")[1].splitlines()[0])
    assert [pod["placement"] for pod in about["pods"]] == ["shoe", "belt", "wrist"]
    figures = command("sessions", folder, "--figures")[1]
    assert "shoe, belt, wrist, level calibrated" in figures and "mean 128, most 140 beats/min" in figures


@pytest.mark.slow
def test_a_page_of_many_has_it_once_though_one_pod_is_there_twice(folder, tmp_path):
    everything = shutil.copytree(folder, tmp_path / "pods")
    shutil.copytree(folder / "a1", everything / "rescued")
    code, out, _ = command("report", "--all", everything, "--out", tmp_path / "all.html", "--json")
    assert code == 0 and [one["session"] for one in json.loads(out)["sessions"]] == ["00012-01"]
