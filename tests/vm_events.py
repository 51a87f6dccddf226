"""One detector on both interpreters: its events on CPython, and on MicroPython with the heap locked."""

import importlib
import json
from dataclasses import dataclass, field

import numpy as np
import pytest
from backstep.core import detectors, settings
from backstep.core.events import FIELD_COUNT
from vm import run_on_vm, word_bits

from host_tools.micropython import native

FORMS = [pytest.param("", id="bytecode"), pytest.param(native.ARCH, id="native")]  # of kernels on MicroPython

_SCRIPT = """
import gc, json, micropython
from array import array
from backstep.core import settings
{imports}

COUNT = {count}
rows = array("h", bytearray(12 * COUNT))
with open({file!r}, "rb") as source:
    source.readinto(rows)
detector = {make}
room = array("i", bytearray(4 * {width} * 200))
found = 0
feed = detector.feed

def run():
    global found
    for n in range(COUNT):
        i = 6 * n
        code = feed(rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5])
        if code:
            fields = detector.fields
            room[{width} * found] = n
            room[{width} * found + 1] = code
            for k in range({width} - 2):
                room[{width} * found + 2 + k] = fields[k]
            found += 1

gc.collect()
micropython.heap_lock()
run()
micropython.heap_unlock()
print(json.dumps([[room[{width} * e + k] for k in range({width})] for e in range(found)]))
"""


@dataclass(frozen=True)
class Wearing:
    """A detector as it is made: its module in core, sample rate [Hz], frame, settings that are not the default.

    whole: with the fall alarm, as a pod wears it, at the placement's own rate.
    """

    placement: str
    rate_hz: int
    frame: str = "body"
    changed: dict = field(default_factory=dict)
    whole: bool = False

    @property
    def imports(self) -> str:
        if self.whole:
            return "from backstep.core import detectors"
        return f"from backstep.core.{self.placement}.{self.placement} import {self.placement.capitalize()}"

    @property
    def make(self) -> str:
        """The expression that makes the detector."""
        full = f"settings.check({self.changed!r}), {self.frame!r}"
        if self.whole:
            return f"detectors.make({self.placement!r}, {full})"
        return f"{self.placement.capitalize()}({self.rate_hz}, {full})"


def on_cpython(samples, wearing: Wearing) -> list[list[int]]:
    """Return [sample, code, all fields] of every event."""
    full = settings.check(wearing.changed)
    if wearing.whole:
        detector = detectors.make(wearing.placement, full, wearing.frame)
    else:
        module = importlib.import_module(f"backstep.core.{wearing.placement}.{wearing.placement}")
        detector = getattr(module, wearing.placement.capitalize())(wearing.rate_hz, full, wearing.frame)
    found = []
    for n, row in enumerate(samples.tolist()):
        code = detector.feed(*row)
        if code:
            found.append([n, code, *detector.fields])
    return found


def on_vm(samples, wearing: Wearing, folder, arch="") -> list[list[int]]:
    """Return the same from MicroPython; an allocation on the sample path raises there.

    arch: of whose machine code its kernels are, "" = bytecode.
    """
    if arch and word_bits() != 32:
        pytest.skip("a MicroPython with 64-bit words: its kernels are bytecode")
    file = folder / "rows.bin"
    file.write_bytes(np.ascontiguousarray(samples, dtype="<i2").tobytes())
    made = {"imports": wearing.imports, "make": wearing.make}
    script = _SCRIPT.format(**made, width=2 + FIELD_COUNT, count=len(samples), file=str(file))
    firmware = native.firmware(arch)
    said = run_on_vm(script, heapsize="1M", path=(firmware,))  # rows and results need most of it
    return json.loads(said.splitlines()[-1])
