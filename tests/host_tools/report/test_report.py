"""The report of one session and of two: what is drawn is the session's, what is not sensed is told."""

import json
import re
import webbrowser

import pytest
import session_logs
from backstep.core import events
from backstep.core.log.log_format import MAGIC
from talking import command

from host_tools.report import over_time, raw, words
from host_tools.report.moments import buzz_words, moments, said
from host_tools.report.plots import styled
from host_tools.report.view import missing, view
from host_tools.sessions.session_figures import figures

pytestmark = pytest.mark.slow

LATE = 2  # samples from an event to its buzz, as of conftest.py
PLOT = re.compile(r'<svg class="plot [^"]*".*?aria-label="([^"]*)">(.*?)</svg>', re.DOTALL)


def report(*words, out):
    """Return a report's page, and what the command said."""
    code, said, err = command("report", *words, "--out", out)
    assert code == 0, err
    return out.read_text(), said


def plots(page):
    """Return the plots of a page: what each is said to show -> its SVG."""
    return dict(PLOT.findall(page))


@pytest.fixture(scope="module")
def page(shoe, tmp_path_factory):
    return report(shoe.session, out=tmp_path_factory.mktemp("out") / "a.html")[0]


@pytest.fixture(scope="module")
def belt_page(belt, tmp_path_factory):
    return report(belt.session, out=tmp_path_factory.mktemp("out") / "b.html")[0]


def test_a_page_needs_nothing_from_anywhere(page, belt_page):
    for one in (page, belt_page):
        assert len(one.encode()) < 5_000_000
        assert "<script" not in one and "@import" not in one and "<link rel=\"stylesheet" not in one
        assert set(re.findall(r'(?:src|href)="([^"#]+)"', one)) == {"data:,"}
        assert "default-src 'none'" in one
        ids = re.findall(r' id="([^"]+)"', one)
        assert len(ids) == len(set(ids))


def test_every_curve_of_a_shoe_is_there_with_the_sessions_own_figures(page, shoe):
    one = view(shoe.session)
    told = plots(page)
    counts = one.found.counts
    assert any(f"{counts.backward} backward, {counts.forward} forward" in said for said in told)
    curves = ("Cadence", "Speed", "Stride length", "Height climbed", "Grade", "Impact at", "Variability")
    for title in (*curves, "Landing", "Impact, %", "Way by grade"):
        assert any(said.startswith(title) for said in told), title
    (whole, *_) = figures(one.found)
    assert f"up {whole['ascent_m']:.1f} m, down {whole['descent_m']:.1f} m" in page
    assert f"median {whole['backward']['impact']['median_mg'] / 1000:.1f} g" in page
    assert '<th scope="row">2</th><td>1:' in page and "kcal" in page
    assert all("<path" in inside for inside in told.values())


def test_the_landings_drawn_are_those_of_each_way(page, shoe):
    whole = view(shoe.session).whole
    (said,) = [one for one in plots(page) if one.startswith("Landing")]
    for way in ("backward", "forward"):
        shares = ", ".join(f"{name} {share} %" for name, share in whole[way]["landing_pct"].items())
        assert f"{way} {shares}" in said


def test_a_stretch_tells_its_numbers_where_the_pointer_rests_and_in_a_table(page, shoe):
    one = view(shoe.session)
    with styled():
        rows = over_time.table(one)
    head, *stretches = rows
    backward = sum(int(row[head.index("backward")]) for row in stretches)
    assert backward == one.found.counts.backward
    assert f"<title>0:05 to 0:10: {stretches[1][1]} backward" in page


def test_what_a_figure_means_is_folded_beside_it(page):
    assert page.count("<details><summary>What this means, and what not</summary>") >= 10
    assert "<b>Not:</b> It says nothing about the load of a knee" in page


def test_a_cue_stands_on_the_time_line_and_in_the_list_with_its_buzz(page, shoe):
    one = view(shoe.session)
    (slide,) = [moment for moment in moments(one) if moment.record["event"] == "slide"]
    assert buzz_words(slide) == "foot, 210 ms, told 10 ms later"
    assert f'href="#a{slide.number}"' in page and f'<tr id="a{slide.number}">' in page
    assert "foot slid: at 0.7 m/s" in page


def test_raw_seconds_are_drawn_at_their_sway_and_fall(belt_page, belt):
    one = view(belt.session)
    found = moments(one)
    have = raw.of_session(one, found)
    assert [kept.moment.record["event"] for kept in have] == ["sway", "fall"]
    told = [said for said in plots(belt_page) if said.startswith("Raw seconds")]
    assert len(told) == 2 and "No raw seconds" not in belt_page
    assert "Trunk leaning back" in belt_page and "How sure the detector is" in belt_page
    sway = next(moment for moment in found if moment.record["event"] == "sway")
    assert buzz_words(sway) == "sway, 870 ms, told 19 ms later"


def test_a_warning_of_a_trunk_that_drops_says_so():
    record = {"event": "caution", "lean_ddeg": -19, "rate_ddps": 300}
    assert said(record) == "caution: trunk dropping, bent forward 1.9°"
    assert said(record | {"event": "sway", "lean_ddeg": 91}) == "sway, warned of: leaning back 9.1° at 30°/s"


def test_the_detector_is_sure_at_the_sample_that_warned(belt):
    one = view(belt.session)
    kept = raw.of_session(one, moments(one))[0]
    with styled():
        sheet = raw.sheet(kept, one, moments(one), {})
    lean, rate, score = (plot.axes.lines[0].get_ydata() for plot in sheet.plots[:3])
    record = kept.moment.record
    assert lean[kept.row] == pytest.approx(record["lean_ddeg"] / 10, abs=3)
    assert rate[kept.row] == pytest.approx(record["rate_ddps"] / 10, rel=0.25)
    warn = sheet.plots[2].axes.lines[1].get_ydata()[0]
    assert max(score[kept.row - 5 : kept.row + 30]) >= warn
    pulses = [box.get_paths()[0].get_extents().x0 for box in sheet.plots[-1].axes.collections]
    assert pulses == pytest.approx([LATE / 104 + at_s for at_s in (0, 0.31, 0.62)])  # of the word `sway`


def test_another_pods_raw_seconds_are_not_taken(belt, tmp_path):
    one = view(belt.session)
    found = moments(one)
    for name, change in (("sample", 1), ("lean_ddeg", 1)):
        about = json.loads((belt.folder / "raw" / "0001.json").read_text())
        about[name] += change
        assert not any(raw._is_of(about, moment, 104) for moment in found)


def test_raw_seconds_that_are_cut_or_missing_are_said(belt, tmp_path):
    folder = tmp_path / "pod"
    (folder / "raw").mkdir(parents=True)
    path = folder / belt.session.name
    path.write_bytes(belt.session.read_bytes())
    page, _ = report(path, out=tmp_path / "a.html")
    assert "No raw seconds are here of 2 warnings or falls: backstep sync" in page
    (folder / "raw" / "0001.json").write_text((belt.folder / "raw" / "0001.json").read_text())
    (folder / "raw" / "0001.bsr").write_bytes((belt.folder / "raw" / "0001.bsr").read_bytes()[:90])
    page, _ = report(path, out=tmp_path / "a.html")
    assert "Its raw seconds" in page


def test_what_a_belt_does_not_sense_is_told_and_not_drawn(belt_page):
    told = plots(belt_page)
    assert not any(said.startswith(("Speed", "Stride", "Height", "Grade", "Landing", "Impact,")) for said in told)
    assert "A belt senses no strides: no speed" in belt_page and "Heart rate: no strap was heard" in belt_page


def test_two_sessions_stand_side_by_side_with_the_same_limits(shoe, belt, shoe_records, tmp_path):
    other = session_logs.write(tmp_path / "00008-01.bsl", shoe_records[:40], seconds=60)
    page, _ = report(shoe.session, "--with", other, out=tmp_path / "a.html")
    assert "00007-01: Cadence" in page and "00008-01: Cadence" in page
    one, two = view(shoe.session), view(other)
    with styled():
        pairs = [(each, over_time.curves(each)[0]) for each in (one, two)]
        own = [over_time.limits(*pair) for pair in pairs]
        top = {"steps": (0, max(high for _, high in own))}
        drawn = [over_time.sheet(*pair, over_time.NARROW, [], top, "a").plots[0].axes.get_ylim() for pair in pairs]
    assert own[0] != own[1] and drawn[0] == drawn[1]
    page, _ = report(shoe.session, "--with", belt.session, out=tmp_path / "b.html")
    assert "00003-01: Speed, km/h</h3><p>Nothing of it in this session" in page


def test_a_second_session_that_is_not_there_is_said_before_the_first_is_read(shoe, monkeypatch):
    monkeypatch.setattr("host_tools.report.report.views.view", None)
    code, _, err = command("report", shoe.session, "--with", "99999-01")
    assert code == 2 and "99999-01: no such session in" in err


def test_a_treadmills_grade_stands_for_the_sensed_one(shoe, tmp_path):
    page, _ = report(shoe.session, "--treadmill", 8, out=tmp_path / "a.html")
    assert "on a treadmill at 8 %" in page and "as +0.8 to +1.6 %" in page
    one = view(shoe.session, treadmill_pct=8)
    way_m = one.whole["backward"]["distance_m"] + one.whole["forward"]["distance_m"]
    assert one.whole["ascent_m"] == pytest.approx(0.08 * way_m, rel=0.02)
    assert one.whole["grade"]["median_pct"] == pytest.approx(8, abs=0.1)
    assert one.whole["backward_uphill_min"] == pytest.approx(one.whole["backward"]["minutes"], abs=0.2)


def test_json_has_the_figures_of_the_page(shoe, tmp_path):
    code, out, _ = command("report", shoe.session, "--out", tmp_path / "a.html", "--json")
    told = json.loads(out)
    (one,) = told["sessions"]
    assert code == 0 and one["parts"] == json.loads(json.dumps(view(shoe.session).parts))
    assert one["moments"][0]["event"] == "slide" and told["report"].endswith("a.html")


def test_open_shows_it_in_the_browser(shoe, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(webbrowser, "open", lambda url: not shown.append(url))
    assert command("report", shoe.session, "--out", tmp_path / "a.html", "--open")[0] == 0
    assert shown == [(tmp_path / "a.html").as_uri()]
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    code, _, err = command("report", shoe.session, "--out", tmp_path / "a.html", "--open")
    assert code == 2 and "no browser is found" in err


def test_a_session_without_a_step_says_so_and_draws_nothing(tmp_path):
    path = session_logs.write(tmp_path / "a.bsl", [(events.MARK, 900, (0, 0))], seconds=600)
    page, said = report(path, out=tmp_path / "a.html")
    assert plots(page) == {}
    assert "No step was counted in 10 min 00 s" in page and "No step was counted" in said


def test_walks_too_short_for_a_grade_are_told_and_not_called_flat(shoe_records, tmp_path):
    path = session_logs.write(tmp_path / "a.bsl", shoe_records[:18], seconds=60)
    page, _ = report(path, out=tmp_path / "a.html")
    assert "No walk had 22 strides one way without a pause" in page and "No trend yet" in page
    assert "<dd>–</dd>" in page and "0.0 min" not in page[: page.index('id="time"')]
    assert not any(said.startswith(("Grade", "Variability")) for said in plots(page))


def test_ten_hours_and_lost_blocks_are_said(shoe, shoe_records, tmp_path):
    path = session_logs.write(tmp_path / "a.bsl", shoe_records, seconds=36000)
    page, said = report(path, out=tmp_path / "a.html")
    assert "It ran for 10 h 00 min" in page and "It ran for 10 h" in said
    data = bytearray(shoe.session.read_bytes())
    data[data.index(MAGIC, 600) + 60] ^= 1
    path.write_bytes(data)
    page, said = report(path, out=tmp_path / "a.html")
    assert "1 block lost" in page and "sync again" in said and 'fill: url(#' in page


@pytest.mark.parametrize(
    ("begin", "hours", "told"),
    [
        ("2026-11-29T21:30:00+00:00", 1.0, "29 Nov 2026, 22:30 to 23:30 CET (UTC+01:00)"),
        ("2026-11-29T22:30:00+00:00", 1.0, "29 Nov 2026, 23:30 to 30 Nov 00:30 CET (UTC+01:00), past midnight"),
        (
            "2026-10-25T00:30:00+00:00", 1.0,
            "25 Oct 2026, 02:30 CEST (UTC+02:00) to 02:30 CET (UTC+01:00): the clock was put in between",
        ),
    ],
)  # fmt: skip
def test_midnight_and_a_change_of_summer_time_are_told(begin, hours, told, monkeypatch):
    import time
    from datetime import datetime

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        unix_ms = round(1000 * datetime.fromisoformat(begin).timestamp())
        assert words.when(unix_ms, 3600 * hours) == told
        offset_min = int(datetime.fromtimestamp(unix_ms / 1000).astimezone().utcoffset().total_seconds() / 60)
        assert words.when(unix_ms, 3600 * hours, offset_min) == told  # the wearer's clock is the laptop's
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_session_from_elsewhere_is_told_in_its_wearers_time():
    told = words.when(1_764_412_200_000, 1800.0, -210)
    assert told == "29 Nov 2025, 07:00 to 07:30 UTC-03:30"


def test_a_pod_without_a_clock_and_without_level_is_told_what_to_do(shoe_records, tmp_path):
    path = session_logs.write(tmp_path / "a.bsl", shoe_records, seconds=120, wearer=None)
    page, _ = report(path, out=tmp_path / "a.html")
    assert "level not calibrated: grades may be 4 % off" in page and "climbed, level not calibrated" in page
    assert not any(said.startswith(("Grade", "Way by grade")) for said in plots(page))
    told = " ".join(missing(view(path)))
    for word in ("backstep time", "backstep calibrate", "wearer_kg=70"):
        assert word in told
