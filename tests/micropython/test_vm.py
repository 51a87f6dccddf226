"""The MicroPython that the tests run on is what a stock ESP32 image is, as far as that shows."""

import os

import pytest
from vm import run_on_vm, word_bits

from host_tools.errors import UserError


def test_ci_runs_on_32_bit_words():
    assert word_bits() == 32 or os.environ.get("CI") != "true"


def test_numbers_are_an_esp32_s():
    if word_bits() != 32:
        pytest.skip("this machine's compiler lacks -m32")
    script = """
import micropython
def fits(n):
    micropython.heap_lock()
    try:
        n + 1
        return True
    except MemoryError:
        return False
    finally:
        micropython.heap_unlock()
print(fits((1 << 30) - 2), fits((1 << 30) - 1))
print(16777216.0 + 1.0 == 16777216.0, 1 << 80)
"""
    assert run_on_vm(script).split() == ["True", "False", "True", str(1 << 80)]


def test_modules_of_a_stock_image_are_there():
    script = """
import array, asyncio, binascii, errno, esp32, gc, hashlib, io, json, machine, micropython, os, random, re, select
import struct, sys, time, vfs
print(hashlib.sha256(b'').digest()[:3], vfs.VfsLfs2, micropython.alloc_emergency_exception_buf(100))
micropython.mem_info()
"""
    assert run_on_vm(script).startswith(r"b'\xe3\xb0\xc4' <class 'VfsLfs2'> None")


def test_the_heap_is_as_small_as_asked_for():
    script = "import gc; gc.collect(); print(gc.mem_free())"
    assert 150_000 < int(run_on_vm(script, heapsize="160K")) < 160 * 1024
    with pytest.raises(RuntimeError, match="MemoryError"):
        run_on_vm("bytearray(170_000)", heapsize="160K")


def test_the_heap_is_a_pods_by_default():
    script = "import gc; gc.collect(); print(gc.mem_free() + gc.mem_alloc())"
    assert 39_000 < int(run_on_vm(script)) // (word_bits() // 8) < 160 * 1024 // 4


def test_a_failing_script_is_an_error_with_its_trace():
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        run_on_vm("print('before')\n1 / 0")


def test_without_a_pod_there_is_no_hardware():
    script = """
import machine
for make in (lambda: machine.Pin(1), lambda: machine.I2C(0), lambda: machine.WDT(), machine.reset):
    try:
        make()
    except OSError as error:
        print(error.errno)
"""
    assert run_on_vm(script).split() == ["19"] * 4


def test_time_is_the_pc_s():
    script = """
import time
start = time.ticks_us()
time.sleep_ms(20)
print(time.ticks_diff(time.ticks_us(), start) // 1000, time.localtime()[0])
"""
    slept_ms, year = run_on_vm(script).split()
    assert 20 <= int(slept_ms) < 2000
    assert int(year) >= 2025


def test_no_micropython_fails_loudly(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("MICROPYTHON", raising=False)
    with pytest.raises(UserError, match="run `backstep micropython`"):
        run_on_vm("")
