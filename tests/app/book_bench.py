"""A log book, whatever it asks around it, and a flash to break."""

import os
from binascii import crc32
from types import SimpleNamespace

from app.fakes import Parts
from backstep.app.clock import Clock
from backstep.app.log import logbook
from backstep.app.running import Kept, Pod, Sensing
from backstep.core import settings
from backstep.core.log.log_reader import Reader, decode
from backstep.core.patterns import index_of
from backstep.core.training.day import DayCounts

NOBODY = SimpleNamespace(is_level=False, calibrated_day=0, kg=0, cm=0)


class Bench:
    """Detecting, notifying, keeper and writer in one, as far as a log book asks them."""

    def __init__(self, world, root, monkeypatch):
        self.world, self.root = world, root
        self.calms, self.steadies, self.samples, self.totals = True, True, 0, (0, 0, 0, 0, 0)
        self.busy = self.refuses = self.refuses_to_close = False
        self.cues, self.said, self.writes_ms = [], [], []
        self.cue, self.say = self.cues.append, self.said.append
        self.index_of = index_of
        self.parts = Parts(world, None, None)
        monkeypatch.setattr(logbook, "open", self.open, raising=False)
        monkeypatch.setattr(os, "statvfs", lambda folder: (4096, 1, 10**7, 10**6, 0, 0, 0, 0, 0, 255))
        self.start()

    def start(self, **state):
        """Start anew, as after a reset."""
        (self.root / "log").mkdir(exist_ok=True)
        self.state = {"boots": 7, "early": 2, "day": 0, "counts": [10, 0, 0, 0, 0], "days": []} | state
        self.clock = Clock()
        running = SimpleNamespace(
            pod=Pod(self.parts, settings.check({"placement": "belt"}), 104), clock=self.clock, writer=self,
            kept=Kept(f"{self.root}/kept/settings.json", self.state),
            sensing=Sensing(None, self, self, self, NOBODY),
        )  # fmt: skip
        counted = self.state["day"], self.state["counts"], self.state["days"]
        self.book = logbook.LogBook(running, DayCounts(*counted))

    @property
    def free(self):
        """Bytes of the flash, as counted."""
        return self.book.kept.free

    @free.setter
    def free(self, count):
        self.book.kept.free = count

    def calm(self):
        return self.calms

    def steady(self):
        return self.steadies

    def open(self, path, mode):
        self.writes_ms.append(self.clock.ms)
        if self.refuses:
            raise OSError(5)
        file = open(path, mode)  # noqa: SIM115
        if self.refuses_to_close:
            file.close()
            return SimpleNamespace(write=len, tell=lambda: 0, close=self.refuse)
        return file

    def refuse(self):
        raise OSError(5)

    def rest_for(self, length_ms, each=None):
        """Ask it to rest ten times a second."""
        for _ in range(length_ms // 100):
            self.world.now_us += 100_000
            self.samples = self.clock.ms * 104 // 1000
            if each:
                each(self.clock.ms)
            self.book.rest()

    def blocks(self, session=1):
        """Return [(head, records)] of a session's file, which is whole."""
        reader = Reader((self.root / "log" / f"00007-{session:02}.bsl").read_bytes(), crc32)
        found = []
        for head, *where in reader.blocks():
            found.append((head, [decode(*record) for record in reader.records(head, *where)]))
        assert reader.damaged_bytes == 0
        return found

    def records(self, session=1):
        return [record for _, records in self.blocks(session) for record in records]


def told(records):
    """Return the names of the events of records."""
    return [record["event"] for record in records]
