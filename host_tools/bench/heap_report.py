"""What each module of the firmware costs on the pod's heap: `python -m host_tools.bench.heap_report`.

Every module is imported on the 32-bit MicroPython after those it imports at its top, as bytecode in bundles, as
on a pod. Objects it makes later, and what the placements share out between them, `make bench` shows as a whole.
"""

import ast
import tempfile
from graphlib import TopologicalSorter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from host_tools.install import podfiles
from host_tools.micropython.script import run_script

_ROOM = "1M"  # for all modules at once: a pod holds one placement, and drops what passes
_SCRIPT = """
import asyncio, binascii, gc, json, machine, os, time
asyncio.Event  # what the pod has of MicroPython's own, loaded before
def cost(name):
    gc.collect()
    before = gc.mem_alloc()
    module = __import__(name)
    gc.collect()
    print(name, gc.mem_alloc() - before, int(hasattr(module, "PASSING")))
for name in {names!r}:
    cost(name)
"""


def costs() -> list[tuple[str, int, bool]]:
    """Return (module, heap [bytes], whether it is dropped after use) of every module, as they were imported."""
    with tempfile.TemporaryDirectory() as folder:
        for path, data in podfiles.firmware_files().items():
            (Path(folder) / path).write_bytes(data)
        said = run_script(_SCRIPT.format(names=_order()), path=(Path(folder),), heapsize=_ROOM)
    return [(name, int(size), passing == "1") for name, size, passing in map(str.split, said.splitlines())]


def _order() -> list[str]:
    """Return the modules' names on the pod, each after those it imports at its top."""
    needs = {}
    for name, text in podfiles.firmware_texts(native=True).items():
        nodes = ast.parse(text).body
        needs[name] = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        needs[name] |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return [name for name in TopologicalSorter(needs).static_order() if name in needs]


def main() -> int:
    """Print the table, the largest first."""
    table = Table("module", "heap B", "dropped after use")
    for name, size, passing in sorted(costs(), key=lambda row: -row[1]):
        table.add_row(name, str(size), "yes" if passing else "")
    Console(width=80).print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
