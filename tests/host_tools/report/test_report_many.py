"""Which sessions are meant; a week, all of a folder, the dose and the cap; and what is said of wrong input."""

import json
from pathlib import Path

import numpy as np
import pytest
import session_logs
from backstep.core.log.log_format import MAGIC, VERSION_AT
from backstep.core.training import programme
from talking import command

from host_tools.report import chosen, doses, plots, training, view
from host_tools.sessions import folder

pytestmark = pytest.mark.slow

BEGAN_S, DAY = 1_795_943_520, 1_795_943_520 // 86400
WALKED = 40  # records of the shoe's


def put(pod, boot, records, days_ago=0, backward=0, **told):
    """Write a session that a pod began so many days before DAY."""
    pod.mkdir(parents=True, exist_ok=True)
    when = {"unix_s": BEGAN_S - 86400 * days_ago, "day": DAY - days_ago, "boot": boot, "backward": backward} | told
    return session_logs.write(pod / f"{boot:05}-01.bsl", records[:WALKED], seconds=60, **when)


@pytest.fixture
def pod(tmp_path, shoe_records):
    """Five sessions: one of last month, two of the week before, two of this week."""
    pod = tmp_path / "sessions" / "pod"
    for boot, (days_ago, backward) in enumerate([(30, 900), (10, 300), (8, 400), (3, 500), (0, 350)], 1):
        put(pod, boot, shoe_records, days_ago, backward)
    (pod / folder.SETTINGS).write_text(json.dumps({"programme_level": 1, "weekly_cap_pct": 10, "unheard_of": 3}))
    return pod


def refused(*words):
    """Return the one line that a command is refused with."""
    code, out, err = command("report", *words)
    assert code == 2 and out == "" and err.count("\n") == 1, err
    return err.removeprefix("backstep report: ").rstrip("\n")


def test_latest_is_the_newest_also_of_a_pod_whose_clock_nobody_told(pod, shoe_records, tmp_path):
    assert chosen.session(["latest", str(pod.parent)]) == pod / "00005-01.bsl"
    assert chosen.session([str(pod.parent)]) == pod / "00005-01.bsl"
    put(pod, 6, shoe_records, unix_s=0, day=0)
    assert chosen.session(["latest", str(pod.parent)]) == pod / "00006-01.bsl"
    other = put(pod.parent / "other", 1, shoe_records, days_ago=-1)
    assert chosen.session(["latest", str(pod.parent)]) == other


def test_a_session_is_named_by_its_path_or_its_name(pod, tmp_path, monkeypatch):
    path = pod / "00003-01.bsl"
    for word in ("00003-01", "00003-01.bsl"):
        assert chosen.session([word, str(pod.parent)]) == path
    assert chosen.session([str(path)]) == path
    monkeypatch.chdir(tmp_path)
    assert chosen.session([]) == chosen.session(["latest"]) == Path("sessions/pod/00005-01.bsl")
    assert chosen.session(["00003-01"]) == Path("sessions/pod/00003-01.bsl")


def test_a_week_is_the_seven_days_up_to_the_newest(pod, tmp_path):
    code, out, err = command("report", "--week", pod.parent, "--out", tmp_path / "a.html", "--json")
    told = json.loads(out)
    assert code == 0 and [one["session"] for one in told["sessions"]] == ["00004-01", "00005-01"]
    code, out, _ = command("report", "--all", pod.parent, "--out", tmp_path / "b.html", "--json")
    assert len(json.loads(out)["sessions"]) == 5
    page = (tmp_path / "b.html").read_text()
    assert "Balance: variability of backward stride time" in page and 'scope="row">00001-01' in page
    assert page.count("One of them in full") == 1


def test_weeks_and_their_cap_are_the_pods_own_programme(pod, tmp_path):
    _, out, _ = command("report", "--all", pod.parent, "--out", tmp_path / "a.html", "--json")
    weeks = json.loads(out)["weeks"]["pod"]
    assert [week["steps"] for week in weeks] == [900, 0, 0, 700, 850]
    dose = programme.LEVELS[0][4]
    assert [week["limit"] for week in weeks] == [3 * dose, max(3 * dose, 990), 3 * dose, 3 * dose, 3 * dose]


def test_pods_worn_at_once_are_told_apart(pod, belt, tmp_path):
    other = pod.parent / "worn_at_belt"
    other.mkdir()
    (other / belt.session.name).write_bytes(belt.session.read_bytes())
    assert command("report", "--all", pod.parent, "--out", tmp_path / "a.html")[0] == 0
    page = (tmp_path / "a.html").read_text()
    of_pod, of_belt = page[page.index('id="sum"') : page.index('id="training"')].split("Pod worn_at_belt")
    assert "Pod pod" in of_pod and "climbed" in of_pod and "sways warned of" not in of_pod
    assert "sways warned of" in of_belt and "climbed" not in of_belt and "km" not in of_belt


def test_a_day_counts_once_over_its_sessions(pod, shoe_records):
    put(pod, 6, shoe_records, days_ago=0, backward=420)
    found, faults = folder.briefs(sorted(pod.glob("*.bsl")))
    assert faults == [] and folder.days_of(found)[DAY] == 420


@pytest.mark.slow
def test_the_dose_is_that_of_the_settings_or_as_told(pod, tmp_path):
    steps, minutes = programme.LEVELS[0][4:]
    command("report", "latest", pod.parent, "--out", tmp_path / "a.html")
    assert f"of {steps} steps or {minutes} min (level 1, flat backward walk)" in (tmp_path / "a.html").read_text()
    command("report", "latest", pod.parent, "--out", tmp_path / "a.html", "--level", "3")
    assert f"of {programme.LEVELS[2][4]} steps" in (tmp_path / "a.html").read_text()
    (pod / folder.SETTINGS).unlink()
    command("report", "latest", pod.parent, "--out", tmp_path / "a.html")
    assert "say --level 1 to 4" in (tmp_path / "a.html").read_text()
    assert training.dose_of({"dose_steps": 50, "programme_level": 1}, None) == training.Dose(
        50, 0, "a dose of your own"
    )


def test_days_are_drawn_against_the_dose_and_what_is_past_it_is_another_colour(pod):
    found, _ = folder.briefs(sorted(pod.glob("*.bsl")))
    load = training.load(folder.days_of(found), DAY, {}, 1)
    assert [steps for steps in doses.recent(load) if steps] == [300, 400, 500, 350]
    assert doses.recent(load)[-1] == 350 and doses.recent(load)[-11] == 300
    with plots.styled():
        text = doses.days_sheet(load).text()
    assert "steps on 4 of 28 days, the dose of 300 reached on 4" in text
    stop = programme.enough(300)
    assert stop == 375 and text.count("fill: var(--warn)") == 2  # 400 and 500
    unknown = training.load(load.days, DAY, {}, None)
    with plots.styled():
        text = doses.days_sheet(unknown).text()
    assert "no dose known in steps" in text and "var(--warn)" not in text
    assert doses.recent(training.load({}, 0, {}, 1)) == []


@pytest.mark.parametrize(("dose", "bars"), [((300, 10), 2), ((300, 0), 1), ((0, 10), 1)])
def test_a_session_is_drawn_against_what_its_dose_tells(dose, bars):
    with plots.styled():
        made = doses.dose_sheet(training.Dose(*dose, "level"), 400, 9.0)
        text = made.text()
    assert len(made.plots) == bars and text.count("fill: var(--backward)") == (dose[1] > 0)
    assert ("400 steps, 133%" in text) == (dose[0] > 0) == ("fill: var(--warn)" in text)
    assert ("9 minutes, 90%" in text) == (dose[1] > 0)


def test_a_page_draws_dose_days_and_weeks_and_says_what_has_no_trend(pod, tmp_path):
    page = tmp_path / "a.html"
    assert command("report", "latest", pod.parent, "--out", page)[0] == 0
    text = page.read_text()
    training_part = text[text.index('id="training"') : text.index('id="lacks"')]
    for title in ("The dose", "Backward steps, day by day", "Backward steps, seven days each"):
        assert f"<h3>{title}</h3>" in training_part
    assert "850 in the last, of 900 at most" in training_part
    assert "Balance: sways warned of: no trend; it takes two sessions of a pod at the belt." in training_part
    assert '%</h3><p class="said">from ' in training_part
    assert "<h3>Balance: variability" in training_part and "<h3>Balance: sways" not in training_part


def test_no_minutes_uphill_are_drawn_of_walks_too_short_for_a_grade(pod):
    sessions = [view.view(path) for path in sorted(pod.glob("*.bsl"))[:2]]
    assert all(one.whole["grade"] for one in sessions)
    assert training.trend(sessions)["uphill_min"] == [one.whole["backward_uphill_min"] for one in sessions]
    sessions[0].parts[0] = sessions[0].whole | {"grade": None, "backward_uphill_min": 0.0}
    assert np.isnan(training.trend(sessions)["uphill_min"][0])
    assert "Strength: backward uphill: no trend; it takes" in "".join(training.untold(sessions))


def test_a_file_that_is_no_session_is_left_out_and_said(pod, tmp_path):
    (pod / "00009-01.bsl").write_bytes(MAGIC + bytes(400))
    code, out, _ = command("report", "--all", pod.parent, "--out", tmp_path / "a.html")
    assert code == 0 and "left out: " in out and "00009-01.bsl" in out
    assert "Left out: " in (tmp_path / "a.html").read_text()
    assert command("report", "latest", pod.parent, "--out", tmp_path / "a.html")[0] == 0


def test_wrong_input_gets_a_sentence_with_what_to_do(pod, shoe_records, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    fetch = f"backstep sync --to {empty} fetches those of a pod"
    assert refused("latest", empty) == f"{empty}: no session is in it; {fetch}"
    assert "there is no such folder; backstep sync --to" in refused("latest", tmp_path / "none")
    assert f"no such session in {pod.parent}; backstep sessions" in refused("00077-01", pod.parent)
    put(pod.parent / "other", 5, shoe_records)
    assert "2 pods have one of that name" in refused("00005-01", pod.parent)
    assert "take one DIR" in refused("--week", pod.parent, "--with", "00001-01")
    assert "want one SESSION and one DIR" in refused("a", "b", "c")
    assert f"there is no folder {tmp_path / 'no'}" in refused("latest", pod, "--out", tmp_path / "no" / "a.html")


def test_damaged_and_newer_files_are_told_apart(pod, tmp_path):
    path = pod / "00005-01.bsl"
    sound = path.read_bytes()
    known = MAGIC[VERSION_AT]
    path.write_bytes(sound.replace(MAGIC, MAGIC[:VERSION_AT] + bytes([known + 1])))
    told = refused(path)
    newer = f"its log is of version {known + 1}, and this backstep knows them up to {known}: update it"
    assert told == f"{path}: {newer}"
    path.write_bytes(b"\xff" * 500)
    assert "no sound block in its 500 bytes; fetch it anew" in refused(path)
    assert command("report", "latest", pod, "--out", tmp_path / "a.html")[0] == 0


def test_a_full_disk_leaves_no_half_file(pod, tmp_path, monkeypatch):
    out = tmp_path / "a.html"
    out.write_text("before")

    def full(self, *words):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert refused("latest", pod, "--out", out).startswith(f"{out}: No space left on device")
    assert out.read_text() == "before" and list(tmp_path.glob("*.part")) == []


def test_no_week_without_a_day(shoe_records, tmp_path):
    put(tmp_path / "pod", 1, shoe_records, unix_s=0, day=0)
    assert "so there is no week; want --all" in refused("--week", tmp_path)
    assert command("report", "--all", tmp_path, "--out", tmp_path / "a.html")[0] == 0
    assert "of a pod that knew no time" in (tmp_path / "a.html").read_text()


@pytest.mark.parametrize(("option", "word"), [("--treadmill", "steep"), ("--treadmill", "90"), ("--kg", "7")])
def test_numbers_out_of_range_are_refused(option, word, pod, capsys):
    with pytest.raises(SystemExit):
        command("report", "latest", pod, option, word)
