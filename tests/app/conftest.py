"""A pod on CPython in virtual time, for the tests of the app."""

import asyncio
import gc
import json
import os
import time

import pytest
from app.asking import Asking
from app.fake_chips import Haptic, Imu
from app.fakes import Parts, Reader, Stdout
from app.marking import Marking, MarkingBelt
from app.virtual_time import Policy, ThreadSafeFlag, World
from app.walking import Pod as WalkingPod
from backstep.core import detectors


class Pod:
    """One run of the app: parts to break, a console to talk to, and what came of it."""

    def __init__(self, world, tmp_path, collected_ms):
        self.world = world
        self.imu = Imu(world)
        self.haptic = Haptic(world)
        self.parts = Parts(world, self.imu, self.haptic)
        self.reader = Reader()
        self.stdout = Stdout(world)
        self.detector = None
        self.root = tmp_path
        self.settings_path = tmp_path / "kept" / "settings.json"
        self.settings_path.parent.mkdir()
        self.collected_ms = collected_ms

    def settings(self, **some):
        self.settings_path.write_text(json.dumps(some))

    def type_at(self, at_ms, data):
        self.world.at(at_ms, lambda: self.reader.feed(data))

    def run(self, for_ms=3000):
        """Run the app until a `stop` at for_ms (None: it must end by itself); return its lines."""
        from backstep.app import pod

        if for_ms is not None:
            self.type_at(for_ms, b"stop\n")
        pod.run(self.parts, str(self.settings_path), self.reader, self.stdout)
        return self.lines

    @property
    def lines(self):
        return self.stdout.lines

    @property
    def events(self):
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def said(self, words):
        return [line for line in self.lines if words in line]


@pytest.fixture
def world(monkeypatch):
    """Virtual time behind asyncio, time and gc, with MicroPython's names in them."""
    world = World()
    monkeypatch.setattr(time, "ticks_ms", lambda: world.now_us // 1000, raising=False)
    monkeypatch.setattr(time, "ticks_us", lambda: world.now_us, raising=False)
    monkeypatch.setattr(time, "ticks_diff", lambda a, b: a - b, raising=False)
    monkeypatch.setattr(time, "sleep_ms", world.sleep_ms, raising=False)
    monkeypatch.setattr(os, "ilistdir", lambda folder: zip(os.listdir(folder)), raising=False)
    monkeypatch.setattr(asyncio, "sleep_ms", lambda ms: asyncio.sleep(ms / 1000), raising=False)
    monkeypatch.setattr(asyncio, "ThreadSafeFlag", ThreadSafeFlag, raising=False)
    monkeypatch.setattr(gc, "mem_alloc", lambda: 60_000, raising=False)
    monkeypatch.setattr(gc, "mem_free", lambda: 100_000, raising=False)
    monkeypatch.setattr(gc, "threshold", lambda size: None, raising=False)
    asyncio.set_event_loop_policy(Policy(world))
    yield world
    asyncio.set_event_loop_policy(None)


@pytest.fixture
def asked(pod, monkeypatch):
    asking = Asking(pod, monkeypatch)
    yield asking
    asking.close()


@pytest.fixture
def pod(world, tmp_path, monkeypatch):
    collected_ms = []
    monkeypatch.setattr(gc, "collect", lambda: collected_ms.append(world.now_us / 1000))
    pod = Pod(world, tmp_path, collected_ms)

    def make(placement, settings, frame):
        assert frame == "body"
        pod.detector = (MarkingBelt if placement == "belt" else Marking)(detectors.rate_hz(placement))
        return pod.detector

    monkeypatch.setattr(detectors, "make", make)
    return pod


@pytest.fixture
def pods(tmp_path):
    """Make virtual pods whose wearer walks, one after the other on the same flash."""
    made = []

    def make(recording, **settings):
        made.append(WalkingPod(recording, tmp_path / "flash.bin", **settings))
        return made[-1]

    yield make
    for pod in made:
        pod.vm.close()
