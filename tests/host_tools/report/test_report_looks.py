"""How a page looks: its colours by their contrast, and the whole of it in a browser, where there is one."""

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from talking import command

from host_tools.report.html import style

pytestmark = pytest.mark.slow

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WORDS = ("ink", "soft", "link")
MARKS = ("backward", "forward", "other", "warn", "cue", "soft", "ink", "line")
# What a browser is asked of a page: faults, what is wider than the window, plots that show nothing or too small.
PROBE = """<script>
window.faults = [];
addEventListener("error", fault => faults.push(fault.message));
addEventListener("load", () => {
  const shown = [...document.querySelectorAll("svg.plot")].filter(plot => plot.getClientRects().length);
  const marks = plot => [...plot.querySelectorAll("g path, g use, g polyline")].filter(one => {
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    return box.width + box.height > 1 && (style.stroke != "none" || style.fill != "none");
  }).length;
  const px = text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
  const told = {
    faults, shown: shown.length,
    empty: shown.filter(plot => marks(plot) == 0).map(plot => plot.getAttribute("aria-label")),
    unnamed: shown.filter(plot => !plot.getAttribute("aria-label")).length,
    unreached: [...shown, ...document.querySelectorAll("summary, a")].filter(one => one.tabIndex < 0).length,
    small: Math.min(...shown.flatMap(plot => [...plot.querySelectorAll("text")].map(px))),
    cut: [...document.querySelectorAll(".scrolled")].filter(one => one.clientWidth && !one.closest("details")
      && one.scrollWidth > one.clientWidth).map(one => one.getAttribute("aria-label")),
    wide: document.documentElement.scrollWidth - innerWidth,
    ground: getComputedStyle(document.body).backgroundColor,
  };
  const put = document.createElement("pre");
  put.id = "told";
  put.textContent = JSON.stringify(told);
  document.body.append(put);
});
</script>"""


def colours():
    """Return the colours of style.css: light, dark, print."""
    blocks = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)
    return [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in blocks]


def contrast(one, other):
    """Return WCAG's contrast of two colours."""
    lights = sorted((light(colour) for colour in (one, other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def light(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_aa_in_light_in_dark_and_on_paper():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    found = colours()
    assert len(found) == 3
    for scheme in found:
        for ground in ("ground", "card", "band"):
            assert [word for word in WORDS if contrast(scheme[word], scheme[ground]) < 4.5] == []
        assert [mark for mark in MARKS if contrast(scheme[mark], scheme["card"]) < 3] == []
        assert contrast(scheme["backward"], scheme["forward"]) > 1.8  # told apart on a printer without colour too


def browse(page: Path, width: int, height: int, dark: bool, *words: str) -> subprocess.CompletedProcess:
    """Have a browser open a page; no window, nothing of the user's."""
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    profile = page.with_suffix(f".profile-{width}-{dark}")
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
    own = ("--disable-background-networking", f"--user-data-dir={profile}", f"--window-size={width},{height}")
    line = [BROWSER, *quiet, *own, scheme, *words, page.as_uri()]
    return subprocess.run(line, capture_output=True, text=True, timeout=300, check=True)


def requested(log: Path) -> list[str]:
    """Return the addresses that a page asked for, by Chromium's log of its network; not what that asks itself."""
    told = [event.get("params") or {} for event in json.loads(log.read_text())["events"]]
    of_page = {params["url"] for params in told if params.get("initiator", "not an origin") != "not an origin"}
    return sorted(url for url in of_page if not url.startswith(("data:", "file:")))


@pytest.mark.slow
@pytest.mark.skipif(not BROWSER, reason="no Chromium here")
def test_a_planted_request_and_a_planted_fault_are_seen(tmp_path):
    page, log = tmp_path / "a.html", tmp_path / "net.json"
    page.write_text(f'<!DOCTYPE html>{PROBE}<img src="http://backstep.invalid/x.png"><script>none()</script>')
    words = (f"--log-net-log={log}", "--enable-logging=stderr", f"--screenshot={tmp_path / 'a.png'}")
    seen = browse(page, 390, 800, False, *words)
    assert "CONSOLE" in seen.stderr and requested(log) == ["http://backstep.invalid/x.png"]


@pytest.fixture(scope="module")
def pages(shoe, belt, tmp_path_factory):
    """The page of a shoe pod, of a belt pod, and of both beside each other."""
    made = [tmp_path_factory.mktemp("pages") / f"{name}.html" for name in ("shoe", "belt", "two")]
    shown = (shoe.session,), (belt.session,), (shoe.session, "--with", belt.session)
    for page, words in zip(made, shown, strict=True):
        assert command("report", *words, "--out", page)[0] == 0
    return made


@pytest.mark.slow
@pytest.mark.skipif(not BROWSER, reason="no Chromium here")
@pytest.mark.parametrize(
    ("width", "height", "dark"), [(390, 9000, False), (1280, 5000, True)], ids=["phone, light", "desk, dark"]
)
def test_a_browser_shows_it_whole(pages, width, height, dark, tmp_path):
    pictures = Path(os.environ.get("BACKSTEP_PICTURES", tmp_path))
    pictures.mkdir(parents=True, exist_ok=True)
    for page in pages:
        picture = pictures / f"{page.stem}-{width}-{'dark' if dark else 'light'}.png"
        log = tmp_path / "net.json"
        logged = (f"--screenshot={picture}", f"--log-net-log={log}", "--enable-logging=stderr")
        seen = browse(page, width, height, dark, *logged)
        assert "CONSOLE" not in seen.stderr and requested(log) == []
        assert picture.stat().st_size > 10_000
        probed = page.with_suffix(".probe.html")
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text())
        probed.write_text(text.replace("<head>", "<head>" + PROBE))
        dom = browse(probed, width, height, dark, "--dump-dom").stdout
        told = json.loads(unescape(re.search(r'<pre id="told">(.*?)</pre>', dom).group(1)))
        assert told["shown"] >= (2 if page.stem == "belt" else 10)
        assert (told["faults"], told["empty"], told["unnamed"], told["unreached"]) == ([], [], 0, 0)
        assert told["cut"] == [] and told["wide"] <= 0 and told["small"] >= 9
        assert told["ground"] == ("rgb(20, 23, 27)" if dark else "rgb(255, 255, 255)")
