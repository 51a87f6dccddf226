"""The list of settings: each with what it means, in 80 columns."""

import io

import pytest
from backstep.core import settings as pod_settings
from rich.console import Console

from host_tools.__main__ import main
from host_tools.settings_args import range_of
from host_tools.talk import config
from host_tools.talk.settings_words import GROUPS, INTERNAL

NAMES = [row[0] for row in pod_settings.TABLE]


def listed(settings, with_internal=False, width=80) -> str:
    out = io.StringIO()
    Console(file=out, width=width).print(config._listed(settings, with_internal))
    return out.getvalue()


def joined(text) -> str:
    return " ".join(text.split())


def test_every_setting_has_a_meaning_and_is_listed_once():
    told = [name for _, rows in (*GROUPS, INTERNAL) for name, _ in rows]
    assert sorted(told) == sorted(NAMES)
    assert all(words for _, rows in (*GROUPS, INTERNAL) for _, words in rows)


def test_a_sensitivity_says_which_way_it_goes():
    assert "higher: earlier warnings, and more false ones" in joined(listed(pod_settings.defaults()))


@pytest.mark.parametrize("with_internal", [False, True])
def test_the_list_fits_80_columns_and_leaves_out_what_programs_set(with_internal):
    text = listed(pod_settings.defaults(), with_internal)
    assert max(map(len, text.splitlines())) <= 80
    internal = [name for name, _ in INTERNAL[1]]
    for name in NAMES:
        assert (f"\n  {name} " in text) == (with_internal or name not in internal), name
    assert ("13 more with --all" in text) != with_internal


def test_what_was_changed_is_marked_and_its_default_told():
    text = joined(listed(pod_settings.defaults() | {"toe_lift_deg": 12}))
    assert "toe_lift_deg 12 * " in text and "or 0; default 8)" in text
    assert "* " not in joined(listed(pod_settings.defaults())).replace("* changed", "")


def test_what_a_setting_may_be_comes_from_the_table_that_checks_it():
    text = joined(listed(pod_settings.defaults(), True, width=300))
    for row in pod_settings.TABLE:
        assert f"({range_of(row)})" in text


def test_a_setting_of_another_firmware_is_listed_by_its_value():
    text = joined(listed(pod_settings.defaults() | {"hat": 3}))
    assert "OF ANOTHER FIRMWARE hat 3 not known here" in text


class Pod:
    """Answers as a pod at the belt whose settings are these."""

    def __init__(self, settings):
        self.settings = {"placement": "belt", "frame": "body", **settings}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def ask(self, _, values):
        self.settings |= values
        return {"changed": list(values), "waits": []}

    def ask_again(self, _):
        return {"settings": self.settings}


@pytest.mark.parametrize(
    ("before", "word", "is_told"),
    [({}, "frame=sensor", True), ({}, "log=0", False), ({"frame": "sensor"}, "placement=shoe", False),
     ({"frame": "sensor"}, "frame=body", False)],
)  # fmt: skip
def test_a_belt_that_is_set_to_warn_of_nothing_is_told_so(before, word, is_told, monkeypatch, capsys):
    monkeypatch.setattr(config, "connected", lambda args: Pod(before))
    assert main(["config", "set", word]) == 0
    assert ("NO SWAY IS WARNED OF" in capsys.readouterr().out) == is_told


class Older(Pod):
    """A pod whose settings are those of earlier firmware."""

    gone = "settings: sway_lean_deg: gone, all else is kept; use sway_sensitivity instead"

    def ask(self, *asked, **values):
        return super().ask(*asked, **values) | {"gone": self.gone}

    def ask_again(self, *asked):
        return super().ask_again(*asked) | {"gone": self.gone}


@pytest.mark.parametrize("words", [["list"], ["get", "frame"], ["get", "frame", "--json"], ["set", "log=0"]])
@pytest.mark.parametrize("kind", [Pod, Older])
def test_settings_that_are_no_more_are_told_of_once(words, kind, monkeypatch, capsys):
    monkeypatch.setattr(config, "connected", lambda args: kind({}))
    assert main(["config", *words]) == 0
    assert capsys.readouterr().err == (f"{Older.gone}\n" if kind is Older else "")
