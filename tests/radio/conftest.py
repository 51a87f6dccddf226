"""Time and asyncio as the radio's modules find them on a pod, by hand."""

import asyncio
import time

import pytest


class Clock:
    now_ms = 1000


class Flag:
    """ThreadSafeFlag for tests that call turn() themselves."""

    is_set = False

    def set(self):
        self.is_set = True


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "ticks_ms", lambda: clock.now_ms, raising=False)
    monkeypatch.setattr(time, "ticks_add", lambda a, b: a + b, raising=False)
    monkeypatch.setattr(time, "ticks_diff", lambda a, b: a - b, raising=False)
    monkeypatch.setattr(asyncio, "ThreadSafeFlag", Flag, raising=False)
    return clock
