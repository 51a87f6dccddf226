"""The picture of a session: it shows what `backstep sim` walks, and can be seen on a light page and a dark one."""

import argparse
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from host_tools.docs import session_picture
from host_tools.sim import sim

PAGES = ("#ffffff", "#0d1117")  # GitHub's, light and dark
CONTRAST = 4.0


@pytest.fixture(scope="module")
def picture():
    return session_picture.picture()


def words(picture):
    return [mark.text for mark in ElementTree.fromstring(picture) if mark.tag.endswith("text")]


@pytest.mark.slow
@pytest.mark.parametrize("k, placement", ((0, "shoe"), (1, "belt")))
def test_its_session_is_the_one_that_backstep_sim_walks(k, placement):
    parser = argparse.ArgumentParser()
    sim.add_arguments(parser)
    walked = sim.recordings(parser.parse_args([]))[k]
    assert walked.placement == placement
    assert np.array_equal(walked.samples, session_picture.worn(placement).made.samples)


def test_a_bar_for_every_stride_by_direction(picture):
    strides = [event["direction"] for _, event in session_picture.worn("shoe").told("stride")]
    bars = [mark for mark in ElementTree.fromstring(picture) if mark.get("width") == "5"]
    for direction, colour in session_picture.COLOURS.items():
        assert sum(bar.get("fill") == colour for bar in bars) == strides.count(direction) > 0


def test_it_says_what_the_pods_counted_and_how_long_before_impact_they_warned(picture):
    shoe, belt = session_picture.worn("shoe"), session_picture.worn("belt")
    (warned_s, _), (_, fell) = belt.told("sway")[-1], belt.made.truth.sways
    lead_ms = round(1000 * (belt.s(fell.impact) - warned_s))
    assert lead_ms > 0
    told = words(picture)
    assert f"warned {lead_ms} ms before impact" in told
    assert f"{shoe.counts.forward} steps forward" in told
    assert any(word.startswith(f"{shoe.counts.backward} steps backward") for word in told)
    assert told.count("SWAY: warned") == belt.counts.sways == 1 and told.count("FALL") == belt.counts.falls == 1


def test_nothing_leaves_the_picture(picture):
    for mark in ElementTree.fromstring(picture):
        for x, y in (pair.split(",") for pair in mark.get("points", "").split()):
            assert 0 <= float(x) <= session_picture.WIDTH and 0 <= float(y) <= session_picture.HEIGHT
        if mark.tag.endswith("rect"):
            assert 0 <= float(mark.get("x")) <= session_picture.WIDTH - float(mark.get("width"))
            assert 0 <= float(mark.get("y")) <= session_picture.HEIGHT - float(mark.get("height"))


def test_every_colour_is_seen_on_a_light_page_and_on_a_dark_one(picture):
    colours = set(re.findall("#[0-9a-f]{6}", picture))
    assert len(colours) == 5
    for colour in colours:
        for page in PAGES:
            assert contrast(colour, page) >= CONTRAST, (colour, page)


def contrast(one, other):
    """Return the contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    shares = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
