"""Logs of pods worn together, with clocks that differ as they do: each its own start, rate and crystal."""

from dataclasses import dataclass, field
from pathlib import Path

import session_logs
from backstep.core import events

NUMBER = 0x1234_ABCD
HUB = 1


@dataclass
class WornPod:
    """A pod of a band; what happens is told in the wearer's time [s].

    start_s: when its log begins.  off: its true rate over the nominal one.  hub_error_ms: how wrong it knows the
    hub's clock, in turn.
    """

    folder: Path
    placement: str
    index: int
    nominal_hz: int
    start_s: float = 0.0
    off: float = 1.0
    hub_error_ms: tuple[int, ...] = (0,)
    hub_start_ms: int = 5000
    records: list[tuple] = field(default_factory=list)

    def sample(self, at_s: float) -> int:
        """Return the sample at a time."""
        return round((at_s - self.start_s) * self.nominal_hz * self.off)

    def put(self, at_s: float, code: int, fields: tuple = ()) -> None:
        """Log an event."""
        self.records.append((code, self.sample(at_s), fields))

    def stride(self, contact_s: float, direction: int = events.BACKWARD, swing_s: float = 0.5) -> None:
        """Log a stride, told 0.1 s after its contact."""
        start, contact = self.sample(contact_s - swing_s), self.sample(contact_s)
        rest = (480, 40, 0, 2, 90, 540, 1, 0, 3000, 0)
        self.records.append((events.STRIDE, self.sample(contact_s + 0.1), (start, contact, direction, *rest)))

    def step(self, contact_s: float, direction: int = events.UNKNOWN) -> None:
        """Log a step, told 0.15 s after its contact."""
        self.records.append((events.STEP, self.sample(contact_s + 0.15), (self.sample(contact_s), direction, 1)))

    def write(
        self, until_s: float, name: str = "00012-01.bsl", bands_s=None, number: int = NUMBER, **told
    ) -> Path:
        """Write its log until a time; BAND each minute of it, or at bands_s."""
        at_s = self.start_s
        times = bands_s or [at_s + 60.0 * k for k in range(int((until_s - at_s) // 60) + 1)]
        for k, when_s in enumerate(times):
            sample = self.sample(when_s)
            true_s = self.start_s + sample / self.nominal_hz / self.off
            hub_ms = round(1000 * true_s * 1.00002) + self.hub_start_ms
            hub_ms += self.hub_error_ms[k % len(self.hub_error_ms)]
            fields = number >> 16, number & 0xFFFF, self.index, hub_ms % (1 << 30)
            self.records.append((events.BAND, sample, fields))
        self.folder.mkdir(exist_ok=True)
        seconds = (self.sample(until_s)) / self.nominal_hz
        records = sorted(self.records, key=lambda one: one[1])
        whole = {"seconds": 0} | told
        whole["seconds"] = whole["seconds"] or int(seconds)
        last = max(record[1] for record in records)
        whole["seconds"] = max(whole["seconds"], -(-last // self.nominal_hz))
        return session_logs.write(self.folder / name, records, self.placement, self.nominal_hz, **whole)


def worn(folder: Path, **hub) -> tuple[WornPod, WornPod, WornPod]:
    """Return shoe, belt, wrist in folders beside each other, started at different times, rates 3 % apart."""
    return (
        WornPod(folder / "a1", "shoe", 0, 208, 3.0, 1.021, (-2, 1, 2, 0), **hub),
        WornPod(folder / "b2", "belt", HUB, 104, 0.0, 0.985, **hub),
        WornPod(folder / "c3", "wrist", 2, 104, 7.5, 1.002, (2, -1, 0, 1), **hub),
    )
