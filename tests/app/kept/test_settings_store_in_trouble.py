"""Settings on a flash that refuses, and sets of which nothing is sound."""

import json
import os
from pathlib import Path

import pytest
from backstep.app.kept import settings_store, twin
from backstep.core import settings as rules

KEPT = rules.check({"placement": "wrist", "snooze_min": 9, "pod_name": "left"})
FIXTURES = Path(__file__).parents[2] / "fixtures" / "settings"


class Flash:
    def __init__(self, folder):
        self.folder, self.path, self.stem = folder, f"{folder}/settings.json", f"{folder}/settings"
        self.said: list[str] = []

    def load(self):
        self.said.clear()
        return settings_store.load(self.path, self.said.append)

    def put(self, name, data):
        (self.folder / name).write_bytes(data)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def flash(tmp_path):
    flash = Flash(tmp_path)
    settings_store.save(flash.path, KEPT)
    return flash


def refuse(*args):
    raise OSError(5)


def test_what_is_saved_is_its_schema_beside_every_setting(flash):
    assert twin.read(flash.stem) == ({"version": rules.VERSION, "settings": KEPT}, 1, [])


def test_two_damaged_copies_are_told_and_kept_and_the_defaults_run(flash):
    settings_store.save(flash.path, KEPT)
    flash.put("settings.a", b"damaged")
    flash.put("settings.b", b"damaged too")
    assert flash.load() == rules.defaults()
    assert flash.said == [
        f"settings: {flash.stem}.a: 7 bytes, of which the checksum is wrong; kept as {flash.stem}.bad.a",
        f"settings: {flash.stem}.b: 11 bytes, of which the checksum is wrong; kept as {flash.stem}.bad.b",
        "settings: running on the defaults",
    ]
    assert flash.names() == ["settings.bad.a", "settings.bad.b"]
    settings_store.save(flash.path, KEPT)
    assert flash.load() == KEPT and flash.said == []


@pytest.mark.parametrize(
    "table", [[], "text", 7, {}, {"version": 2}, {"version": 2, "settings": [1]}, {"settings": {"snooze_min": 9}}]
)
def test_a_stored_table_of_another_shape_is_set_aside(flash, table):
    twin.write(flash.stem, table)
    assert flash.load() == rules.defaults()
    assert flash.said[-1].startswith("settings: running on the defaults; kept as ")
    assert flash.names() == ["settings.bad.a", "settings.bad.b"]


def test_a_stored_set_of_the_first_schema_is_taken_over(flash):
    twin.write(flash.stem, {"version": 1, "settings": {"placement": "belt", "snooze_min": 0}})
    assert flash.load() == rules.check({"placement": "belt", "snooze_min": 0})
    assert flash.said == []


def test_a_file_beside_replaces_what_is_not_sound_and_loses_nothing_of_it(flash):
    flash.put("settings.a", b"damaged")
    flash.put("settings.json", b'{"snooze_min": 3}')
    assert flash.load() == rules.check({"snooze_min": 3})
    assert flash.names() == ["settings.a", "settings.bad.a"]
    assert flash.load() == rules.check({"snooze_min": 3})


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"null", b'{"snooze_min": NaN}', b'{"snooze_min": 3.0}'])
def test_bytes_that_are_no_settings_are_kept_and_those_before_run(flash, data):
    flash.put("settings.json", data)
    assert flash.load() == KEPT
    assert flash.said[-1] == (
        f"settings: running on those from before; the damaged file is kept as {flash.stem}.bad"
    )
    assert (flash.folder / "settings.bad").read_bytes() == data
    assert flash.load() == KEPT and flash.said == []


def test_every_fault_of_a_file_is_a_line(flash):
    flash.put("settings.json", json.dumps({"hue": 1, "snooze_min": 99}).encode())
    flash.load()
    assert flash.said[:2] == ["settings: hue: no such setting", "settings: snooze_min: 99 is outside 0..60 min"]


def test_a_file_of_4096_letters_is_read_and_a_longer_one_is_not(flash):
    text = b'{"snooze_min": 3}'
    flash.put("settings.json", text + b" " * (4096 - len(text)))
    assert flash.load()["snooze_min"] == 3
    flash.put("settings.json", b'{"snooze_min": 4}' + b" " * (4097 - len(text)))
    assert flash.load()["snooze_min"] == 3
    assert flash.said[0] == "settings: longer than 4096 characters"


def test_a_file_that_cannot_be_read_stays_and_those_before_run(flash):
    (flash.folder / "settings.json").mkdir()
    assert flash.load() == KEPT
    (said,) = flash.said
    assert said.startswith(f"settings: {flash.path} cannot be read (") and said.endswith("those from before")
    assert flash.names() == ["settings.a", "settings.json"]


def test_a_damaged_file_that_cannot_be_set_aside_stays(flash, monkeypatch):
    monkeypatch.setattr(os, "rename", refuse)
    flash.put("settings.json", b"{")
    assert flash.load() == KEPT
    assert flash.said[-1].endswith("; the damaged file stays (OSError: 5)")


def test_a_save_that_is_refused_is_an_error_and_changes_nothing(flash, monkeypatch):
    monkeypatch.setattr(twin, "open", refuse, raising=False)
    with pytest.raises(OSError):
        settings_store.save(flash.path, rules.defaults())
    monkeypatch.undo()
    assert flash.load() == KEPT and flash.said == []


def test_stored_settings_are_told_without_a_look_at_the_file_beside(flash):
    flash.put("settings.json", b'{"snooze_min": 3}')
    assert settings_store.stored(flash.path, flash.said.append) == KEPT
    assert flash.names() == ["settings.a", "settings.json"]


def test_there_is_a_fixture_for_every_schema_and_it_names_settings_of_today():
    files = sorted(path.name for path in FIXTURES.iterdir())
    assert files == ["v1.json"] + [f"v{version}.a" for version in range(2, rules.VERSION + 1)]
    newest = twin.read(str(FIXTURES / f"v{rules.VERSION}"))[0]
    assert newest["version"] == rules.VERSION and set(newest["settings"]) <= set(rules.defaults())
    same = [name for name, value in newest["settings"].items() if rules.defaults()[name] == value]
    assert same == ["placement", "mount_x", "mount_z"]  # a value that is lost is seen of all others
