"""What drivers ask of MicroPython and CPython's time has not."""

import time

import pytest


@pytest.fixture(autouse=True)
def ticks(monkeypatch):
    monkeypatch.setattr(time, "ticks_us", lambda: time.perf_counter_ns() // 1000, raising=False)
