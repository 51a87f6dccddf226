"""Which slot starts: the one that is named, and the other one after three starts that did not last."""

import pytest
from backstep.app.kept import slot
from slots import CAUSES, start

from host_tools.install import archive, podfiles

BOTH = {
    podfiles.archive_path(name): archive.packed({"which.json": name.encode()}) for name in podfiles.SLOTS
}  # fmt: skip


def which(files, cause="WDT_RESET"):
    found, fell = start(files, CAUSES[cause])
    return found["which.json"].decode(), fell


@pytest.mark.parametrize(
    ("pointer", "slot"),
    ((b"a", "a"), (b"b", "b"), (b"b\n", "b"), (b"", "a"), (b"c 1", "a"), (b"\xff\xfe", "a"), (b"b x", "a")),
)
def test_the_pointer_names_the_slot_and_a_damaged_one_means_the_first(pointer, slot):
    assert which(BOTH | {podfiles.POINTER: pointer}) == (slot, "")


def test_without_a_pointer_or_with_one_archive_alone_that_is_there_starts():
    assert which(dict(BOTH)) == ("a", "")
    only = {podfiles.archive_path("b"): BOTH[podfiles.archive_path("b")]}
    assert which(dict(only)) == ("b", "slot b, since slot a is not whole")
    with pytest.raises(OSError, match="no firmware on this pod: run `backstep deploy`"):
        start({})


def test_a_cut_archive_is_not_started():
    path = podfiles.archive_path("b")
    files = BOTH | {path: BOTH[path][:50], podfiles.POINTER: b"b"}
    assert which(files) == ("a", "slot a, since slot b is not whole")
    assert files[podfiles.POINTER] == b"a"


def test_a_new_firmware_has_three_starts_then_the_other_slot_has_its_turn_for_good():
    files = BOTH | {podfiles.POINTER: b"b 0"}
    for tries in (b"b 1", b"b 2", b"b 3"):
        assert which(files) == ("b", "")
        assert files[podfiles.POINTER] == tries
    assert which(files) == ("a", "slot a, since slot b did not last a minute")
    for _ in range(5):
        assert which(files) == ("a", "")


def test_power_that_is_taken_away_is_no_failure():
    files = BOTH | {podfiles.POINTER: b"b 0"}
    for cause in ("PWRON_RESET", "DEEPSLEEP_RESET") * 3:
        assert which(files, cause) == ("b", "")
    assert files[podfiles.POINTER] == b"b 0"


def test_a_new_firmware_without_another_one_starts_for_ever():
    files = {podfiles.archive_path("b"): BOTH[podfiles.archive_path("b")], podfiles.POINTER: b"b 3"}
    for _ in range(5):
        assert which(files) == ("b", "")


@pytest.mark.parametrize(("before", "after"), (("b 2", "b"), ("b", "b"), ("", "")))
def test_a_firmware_that_has_lasted_is_counted_no_more(tmp_path, before, after):
    (tmp_path / "fw").mkdir()
    (tmp_path / "fw/slot").write_text(before)
    slot.lasted(str(tmp_path / "kept/settings.json"))
    assert (tmp_path / "fw/slot").read_text() == after


def test_a_pod_without_slots_is_left_alone(tmp_path):
    slot.lasted(str(tmp_path / "kept/settings.json"))
    assert not list(tmp_path.iterdir())
