"""The model's times against those measured on an ESP32: `python -m host_tools.bench.bench_reality`.

Measured was an emulated ESP32 with a stock MicroPython 1.26.1, at 240 MHz or so; figures at 160 MHz were taken
from that by Espressif's rates. What is charged and where the model is kinder, and how the model stood against the
firmware that was measured then: host_tools/virtual_pod/README.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from host_tools.bench import reality
from host_tools.bench.bench_latency import titled
from host_tools.install import native, podfiles
from host_tools.install.pod_code.bundles import BUNDLES
from host_tools.micropython.script import run_script
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.vm import VirtualPod

TOLERANCE = 0.2
FILES_IN_A_FOLDER = 142  # as many as when it was measured, whatever the firmware has now
MHZ = 160
_I2C_MS = {1: 0.41, 14: 0.75, 56: 1.75, 112: 3.1}
_ADDRESS = 0x42
_LOOP = """
from _pod import cycles
def loop(n):
    x = 0
    start = cycles()
    for i in range(n):
        x += 1
    return (cycles() - start) & 0x3fffffff
print(loop(1000) / 1000)
"""
_ON_POD = """
import os, sys, time
from machine import I2C
def took(what, *args):
    before = time.ticks_us()
    try:
        what(*args)
    except OSError:
        pass
    print(time.ticks_diff(time.ticks_us(), before))
def write():
    with open('/block', 'wb') as file:
        file.write(bytes(448))
i2c = I2C(0, scl=9, sda=8, freq=400000)
for count in {counts}:
    took(i2c.readfrom_mem_into, {address}, 0, bytearray(count))
took(i2c.readfrom_mem_into, {address} + 1, 0, bytearray(1))
took(os.stat, '/fw_a/none.mpy')
took(write)
took(os.statvfs, '/')
sys.path.insert(0, '/fw_a')
took(__import__, 'sway_table')
"""


@dataclass(frozen=True)
class Compared:
    """A time [ms] as measured, from least to most, and as the model has it."""

    what: str
    least_ms: float
    most_ms: float
    model_ms: float

    @property
    def is_true(self) -> bool:
        """Whether the model is within TOLERANCE of what was measured."""
        return self.least_ms * (1 - TOLERANCE) <= self.model_ms <= self.most_ms * (1 + TOLERANCE)


def computing() -> Iterator[Compared]:
    """Compare what bytecode takes."""
    loop = float(run_script(_LOOP))
    yield Compared("for + add, 160 MHz", 0.0055, 0.0055, loop / 160e3)
    yield Compared("for + add, 240 MHz", 0.0038, 0.0038, loop / 240e3)


class _Memory:
    """An I2C target that gives zeros."""

    address = _ADDRESS
    on_pin: Callable[[int], None] | None = None

    def write(self, data: bytes, now_us: int) -> None: ...

    def read(self, count: int, now_us: int) -> bytes:
        return bytes(count)

    def advance(self, now_us: int) -> None: ...

    def next_event_us(self) -> int | None:
        return None


def bus_and_flash() -> Iterator[Compared]:
    """Compare I2C, and LittleFS with 250 files or so in two folders, as measured."""
    hardware = Hardware()
    hardware.add_bus(0, scl_gpio=9, sda_gpio=8)
    hardware.add_chip(0, _Memory())
    main = _ON_POD.format(counts=tuple(_I2C_MS), address=_ADDRESS).encode()
    modules = podfiles.firmware_files(native.host_arch())
    modules |= {f"{name}.mpy": bytes(1000) for names in BUNDLES.values() for name in names.split()}  # as measured
    in_a_folder = list(modules.items())[:FILES_IN_A_FOLDER]
    files = {f"/{folder}/{name}": data for folder in ("fw_a", "fw_b") for name, data in in_a_folder}
    files["/main.py"] = main
    with VirtualPod(hardware, files, costs=Costs.at(MHZ)) as pod:
        lines = pod.lines(until_us=60 * reality.S)
        found = [int(next(lines)) / 1000 for _ in range(len(_I2C_MS) + 5)]
    for (count, ms), model_ms in zip(_I2C_MS.items(), found, strict=False):
        yield Compared(f"I2C read of {count}, 160 MHz", ms, ms, model_ms)
    absent, stat, block, statvfs, imported = found[len(_I2C_MS) :]
    yield Compared("I2C, chip absent", 0.3, 0.3, absent)
    yield Compared("stat of a missing name", 8.2, 15, stat)
    yield Compared("first block after a mount", 776, 2300, block)
    yield Compared("statvfs", 767, 1700, statvfs)
    yield Compared("import of a module from that folder", 30, 95, imported)


def compared_table(rows: Iterator[Compared]) -> Table:
    """Return rows to print."""
    table = titled("Model against an ESP32", ("what", "measured ms", "model ms", "model / measured"))
    for row in rows:
        measured = f"{row.least_ms:g}" if row.least_ms == row.most_ms else f"{row.least_ms:g} .. {row.most_ms:g}"
        nearest = min(max(row.model_ms, row.least_ms), row.most_ms)
        share = f"{row.model_ms / nearest:.2f}" + ("" if row.is_true else " !")
        table.add_row(row.what, measured, f"{row.model_ms:.4g}", share)
    return table


def main() -> int:
    """Print the comparison."""
    parts: tuple[Callable[[], Iterator[Compared]], ...] = (computing, bus_and_flash)
    Console(width=100).print(compared_table(row for part in parts for row in part()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
