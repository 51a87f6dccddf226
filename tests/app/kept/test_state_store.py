"""What the pod keeps of itself over resets."""

from binascii import crc32

import pytest
from backstep.app.kept import state_store
from backstep.core.log.log_format import Block
from backstep.core.log.log_head import HEAD


@pytest.fixture
def flash(tmp_path):
    class Flash:
        path, folder = str(tmp_path / "state"), str(tmp_path / "log")
        said: list[str] = []

        def begin(self, cause="power on", battery_mv=3900):
            return state_store.begin(self.path, self.folder, cause, battery_mv, self.said.append)

        def block(self, name, **head):
            (tmp_path / "log").mkdir(exist_ok=True)
            block = Block()
            block.put(33, 5, [1])
            data = block.close([head.get(field, 0) for field, _ in HEAD], crc32)
            with (tmp_path / "log" / name).open("ab") as file:
                file.write(data)

    return Flash()


def test_starts_are_counted(flash):
    assert [flash.begin()["boots"] for _ in range(3)] == [1, 2, 3]


def test_only_ends_that_nobody_wanted_count_as_early(flash):
    causes = ("power on", "watchdog", "watchdog", "soft reset", "unknown (7)", "deep sleep", "watchdog")
    assert [flash.begin(cause)["early"] for cause in causes] == [0, 1, 2, 3, 4, 0, 1]


def test_a_panic_is_a_hard_reset_and_counts_unless_the_app_was_left(flash):
    flash.begin()
    assert [flash.begin("hard reset")["early"] for _ in range(state_store.EARLY_MAX)] == [1, 2, 3]
    state_store.left(flash.path, print)  # as before machine.reset()
    assert flash.begin("hard reset")["early"] == 0


def test_the_first_start_of_a_pod_ends_no_other(flash):
    assert flash.begin("hard reset")["early"] == 0  # what deploy does
    assert flash.begin("hard reset")["early"] == 1


def test_a_reset_by_usb_is_harmless(flash):
    flash.begin("watchdog")
    assert flash.begin("watchdog")["early"] == 1
    assert flash.begin("USB reset")["early"] == 0


def test_power_ons_within_a_minute_on_a_low_battery_count(flash):
    """A motor that pulls a weak battery down starts the pod again and again: a brownout is a power on."""
    assert [flash.begin(battery_mv=3450)["early"] for _ in range(4)] == [0, 1, 2, 3]
    assert flash.begin(battery_mv=4150)["early"] == 0  # charged


@pytest.mark.parametrize("battery_mv", [3500, 3900, 4900, -1, 300])
def test_power_ons_on_a_good_or_unknown_battery_do_not(flash, battery_mv):
    assert [flash.begin(battery_mv=battery_mv)["early"] for _ in range(4)] == [0] * 4


def test_a_start_on_a_low_battery_that_lasted_or_was_left_is_none(flash):
    flash.begin(battery_mv=3450)
    state_store.steady(flash.path, print)
    assert flash.begin(battery_mv=3450)["early"] == 0
    state_store.left(flash.path, print)
    assert flash.begin(battery_mv=3450)["early"] == 0


def test_a_start_that_lasted_or_was_left_begins_anew(flash):
    flash.begin("watchdog")
    state_store.steady(flash.path, print)
    assert flash.begin("watchdog")["early"] == 1
    state_store.left(flash.path, print)
    assert flash.begin("soft reset")["early"] == 0
    assert flash.begin("soft reset")["early"] == 1  # not left


def test_the_last_error_is_kept_and_cut(flash):
    flash.begin()
    state_store.failed(flash.path, "ValueError: " + "x" * 500, print)
    assert flash.begin("watchdog")["error"] == "ValueError: " + "x" * 188


def test_counts_of_the_newest_block_are_caught_up_with(flash):
    flash.begin()
    flash.block("00001-01.bsl", boot=1, day=100, backward=7, forward=3, sways=2)
    flash.block("00001-01.bsl", boot=1, day=100, backward=9, forward=3, sways=2)
    state = flash.begin()
    assert (state["day"], state["counts"]) == (100, [9, 3, 0, 2, 0])


def test_counts_that_were_kept_outlive_the_blocks(flash):
    flash.begin()
    flash.block("00001-01.bsl", boot=1, day=100, backward=7)
    state_store.keep_counts(flash.path, 100, (12, 0, 0, 0, 0), [], print)
    assert flash.begin()["counts"] == [12, 0, 0, 0, 0]


def test_a_new_day_in_the_log_counts_although_it_has_fewer(flash):
    flash.begin()
    state_store.keep_counts(flash.path, 100, (500, 0, 0, 0, 0), [], print)
    flash.block("00001-01.bsl", boot=1, day=101, backward=1)
    state = flash.begin()
    assert (state["day"], state["counts"][0]) == (101, 1)


def test_a_lost_state_takes_its_number_from_the_log(flash):
    flash.block("00041-02.bsl", boot=41, day=100, backward=5)
    state = flash.begin()
    assert (state["boots"], state["counts"][0]) == (42, 5)


def test_damage_is_told_and_kept_aside(flash, tmp_path):
    flash.begin()
    (tmp_path / "state.a").write_text("damaged")
    assert flash.begin()["boots"] == 1
    assert flash.said[-1].startswith(f"state: {flash.path}.a: 7 bytes, of which the checksum is wrong; kept as")
