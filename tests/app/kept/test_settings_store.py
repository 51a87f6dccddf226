"""The settings on flash: taken over, migrated, damaged, refused."""

import json
import shutil
from pathlib import Path

import pytest
from backstep.app.kept import settings_store, twin
from backstep.core import settings as rules

FIXTURES = Path(__file__).parents[2] / "fixtures" / "settings"
GONE = ("sway_lean_deg", "sway_rate_dps")  # with schema 6
V1 = json.loads((FIXTURES / "v1.json").read_text())


@pytest.fixture
def flash(tmp_path):
    class Flash:
        path = str(tmp_path / "settings.json")
        said: list[str] = []

        def load(self):
            self.said = []
            return settings_store.load(self.path, self.said.append)

        def put(self, name, text):
            (tmp_path / name).write_text(text)

        def names(self):
            return sorted(path.name for path in tmp_path.iterdir())

    return Flash()


def test_a_blank_flash_runs_on_the_defaults_and_says_nothing(flash):
    assert flash.load() == rules.defaults()
    assert flash.said == [] and flash.names() == []


def test_what_was_saved_comes_back(flash):
    wanted = rules.check({"placement": "wrist", "pod_name": "one"})
    settings_store.save(flash.path, wanted)
    assert flash.load() == settings_store.stored(flash.path, print) == wanted


def test_a_file_beside_is_a_whole_new_set_and_goes(flash):
    settings_store.save(flash.path, rules.check({"placement": "wrist", "snooze_min": 9}))
    flash.put("settings.json", '{"placement": "belt"}')
    assert flash.load() == rules.check({"placement": "belt"})
    assert flash.names() == ["settings.a", "settings.b"]
    assert flash.load() == rules.check({"placement": "belt"})


@pytest.mark.parametrize("text", ["{", "[]", '{"placement": "hat"}', '{"hue": 1}', "[" * 4000, "x" * 5000])
def test_a_file_that_is_not_sound_changes_nothing_and_is_kept(flash, text):
    kept = rules.check({"placement": "wrist"})
    settings_store.save(flash.path, kept)
    flash.put("settings.json", text)
    assert flash.load() == kept
    assert "running on those from before" in flash.said[-1] and "kept as" in flash.said[-1]
    assert flash.names() == ["settings.a", "settings.bad"]


def test_a_stored_set_that_is_whole_but_not_allowed_is_set_aside(flash):
    twin.write(flash.path.removesuffix(".json"), {"version": rules.VERSION, "settings": {"placement": "hat"}})
    assert flash.load() == rules.defaults()
    assert "placement: 'hat' is none of" in flash.said[0] and "running on the defaults" in flash.said[1]
    assert flash.names() == ["settings.bad.a"]


@pytest.mark.parametrize("version", [0, rules.VERSION + 1, "2", None, True])
def test_a_schema_that_is_not_known_is_set_aside(flash, version):
    twin.write(flash.path.removesuffix(".json"), {"version": version, "settings": {}})
    assert flash.load() == rules.defaults()
    assert f"schema {version!r} is unknown, want 1..{rules.VERSION}" in flash.said[0]


def test_damage_to_one_copy_runs_on_the_other_and_says_so(flash):
    first, second = rules.check({"snooze_min": 1}), rules.check({"snooze_min": 2})
    for wanted in (first, second):
        settings_store.save(flash.path, wanted)
    flash.put("settings.b", "damaged")
    assert flash.load() == first
    assert "settings: running on the other copy" in flash.said


def test_a_flash_that_refuses_leaves_the_file_for_the_next_start(flash, monkeypatch):
    flash.put("settings.json", '{"placement": "belt"}')

    def refuse(path, table):
        raise OSError(28)

    monkeypatch.setattr(twin, "pieces", refuse)
    assert flash.load()["placement"] == "belt"
    assert "is not taken over" in flash.said[0] and flash.names() == ["settings.json"]


def stored_as(version, flash):
    if version == 1:
        shutil.copy(FIXTURES / "v1.json", flash.path)
    else:
        shutil.copy(FIXTURES / f"v{version}.a", flash.path.replace(".json", ".a"))


@pytest.mark.parametrize("version", range(1, rules.VERSION + 1))
def test_settings_of_every_earlier_schema_keep_their_values(flash, version):
    stored_as(version, flash)
    found = flash.load()
    wanted = V1
    if version > 1:
        wanted = json.loads((FIXTURES / f"v{version}.a").read_text().splitlines()[0])["table"]["settings"]
        assert found["pod_name"] == "left shoe"
    wanted = {name: value for name, value in wanted.items() if name not in GONE}
    assert {name: found[name] for name in wanted} == wanted
    assert found == rules.check(wanted)
    told = "settings: sway_lean_deg, sway_rate_dps: gone, all else is kept; use sway_sensitivity instead"
    assert flash.said == ([told] if version < 6 else [])


@pytest.mark.parametrize("version", range(1, rules.VERSION))
def test_settings_that_are_no_more_are_told_of_until_settings_are_kept_anew(flash, version):
    stored_as(version, flash)
    found = flash.load()
    told = []
    assert settings_store.stored(flash.path, print) == found
    assert settings_store.stored(flash.path, print, told.append) == found
    assert len(told) == (version > 1) and flash.load() == found  # a settings.json was kept anew
    assert len(flash.said) == (version > 1)
    settings_store.save(flash.path, found)
    assert flash.load() == found and flash.said == []


def test_a_setting_that_is_no_more_and_was_as_it_came_is_nothing_to_tell(flash):
    flash.put("settings.json", '{"placement": "belt", "sway_lean_deg": 10, "sway_rate_dps": 60}')
    assert flash.load() == rules.check({"placement": "belt"}) and flash.said == []


def test_one_setting_that_is_no_more_is_told_of_by_its_name(flash):
    flash.put("settings.json", '{"placement": "belt", "sway_rate_dps": 70}')
    assert flash.load() == rules.check({"placement": "belt"})
    (line,) = flash.said
    assert line == "settings: sway_rate_dps: gone, all else is kept; use sway_sensitivity instead"
