"""The doctor's checks, each well and unwell, by facts alone."""

from dataclasses import replace

import pytest
from well_pod import DAY, HELLO, PAIRED, SEEN, SESSION, STATUS, TESTED, WELL_FACTS

from host_tools.doctor.doctor import CHECKS, lines, summary
from host_tools.doctor.facts import NOBODY, PROMPT, Facts
from host_tools.doctor.finding import NOTE, UNSEEN, WELL, WRONG, judged

WHY = "radio: ENODEV; it stays off"
ALONE = PAIRED | {"band": "", "pods": [], "links": []}
CLOSED = "it ends the session: --yes allows that"


def told(**named):
    return {"status": (STATUS, STATUS | named)}


def prompt(**named):
    return {"prompt": SEEN | named}


def parts(**named):
    return prompt(parts=TESTED | named)


def unlooked(**named):
    return {"prompt": {}, "prompt_why": CLOSED} | named


# check: [(what differs from a pod that is well, state, words said, words of the remedy), ...]
UNWELL = {
    "cable": [
        ({"port": "", "port_why": "port: no pod on USB; plug one in"}, WRONG, "no pod on USB", "plug one in"),
        ({"port": "", "port_why": "port: A (x), B (y): which one? Name it"}, WRONG, "which one", ""),
        ({"port_why": "there is no such port"}, WRONG, "/dev/ttyACM0: there is no such port", "data cable"),
    ],
    "permission": [({"refusal": ("no permission", ("sudo x", "then y"))}, WRONG, "no permission", "sudo x")],
    "port": [
        ({"holders": ["screen (4711)"]}, WRONG, "screen (4711) has it open", "end that program"),
        ({"holders": ["ModemManager (5)"]}, WRONG, "modem", "systemctl stop"),
    ],
    "usb": [
        ({"usb": {"vid": 0x239A, "pid": 1, "product": "", "kind": "factory"}}, WRONG, "sold with", "hold BOOT"),
        ({"usb": {"vid": 0x1234, "pid": 1, "product": "Mouse", "kind": "other"}}, NOTE, "1234:0001 Mouse", "this"),
        ({"usb": {"vid": 0x1A86, "pid": 1, "product": "CH340", "kind": "bridge"}}, WELL, "bridge CH340", ""),
        ({"usb": {}}, WELL, "not on USB", ""),
    ],
    "answer": [
        ({"answers": NOBODY, "silence": "no answer; its port?", "hello": {}}, WRONG, "no answer", "its port?"),
        ({"answers": PROMPT, "hello": {}, "restarted": ""}, WRONG, "at MicroPython's prompt", "backstep reboot"),
        ({"first": PROMPT}, NOTE, "is started now", ""),
        ({"first": NOBODY}, NOTE, "started anew", "reasons"),
        (prompt(archives=[]), WRONG, "MicroPython does", "deploy"),
        ({"restart_why": "the firmware ended"}, WRONG, "did not start again: the firmware ended", "deploy"),
        (
            {"hello": HELLO | {"safe": True}, "reasons": {"early": 3, "error": "no imu"}},
            WRONG, "SAFE MODE: 3 starts in a row failed; the last error: no imu", "reboot",
        ),
    ],
    "chip": [
        (prompt(machine="ESP32C3 module with ESP32C3"), WRONG, "is an esp32c3, its board", "--board"),
        (unlooked(hello={}, board={}), UNSEEN, CLOSED, ""),
    ],
    "flash": [
        (prompt(flash=4 << 20, vfs=(2 << 20, 2 << 20)), WRONG, "4 MB, its board file says 8 MB", "vfs_size"),
        (prompt(flash=4 << 20), WRONG, "4 MB of flash, the file system wants 8 MB", "flash BOARD"),
        (prompt(flash=None, vfs=None), UNSEEN, "does not tell", ""),
        (unlooked(), UNSEEN, CLOSED, ""),
    ],
    "micropython": [
        (prompt(version=(1, 24, 1)), WRONG, "1.24.1 is too old", "1.25.0 or newer"),
        (unlooked(hello={}), UNSEEN, CLOSED, ""),
    ],
    "files": [
        (told(logging=False), WRONG, "nothing is logged", "--remove"),
        (prompt(space=None), WRONG, "cannot be read", "flash BOARD"),
        (prompt(archives=[]), WRONG, "no firmware in it", "deploy"),
        (unlooked(), UNSEEN, CLOSED, ""),
    ],
    "firmware": [
        ({"hello": HELLO | {"firmware": "0.1.9"}}, WRONG, "0.1.9, slot a; here is", "backstep deploy"),
        ({"hello": HELLO | {"firmware": "99.0"}}, NOTE, "newer than", "update this"),
        ({"hello": {}} | prompt(slot=None), WRONG, "none on it", "deploy"),
        ({"reasons": {"cause": "slot a, since slot b is not whole"}}, WRONG, "went back to slot a", "deploy"),
        (prompt(slot="b 2"), WELL, "slot b, which has had 2 starts", ""),
    ],
    "health": [
        (told(tasks_lost=["session"]), WRONG, "given up: session", "reasons"),
        (told(waits=["placement"]), NOTE, "from the next start on: placement", "reboot"),
        (told(heap_free=5000), NOTE, "4 KB of heap", "reboot"),
        (told(faults={"bus errors": 3}), NOTE, "bus errors 3", "grows"),
        ({"reasons": {"early": 2}}, NOTE, "2 starts in a row ended within a minute", "reasons"),
    ],
    "imu": [
        (parts(imu="lsm6dsox at 0x6a: no answer"), WRONG, "lsm6dsox at 0x6a: no answer", "SDA, SCL"),
        (
            unlooked(said=["imu: who_am_i is 0x00; trying again in 2 s"]) | told(imu="down"),
            WRONG, "who_am_i is 0x00", "wires",
        ),
        (unlooked(), WELL, "lsm6dsox answers by its name, and runs", ""),
        (unlooked(status=({}, {})), UNSEEN, CLOSED, ""),
    ],
    "self-test": [
        (parts(self_test=TESTED["self_test"] | {"passed": False}), WRONG, "400/400/401 mg of", "lay the pod"),
        (prompt(parts=None, parts_why="no module named 'examine'"), UNSEEN, "older than this", ""),
        (prompt(parts=None, parts_why="no module named 'starting'"), UNSEEN, "no firmware is on it", ""),
        (unlooked(), UNSEEN, CLOSED, ""),
    ],
    "int1": [
        (parts(edges=0), WRONG, "no data-ready interrupt", "INT1 to GPIO18"),
        (unlooked(status=(STATUS, STATUS | {"faults": {"lost interrupts": 7}})), WRONG, "no data-ready", "INT1"),
        (unlooked(status=(STATUS | {"faults": {"lost interrupts": 7}},) * 2), WELL, "come", ""),
    ],
    "motor": [
        (parts(motor="drv2605l at 0x5a: no answer"), WRONG, "no answer", "the motor and its driver"),
        ({"felt": False}, WRONG, "not felt", "glued"),
        ({"felt": False, "settings": {"haptic_strength_pct": 0}}, WRONG, "haptic_strength_pct is 0", "config set"),
        (told(faults={"motor errors": 4}), WRONG, "4 motor errors", "wires"),
        ({"felt": None}, WELL, "test passed; nobody was asked", ""),
        (unlooked(felt=None), UNSEEN, "nobody was asked", ""),
    ],
    "battery": [
        (parts(battery_mv=3400), WRONG, "3.40 V by a divider of 2:1, 1 %", "charge it"),
        (parts(battery_mv=-1, battery_why="300 mV are no battery's"), WRONG, "300 mV are no", "divider"),
        (parts(battery_mv=4700), WELL, "on USB: 4.70 V", ""),
        (unlooked() | told(battery_mv=3400), WRONG, "3.40 V", "charge it"),
        ({"board": WELL_FACTS.board | {"pins": {"imu_int1": 18}}}, WELL, "this board measures none", ""),
    ],
    "clock": [
        ({"clock_off_ms": None}, WRONG, "was not told the time", "backstep time"),
        ({"clock_off_ms": -90_000}, WRONG, "90.0 s behind", "backstep time"),
        ({"laptop_why": "this laptop's clock says 1970"}, WRONG, "says 1970", "put this laptop's clock right"),
    ],
    "calibration": [
        (told(calibrated_day=0, level=False), NOTE, "never", "backstep calibrate"),
        (told(calibrated_day=0, level=False) | {"hello": HELLO | {"placement": "wrist"}}, WELL, "needs none", ""),
        (told(calibrated_day=0), NOTE, "did not know the day", "backstep time"),
        (told(calibrated_day=DAY - 91), NOTE, "91 days ago", "backstep calibrate"),
        (told(calibrated_day=DAY + 9), WRONG, "has not come", "backstep time"),
    ],
    "placement": [
        (told(worn="turned"), WRONG, "turned or moved", "put it back"),
        (told(worn="belt"), WRONG, "moves like a pod at the belt, and is set to shoe", "placement=belt"),
        (told(worn="unknown"), NOTE, "not judged yet", "walk some steps"),
        (
            {"hello": HELLO | {"placement": "belt"}, "settings": WELL_FACTS.settings | {"frame": "sensor"}},
            WRONG, "warns of no sway", "backstep config reset frame",
        ),
    ],
    "room": [
        (prompt(space=(4096, 4096, 1536, 20)), WRONG, "80 KB of 6144 free", "--remove"),
        (unlooked(), UNSEEN, CLOSED, ""),
    ],
    "radio": [
        ({"settings": {}}, UNSEEN, "its firmware has no radio", ""),
        ({"paired": None}, UNSEEN, "its firmware has no radio", ""),
        ({"settings": {"radio": "off"}}, NOTE, "off, paired with belt waist", "backstep config set radio=pods"),
        ({"settings": {"radio": "phone"}}, NOTE, "phone, paired with belt waist", "radio=both"),
        ({"settings": {"radio": "off"}, "paired": ALONE}, WELL, "off, paired with nobody", ""),
        ({"paired": ALONE}, NOTE, "pods, paired with nobody", "backstep pair"),
        ({"paired": PAIRED | {"waits": True}}, NOTE, "it holds from the next start on", "backstep reboot"),
        ({"paired": PAIRED | {"waits": True, "why": WHY}}, WRONG, "belt waist, but ENODEV", "radio=off"),
        ({"settings": {"radio": "phone"}, "paired": ALONE | {"why": WHY}}, WRONG, "but ENODEV; it stays", "board"),
        ({"paired": PAIRED | {"why": "radio: x; pair it again: backstep pair"}}, WRONG, "but x", "backstep pair"),
        ({"settings": {"radio": "off"}, "paired": ALONE | {"why": WHY}}, WELL, "off, paired with nobody", ""),
        ({"paired": PAIRED | {"links": [[1, False, 9000, -1]]}}, NOTE, "not heard: belt waist", "is it flat?"),
        ({"paired": PAIRED | {"links": []}}, NOTE, "not heard: anybody", "near"),
    ],
    "sessions": [
        ({"sessions": [SESSION | {"fetched": False}]}, NOTE, "1 not fetched yet, 3 KB", "sync"),
        ({"sessions": [SESSION | {"fetched": False, "running": True}]}, WELL, "all that are over", ""),
        ({"sessions": None}, UNSEEN, "does not tell", ""),
    ],
}  # fmt: skip
ROWS = [(name, *row) for name, rows in UNWELL.items() for row in rows]


def found(name, facts):
    (check,) = [check for check in CHECKS if check.name == name]
    return check.look(facts)


def test_a_pod_that_is_well_has_no_remedy_and_every_check_has_an_unwell_row():
    rows = judged(CHECKS, WELL_FACTS)
    assert [(name, one) for name, one in rows if one.state != WELL or one.remedy] == []
    assert summary(rows) == f"{len(CHECKS)} well, 0 wrong"
    assert {name for name, _, state, _, _ in ROWS if state != WELL} == {check.name for check in CHECKS}


@pytest.mark.parametrize(("name", "differs", "state", "said", "remedy"), ROWS)
def test_each_check(name, differs, state, said, remedy):
    one = found(name, replace(WELL_FACTS, **differs))
    assert one.state == state and said in one.said, one
    assert bool(one.remedy) == bool(remedy) and remedy in " ".join(one.remedy)


def test_what_stands_on_a_wrong_check_is_not_looked_at_and_says_which():
    nobody = Facts(port="/dev/ttyACM0", refusal=("no permission", ("sudo usermod -aG dialout $USER",)))
    rows = dict(judged(CHECKS, nobody))
    assert rows["permission"].state == WRONG and rows["usb"].state == rows["cable"].state == WELL
    assert {one.said for name, one in rows.items() if name not in ("cable", "permission", "usb")} == {
        "permission comes first"
    }


@pytest.mark.parametrize("facts", [WELL_FACTS, replace(WELL_FACTS, **unlooked()), Facts(port_why="port: no pod")])
def test_the_lines_fit_a_terminal(facts):
    shown = list(lines(judged(CHECKS, facts), 80))
    assert max(map(len, shown)) <= 80
