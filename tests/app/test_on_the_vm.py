"""The app on the real MicroPython: nothing allocated per sample, its memory, and its ways out there."""

import re

import pytest
from vm import run_on_vm

from host_tools.install import bytecode, native, pod_code, podfiles

PARTS = """
import asyncio, gc, sys
from array import array
REST = array("h", (0, 0, 1000, 0, 0, 0))
class Watchdog:
    def feed(self): pass
class Haptic:
    rise_ms = 26
    def __init__(self): self.level = -1
    def start(self): pass
    def drive(self, level): self.level = level
    def stop(self): self.level = 0
class Imu:
    stopped, rate_permille, is_tagged = 0, 1000, True
    def probe(self): pass
    def start(self, rate_hz, watermark): pass
    def stop(self): self.stopped += 1
    def drain_into(self, ring):
        for _ in range(4): ring.extend(REST, 1)
        return 4
class Timer:
    ONE_SHOT = 0
    def init(self, mode, period, callback): pass
from backstep.drivers.one_shot import OneShot
class McuSleep:  # with a host at its USB
    why = ""
    def usb_heard(self): return True
class Parts:
    name = "vm"
    hears_usb = True
    bluetooth = radio = None
    radio_why = ""
    mcu_sleep = McuSleep()
    mcu = "esp32"
    uid = "00"
    imu = Imu()
    haptic = Haptic()
    one_shot = OneShot(Timer())
    edge = None
    timeout_ms = 0
    def on_data_ready(self, callback): self.edge = callback
    def on_button(self, callback): pass
    def button_down(self): return False
    battery_why = ""
    def battery_mv(self): return -1
    def set_mhz(self, mhz): pass
    def reset_cause(self): return "power on"
    def watchdog(self, timeout_ms):
        self.timeout_ms = timeout_ms
        return Watchdog()
class Reader:  # brings the interrupts for a while, then what ends the run
    def __init__(self, parts, ends): self.parts, self.ends = parts, ends
    async def readinto(self, buffer):
        for _ in range(250):
            await asyncio.sleep_ms(10)
            self.parts.edge(None)
        raise self.ends
"""

HEAP = """
gc.threshold(1024)  # as main.py does
gc.collect(); before = gc.mem_free()
from backstep.app import health, pod
collect = health.Health.collect
def measured(self):
    collect(self)
    print("app takes", before - gc.mem_free())
health.Health.collect = measured
parts = Parts()
pod.run(parts, "/no/kept/settings.json", Reader(parts, KeyboardInterrupt()))
def overwrite_the_stack(depth):  # or the collector takes what lies there for pointers
    return depth and overwrite_the_stack(depth - 1) + 1
for _ in range(3):
    overwrite_the_stack(20)
    gc.collect()
print("left", before - gc.mem_free(), parts.imu.stopped, parts.haptic.level, parts.edge, parts.timeout_ms)
"""

SAMPLE_PATH = """
import micropython, time
from backstep.app.detecting import Detecting
from backstep.app.signals import EventQueue
from backstep.app.faults import no_faults
from backstep.app.notifying import Notifying
from backstep.core.detector import Detector
from backstep.core.events import SWAY
from array import array
class Swaying(Detector):
    spans = 3
    def __init__(self):
        self.n = 0
        self.fields = array("i", [0] * 13)
    def feed(self, ax, ay, az, gx, gy, gz):
        self.n += 1
        return SWAY if self.n % 5 == 0 else 0
    def gap(self, missing):
        self.n += missing
parts = Parts()
queue = EventQueue(4)
notifying = Notifying(parts.haptic, parts.one_shot, 100, no_faults(), print)
notifying._running = True
detecting = Detecting(Swaying(), queue, notifying.warn, notifying.caution, no_faults(), 208)
rows = array("h", (1, 2, 3, 4, 5, 6) * 20)
micropython.heap_lock()
detecting.extend(rows, 20)
detecting.gap(3)
detecting.gap(1)
detecting.extend(rows, 11)
detecting.gap(3)
detecting.extend(rows, 2)
micropython.heap_unlock()
print(detecting.samples, parts.haptic.level, queue.take(), queue.sample)
"""

LINE = """
from array import array
from backstep.core.rows import approach
row = array("h", (32767, -7, -1000, -998, 0, -32768))
approach(row, array("h", (1, -7, 1000, 2, -1, -32768)), 1)
print(*row)
"""

NESTED = """
with open("/tmp/backstep_nested.json", "w") as file: file.write("[" * 4000)
from backstep.app.kept.settings_store import load
print(load("/tmp/backstep_nested.json", print)["placement"])
"""


def test_neither_samples_nor_a_sway_allocate_anything():
    assert run_on_vm(PARTS + SAMPLE_PATH).split() == ["40", "127", "3", "4"]


def test_the_kernel_that_bridges_a_gap_reads_signed_numbers(tmp_path):
    assert run_as_on_a_pod(LINE, tmp_path).split() == ["16384", "-7", "0", "-498", "0", "-32768"]


def run_as_on_a_pod(script, folder):
    """Return what a script prints that imports the firmware as a pod has it: flat, short names, compiled."""
    sources = podfiles.firmware_sources() | {"backstep.tried": script}
    for name, text in pod_code.prepared(sources, native=True).items():
        (folder / f"{name}.mpy").write_bytes(bytecode.compiled(text, name, native.ARCH))
    return run_on_vm("import tried", path=(folder,))


@pytest.mark.usefixtures("pod_words")
def test_what_the_app_takes_and_gives_back(tmp_path):
    said = run_as_on_a_pod(PARTS + HEAP, tmp_path)
    taken = max(int(number) for number in re.findall(r"app takes (\d+)", said))
    assert taken < 33_000  # beside what every pod holds
    left, stopped, level, edge, timeout_ms = re.search(r"left (\d+) (\d) (\d) (\w+) (\d+)", said).groups()
    assert int(left) < 16_000  # who types at the prompt is watched: the timer of that stays
    assert (stopped, level, edge, timeout_ms) == ("1", "0", "None", "600000")
    assert "backstep: stopped by Ctrl-C" in said and re.search(r"\d:\d\d  back    0", said)


@pytest.mark.usefixtures("pod_words")
def test_settings_nested_too_deep_are_damaged_settings():
    said = run_on_vm(NESTED)
    assert "running on the defaults" in said and said.strip().endswith("shoe")
