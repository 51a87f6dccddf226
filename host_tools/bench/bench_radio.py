"""What the radio costs a pod that walks with a phone near: `python -m host_tools.bench.bench_radio`.

The phone is a foreign stack (bumble) that subscribes to all there is. Times are virtual, the same on any computer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from bumble.device import Device, Peer
from bumble.gatt import Characteristic
from bumble.hci import Address
from rich.console import Console

from host_tools.bench import reality
from host_tools.bench.bench_latency import titled
from host_tools.gait import Stand, Walk, WalkParams
from host_tools.gait import session as walked
from host_tools.recordings import Recording
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.pod_run import PodRun
from host_tools.virtual_pod.radio.ether import Ether
from host_tools.virtual_pod.vm import VirtualPod

MHZ = 160
POD, PHONE = "24:0A:C4:00:00:01", "F0:F1:F2:F3:F4:F5"
RATES_HZ = {"shoe": 208, "belt": 104, "wrist": 52}
# (placement, board, chip, heap [KB]): a classic ESP32 has 160, an S3 252, one with PSRAM 2 MB
PODS = (
    ("shoe", "virtual", "esp32s3", 252),
    ("shoe", "virtual", "esp32s3", 2048),
    ("belt", "virtual", "esp32s3", 252),
    ("wrist", "devkit_esp32", "esp32", 112),
    ("wrist", "devkit_esp32", "esp32", 128),
    ("wrist", "devkit_esp32", "esp32", 160),
    ("shoe", "devkit_esp32", "esp32", 160),
)
_LISTENS = Characteristic.Properties.NOTIFY | Characteristic.Properties.INDICATE


@dataclass(frozen=True)
class Cost:
    """A pod that walks for a minute.

    refused: what it said instead of switching its radio on, "" where it did.  told: values sent to the phone.
    load_pct, busy_pct: of the time, computing, and not waiting.  heap_free: at the end [bytes].
    stall_ms: the longest time between two drains.  strides_differing: from what replay finds.
    """

    placement: str
    chip: str
    heap_kb: int
    radio: str
    refused: str
    told: int
    load_pct: float
    busy_pct: float
    heap_free: int
    stall_ms: float
    strides_differing: int


def walk(placement: str) -> Recording:
    """Return a minute: standing, backward steps, standing."""
    steps = Walk(80, WalkParams("backward", cadence_spm=104))
    samples = walked([Stand(6), steps, Stand(6)], placement, 3).samples
    return Recording(samples, RATES_HZ[placement], placement, "body", ())


def cost(placement: str, board: str, chip: str, heap_kb: int, radio: str) -> Cost:
    """Walk with the radio `off`, or on with a phone connected."""
    told: list[bytes] = []
    said = ""

    def begin(run: PodRun, pod: VirtualPod) -> None:
        ether = Ether(seed=2)
        ether.join(run.model.hardware, POD, chip=chip)
        if radio != "off":
            ether.start(listen(ether.device("phone", PHONE), told))

    settings = {"radio": radio, "programme_level": 2}
    options = {"board": board, "heap": f"{heap_kb}wK"}
    found = reality.session(walk(placement), Costs.at(MHZ), settings, begin, **options)
    notes = [note for note in found.outcome.notes if "it stays off" in note]
    said = notes[0] if notes else found.outcome.crash
    heap_free = found.outcome.summary.get("heap_free", 0) if found.outcome.summary else 0
    return Cost(
        placement, chip, heap_kb, radio, said, len(told), found.load_pct, found.busy_pct, heap_free,
        found.stall_ms, found.strides_differing,
    )  # fmt: skip


async def listen(phone: Device, told: list[bytes]) -> None:
    """Connect to POD as soon as it is there, and subscribe to all there is.  told: gets what is notified."""
    address = Address(POD, Address.PUBLIC_DEVICE_ADDRESS)
    while True:
        try:
            connection = await phone.connect(address, timeout=60)
            break
        except Exception:  # it is not there yet: whatever this stack says of that
            await asyncio.sleep(0.5)
    peer = Peer(connection)
    await peer.discover_services()
    for service in peer.services:
        for one in await service.discover_characteristics():
            if one.properties & _LISTENS:
                await one.subscribe(told.append)


def costs() -> Iterator[Cost]:
    """Measure every pod of PODS with its radio off and on."""
    for pod in PODS:
        for radio in ("off", "phone"):
            yield cost(*pod, radio)


def main() -> int:
    """Print the table."""
    table = titled(
        f"A minute's walk at {MHZ} MHz, radio off and on with a phone",
        ("pod", "radio", "computing", "not waiting", "stall ms", "steps unlike replay", "told", "heap free"),
    )
    for one in costs():
        pod = f"{one.placement}, {one.chip}, {one.heap_kb} KB"
        if one.refused:
            table.add_row(pod, one.radio, one.refused)
            continue
        shares = f"{one.load_pct:.1f} %", f"{one.busy_pct:.1f} %", f"{one.stall_ms:.0f}"
        table.add_row(pod, one.radio, *shares, str(one.strides_differing), str(one.told), str(one.heap_free))
    Console(width=150).print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
