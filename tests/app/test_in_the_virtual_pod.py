"""The whole firmware on the virtual pod, register by register: its console, its faults, its ways out."""

import errno
import json
import re

import numpy as np
import pytest

from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

S = 1_000_000
IMU_ADDRESS, HAPTIC_ADDRESS = 0x6A, 0x5A
HEAP_FREE_FLOOR = {0: 76_800, 1: 74_400}  # bytes, of 160 KB: without and with the session log


class Pod:
    """A pod that stands still for a minute, with a console to type at."""

    def __init__(self, settings=None, faults=(), files=None):
        still = np.tile(np.array([[0, 0, 1000, 0, 0, 0]], dtype=np.int16), (208 * 60, 1))
        still += np.random.default_rng(1).integers(-1, 2, still.shape, dtype=np.int16)
        board = board_model.read_board("virtual")
        world = World(Recording(still, 208, "shoe", "body", ()), tuple(board["axes"]), Flaws())
        self.timeline = Timeline(None)
        surroundings = Surroundings(faults=tuple(faults))
        self.hardware = board_model.build(board, world, self.timeline, surroundings, False).hardware
        on_flash = dict(podfiles.files("virtual", settings or {})) | (files or {})
        self.vm = VirtualPod(self.hardware, on_flash)
        self.text = ""

    def run(self, until_s):
        def hear(data):
            self.text += data.decode()

        self.vm.run(hear, until_us=round(until_s * S))
        return self.text

    def lines(self, words):
        return [line for line in self.text.splitlines() if words in line]


@pytest.fixture
def make_pod():
    pods = []

    def make(*args, **named):
        pods.append(Pod(*args, **named))
        return pods[-1]

    yield make
    for pod in pods:
        pod.vm.close()


def test_it_starts_and_shows_a_line_a_second(make_pod):
    pod = make_pod()
    pod.run(10)
    assert pod.text.startswith("backstep on Virtual pod (esp32s3), shoe at 208 Hz, started by power on")
    status = pod.lines("KB free  ok")
    assert 8 <= len(status) <= 10
    assert all(re.match(r" {3}0:0\d  back    0  fwd    0  other   0  standing", line) for line in status)


@pytest.mark.usefixtures("pod_words")
@pytest.mark.parametrize("logged", HEAP_FREE_FLOOR)
@pytest.mark.parametrize("placement", ["shoe", "belt", "wrist"])
def test_memory_left_with_everything_running(make_pod, placement, logged):
    pod = make_pod({"console_events": 1, "placement": placement, "session_log": logged})
    pod.run(10)
    pod.vm.send(b"status\n")
    pod.run(11)
    assert json.loads(pod.lines('"status"')[0])["heap_free"] >= HEAP_FREE_FLOOR[logged]


@pytest.mark.usefixtures("pod_words")
def test_memory_left_with_lines_for_a_person(make_pod):
    pod = make_pod()
    pod.run(15)
    assert 1024 * (1 + min(int(kb) for kb in re.findall(r"(\d+) KB free", pod.text))) >= HEAP_FREE_FLOOR[1]


def test_commands_garbage_and_stop(make_pod):
    pod = make_pod()
    pod.run(3)
    pod.vm.send(b"help\r\nbogus\r\n\xff\xfe\r\n" + b"x" * 4000 + b"\r\n")
    pod.run(5)
    assert pod.lines("this list")
    assert [line for line in pod.text.splitlines() if line.startswith("error")] == [
        "error: unknown command 'bogus', try help",
        "error: line of 2 bytes dropped, it is no UTF-8",
        "error: line of 4000 bytes dropped, at most 1024 are read",
    ]
    pod.vm.send(b"stop\r\n")
    pod.run(7)
    assert pod.lines("session of 0:0") and pod.lines("backstep: stopped")
    assert pod.text.rstrip().endswith(">>>")


@pytest.mark.usefixtures("pod_words")
def test_ctrl_c_leaves_to_the_repl_with_memory_and_without_the_watchdog(make_pod):
    pod = make_pod()
    pod.run(3)
    pod.vm.send(b"\x03")
    pod.run(4)
    assert pod.lines("backstep: stopped by Ctrl-C") and pod.text.rstrip().endswith(">>>")
    pod.vm.send(b"import gc\r\n")  # what the stack still holds of what ran last would keep some of it alive
    pod.run(5)
    pod.vm.send(b"gc.collect(); print('free', gc.mem_free())\r\n")
    pod.run(60)
    assert int(re.search(r"^free (\d+)", pod.text, re.M).group(1)) > 73 * 1024
    assert pod.vm.resets == []
    pod.vm.send(b"\x04")
    pod.run(65)
    assert "started by soft reset" in pod.text and pod.lines("KB free  ok")


@pytest.mark.parametrize("after_us", [200, 1500, 20_000, 300_000, 600_000])
def test_a_second_ctrl_c_does_not_cut_leaving_short(make_pod, after_us):
    pod = make_pod()
    pod.hardware.at(3 * S, lambda: pod.vm.send(b"\x03"))
    for more_us in range(after_us, after_us + 400_000, 40_000):
        pod.hardware.at(3 * S + more_us, lambda: pod.vm.send(b"\x03"))
    pod.run(5)
    assert pod.lines("session of 0:0") and pod.lines("backstep: stopped by Ctrl-C")
    assert "Traceback" not in pod.text and pod.text.rstrip().endswith(">>>")
    pod.vm.send(b"print(open('/kept/state.a').read()[:400], open('/kept/state.b').read()[:400])\r\n")
    pod.run(6)
    assert '"left": 1' in pod.text


def test_an_abandoned_prompt_starts_the_pod_again_and_one_in_use_does_not(make_pod):
    pod = make_pod()
    pod.run(3)
    pod.vm.send(b"\x03")
    pod.run(5)
    for minutes in (8, 16, 24):
        pod.run(60 * minutes)
        pod.vm.send(b"1 + 1\r\n")
    assert pod.vm.resets == []
    pod.run(60 * 24 + 11 * 60)
    assert len(pod.vm.resets) == 1 and "started by watchdog" in pod.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("absent", "imu: lsm6dsox at 0x6a: no answer"),
        ("wrong-id", "imu: lsm6dsox at 0x6a: who_am_i is 0x33, want 0x6c"),
        ("no-haptic", "haptic: drv2605l at 0x5a: no answer; trying again"),
    ],
)
def test_a_part_that_is_wrong_is_said_and_the_pod_goes_on(make_pod, fault, words):
    pod = make_pod(faults=(fault,))
    pod.run(20)
    assert pod.lines(words) and pod.lines("KB free")[-1]
    assert pod.vm.resets == [] and "Traceback" not in pod.text
    if fault != "no-haptic":
        assert len(pod.lines("buzz: fault")) == 5 and pod.lines("IMU DOWN")


def test_a_stuck_imu_is_said_felt_and_started_again_and_again(make_pod):
    pod = make_pod(faults=("stuck",))
    pod.run(19)
    assert len(pod.lines("imu: the same sample for 5 s; starting it anew")) == 3
    assert len(pod.lines("buzz: fault")) == 3 and "sensor stuck 3" in pod.lines("KB free")[-1]
    assert pod.vm.resets == []


@pytest.mark.parametrize("address", [IMU_ADDRESS, HAPTIC_ADDRESS])
def test_a_part_that_goes_away_comes_back(make_pod, address):
    pod = make_pod()

    def fault(bus, to, now_us):
        return errno.ENODEV if to == address and 3 * S < now_us < 6 * S else 0

    pod.hardware.i2c_fault = fault
    pod.run(15)
    assert "Traceback" not in pod.text and pod.vm.resets == []
    assert "DOWN" not in pod.lines("KB free")[-1]
    if address == IMU_ADDRESS:
        assert pod.lines("imu: running again") and pod.lines("samples missing")


@pytest.mark.parametrize("at_s", [0, 4.004])
def test_a_chip_that_holds_the_bus_is_clocked_until_it_lets_go(make_pod, at_s):
    """As after a watchdog's reset amid a read; and in mid-session, where it costs no more than a short gap."""
    pod = make_pod()
    pod.hardware.at(round(at_s * S), lambda: pod.hardware.hold_bus(board_model.BUS, clocks=7))
    pod.run(12)
    assert "no answer" not in pod.text and pod.vm.resets == []
    assert "DOWN" not in pod.lines("KB free")[-1]
    assert not pod.lines("samples missing") or at_s


def test_damaged_settings_on_its_flash(make_pod):
    pod = make_pod(files={"/kept/settings.json": b'{"sway_refractory_s": 95}'})
    pod.run(3)
    assert pod.lines("settings: sway_refractory_s: 95 is outside 1..30 s")
    assert pod.lines("settings: running on the defaults; the damaged file is kept as /kept/settings.bad")
    assert pod.lines("KB free  ok")
