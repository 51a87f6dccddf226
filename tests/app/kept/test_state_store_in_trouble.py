"""The pod's state when it is damaged, refused, or older than the session log."""

from binascii import crc32

import pytest
from backstep.app.kept import state_store, twin
from backstep.core.log import log
from backstep.core.log.log_format import Block
from backstep.core.log.log_head import HEAD
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DAY = 20_000
NEW = {"boots": 1, "early": 0, "left": 0, "low": 0, "error": "", "day": 0, "counts": [0] * 5, "days": []}


class Flash:
    def __init__(self, folder):
        self.root, self.path, self.folder = folder, f"{folder}/state", f"{folder}/log"
        self.said: list[str] = []

    def begin(self, cause="power on"):
        return state_store.begin(self.path, self.folder, cause, 3900, self.said.append)

    def keep(self, day, *counts):
        state_store.keep_counts(self.path, day, counts, [], self.said.append)

    def block(self, name, **head):
        block = Block()
        block.put(log.END, 5, [1])
        (self.root / "log").mkdir(exist_ok=True)
        with (self.root / "log" / name).open("ab") as file:
            file.write(block.close([head.get(field, 0) for field, _ in HEAD], crc32))


@pytest.fixture
def flash(tmp_path):
    return Flash(tmp_path)


def refuse(*args):
    raise OSError(5)


def test_the_first_start_of_all(flash):
    assert flash.begin() == NEW
    assert flash.said == []


@pytest.mark.parametrize("cause", ["power on", "USB reset", "deep sleep"])
def test_a_harmless_reset_forgets_early_ends(flash, cause):
    flash.begin()
    for early in (1, 2, 3, 4):
        assert flash.begin("watchdog")["early"] == early
    assert flash.begin(cause)["early"] == 0


@pytest.mark.parametrize("cause", ["watchdog", "unknown", "soft reset", "hard reset", "brown-out"])
def test_any_other_reset_counts(flash, cause):
    flash.begin()
    assert [flash.begin(cause)["early"] for _ in range(state_store.EARLY_MAX)] == [1, 2, 3]


def test_every_note_changes_its_own_part_only(flash):
    flash.begin("watchdog")
    notes = (
        (lambda: state_store.failed(flash.path, "a bug", flash.said.append), {"error": "a bug"}),
        (lambda: flash.keep(DAY, 1, 2, 3, 4, 5), {"day": DAY, "counts": [1, 2, 3, 4, 5]}),
        (lambda: state_store.left(flash.path, flash.said.append), {"early": 0, "left": 1}),
        (lambda: state_store.steady(flash.path, flash.said.append), {"early": 0}),
    )
    for note, changes in notes:
        before = twin.read(flash.path)[0]
        note()
        assert twin.read(flash.path)[0] == before | changes
    state = flash.begin("soft reset")
    assert state == NEW | {"boots": 2, "error": "a bug", "day": DAY, "counts": [1, 2, 3, 4, 5]}


def test_boots_stop_at_what_the_head_of_a_block_can_hold(flash):
    twin.write(flash.path, NEW | {"boots": 0xFFFE})
    assert [flash.begin()["boots"] for _ in range(3)] == [0xFFFF] * 3


def test_a_flash_that_refuses_is_said_and_the_pod_starts_all_the_same(flash, monkeypatch):
    flash.begin()
    monkeypatch.setattr(twin, "write", refuse)
    assert flash.begin("watchdog") == NEW | {"boots": 2, "early": 1}
    assert flash.said == ["state: cannot be written (OSError: 5)"]


def test_a_log_that_cannot_be_read_is_said_and_the_pod_starts_all_the_same(flash):
    (flash.root / "log").write_text("no folder")
    assert flash.begin()["boots"] == 1
    (said,) = flash.said
    assert said.startswith(f"log: {flash.folder} cannot be read (")


def test_a_sound_copy_that_is_no_table_is_a_new_state(flash):
    twin.write(flash.path, [1, 2])
    assert flash.begin() == NEW


def test_a_state_of_an_earlier_firmware_gets_what_it_lacks(flash):
    twin.write(flash.path, {"boots": 8})
    assert flash.begin() == NEW | {"boots": 9}


def test_boots_are_taken_from_names_where_no_block_is_sound(flash):
    flash.block("00012-01.bsl")
    (flash.root / "log" / "00012-01.bsl").write_bytes(b"damaged")
    assert flash.begin() == NEW | {"boots": 13}


def test_a_block_of_an_earlier_start_is_older_than_the_state(flash):
    for _ in range(3):
        flash.begin()
    flash.keep(DAY, 4, 0, 0, 0, 0)
    flash.block("00002-01.bsl", boot=2, day=DAY + 1, backward=90)
    state = flash.begin()
    assert (state["boots"], state["day"], state["counts"]) == (4, DAY, [4, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("day", "backward", "newer"),
    [(DAY, 5, True), (DAY, 4, False), (DAY, 3, False), (DAY + 1, 0, True), (DAY - 1, 99, False)],
)
def test_of_block_and_state_the_later_day_counts_or_the_higher_sum(flash, day, backward, newer):
    flash.begin()
    flash.keep(DAY, 0, 4, 0, 0, 0)
    flash.block("00001-01.bsl", boot=1, day=day, backward=backward)
    state = flash.begin()
    assert (state["day"], state["counts"]) == ((day, [backward, 0, 0, 0, 0]) if newer else (DAY, [0, 4, 0, 0, 0]))
    before = {DAY + 1: [[DAY, 0, 4, 0, 0, 0]], DAY: [], DAY - 1: [[DAY - 1, 99, 0, 0, 0, 0]]}
    assert state["days"] == before[day]


def test_counts_are_taken_in_their_order(flash):
    flash.block("00001-01.bsl", boot=1, day=DAY, backward=1, forward=2, other=3, sways=4, falls=5)
    assert flash.begin()["counts"] == [1, 2, 3, 4, 5]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from((".a", ".b")), st.binary(max_size=60), st.integers(0, 120))
def test_whatever_happens_to_one_copy_the_other_goes_on(flash, copy, junk, at):
    twin.write(flash.path, NEW | {"boots": 50})
    newest = 0
    for _ in range(2):
        newest = flash.begin()["boots"]
    path = flash.root / ("state" + copy)
    data = path.read_bytes()
    path.write_bytes(data[:at] + junk + data[at + len(junk) :])
    assert flash.begin()["boots"] in (newest, newest + 1)
