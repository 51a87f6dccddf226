"""A pod with a radio and what it says; foreign devices in the same air."""

from collections.abc import Iterator

import pytest
from patient import LAST_RESORT_S

from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.radio.ether import Ether
from host_tools.virtual_pod.vm import VirtualPod

POD = "24:0A:C4:00:00:01"

# What every program begins with: `got` has each event with its data, wait(event) returns the data of the next.
PROGRAM = """
import bluetooth, time
ble = bluetooth.BLE()
got = []
def copied(x):
    return bytes(x) if isinstance(x, (memoryview, bluetooth.UUID)) else x
def irq(event, data):
    got.append((event, tuple(copied(x) for x in data)))
    return answer(event, data)
answer = lambda event, data: None
def wait(event, ms=3000):
    end = time.ticks_add(time.ticks_ms(), ms)
    while time.ticks_diff(end, time.ticks_ms()) > 0:
        for one in got:
            if one[0] == event:
                got.remove(one)
                return one[1]
        time.sleep_ms(5)
def tried(work):
    try:
        return work()
    except Exception as error:
        return repr(error)
ble.irq(irq)
"""


class Scene:
    """One pod in the air.  said(main): the lines that PROGRAM and main print, up to the end of main or a time."""

    def __init__(self) -> None:
        self.hardware = Hardware()
        self.ether = Ether(seed=1)
        self.pod: VirtualPod | None = None

    def join(self, **options) -> None:
        """Give the pod a radio."""
        self.ether.join(self.hardware, POD, **options)

    def said(self, main: str, until_us: int = 30_000_000, **options) -> list[str]:
        """Run a program; what is not said by `until_us` is not said."""
        self.pod = VirtualPod(self.hardware, {"/main.py": (PROGRAM + main).encode()}, **options)
        lines = []
        for line in self.pod.lines(until_us=until_us, wall_s=LAST_RESORT_S):
            if line.startswith("MicroPython v"):
                break
            lines.append(line)
        return lines


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Return a Scene whose pod has a radio."""
    made = Scene()
    made.join()
    yield made
    if made.pod:
        made.pod.close()


@pytest.fixture
def lone() -> Iterator[Scene]:
    """Return a Scene whose pod has none yet."""
    made = Scene()
    yield made
    if made.pod:
        made.pod.close()
