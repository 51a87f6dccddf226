"""What the session log and the requests cost: bytes, time and heap, on the 32-bit MicroPython."""

import json
from functools import partial

from backstep.core import detectors
from rich.table import Table

from host_tools import gait
from host_tools.bench.bench_latency import titled
from host_tools.event_words import coded
from host_tools.micropython.script import run_script
from host_tools.replay import replay_recording
from host_tools.sim import sim
from host_tools.virtual_pod.pod_run import Pod, PodRun

_ASKED = ("hello", "get", "status", "sessions", "status", "calibration", "status", "status")
_FIRST_S, _S = 5, 1_000_000
_SCRIPT = """
import gc, time
from binascii import crc32
from backstep.core import events
from backstep.core.log.log_format import Block
from backstep.core.log.log_head import HEAD
from backstep.core.log.log_reader import Reader
strides = {strides!r}
gc.collect()
before = gc.mem_alloc()
block, head = Block(), [0] * len(HEAD)
gc.collect()
heap = gc.mem_alloc() - before
data = bytearray()
put_us = close_us = closes = 0
for sample, fields in strides:
    if block.full:
        start = time.ticks_us()
        closed = block.close(head, crc32)
        close_us += time.ticks_diff(time.ticks_us(), start)
        closes += 1
        data += closed
        block.clear()
    start = time.ticks_us()
    block.put(events.STRIDE, sample, fields)
    put_us += time.ticks_diff(time.ticks_us(), start)
data += block.close(head, crc32)
start = time.ticks_us()
reader, count = Reader(data, crc32), 0
for found in reader.blocks():
    for record in reader.records(*found):
        count += 1
read_us = time.ticks_diff(time.ticks_us(), start)
print(heap, len(data), len(strides), put_us, close_us, closes, read_us, count)
"""


def format_table() -> Table:
    """Write and read the strides of a simulated walk, as fast as it goes."""
    made = gait.uphill_backward_session(1, "shoe")
    found = [event for event in replay_recording(made.recording()) if event["event"] == "stride"]
    strides = [(event["sample"], coded(event)[1]) for event in found * 8]
    said = run_script(_SCRIPT.format(strides=strides), heapsize="1M").split()
    heap, size, count, put_us, close_us, closes, read_us, read = map(int, said)
    if read != count:
        raise AssertionError(f"{read} strides read of {count} written")
    table = titled("Session log: strides of a simulated walk", ("what", "figure"))
    table.add_row("bytes a stride, heads and checksums included", f"{size / count:.1f}")
    table.add_row("record into its block", f"{put_us / count:.0f} us")
    table.add_row("block closed, with its CRC32", f"{close_us / closes:.0f} us")
    table.add_row("record read back", f"{read_us / read:.0f} us")
    table.add_row("heap of the block", f"{heap} B")
    return table


def heap_table() -> Table:
    """Run the whole firmware without its log, with it, and while somebody asks as well, and see what is left."""
    columns = ("placement", "without log B", "with log B", "log and requests B")
    table = titled("Whole firmware, heap 160 KB, heap free", columns)
    for placement, _ in detectors.RATES_HZ:
        free = []
        walked = sim.walked(sim.SCENARIOS["still"], placement, seed=1)
        for logged in (0, 1):
            outcome = PodRun(Pod(walked, settings={"session_log": logged})).run()
            free.append(str(outcome.summary["heap_free"]))
        table.add_row(placement, *free, str(_free_while_asked(Pod(walked))))
    return table


def _free_while_asked(pod: Pod) -> int:
    """Return the least heap [bytes] that the pod says is free while each group of requests is asked in turn."""
    run = PodRun(pod)
    heard = bytearray()
    with run.machine() as vm:
        for number, name in enumerate(_ASKED):
            line = json.dumps({"id": number, "do": name}).encode() + b"\n"
            run.model.hardware.at((_FIRST_S + number) * _S, partial(vm.send, line))
        vm.run(heard.extend, until_us=(_FIRST_S + len(_ASKED)) * _S)
    answers = [json.loads(line) for line in heard.decode().splitlines() if line.startswith('{"id"')]
    return min(answer["ok"]["heap_free"] for answer in answers if "heap_free" in answer["ok"])
