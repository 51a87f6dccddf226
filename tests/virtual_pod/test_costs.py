"""What things cost in virtual time where a pod has the costs of an ESP32."""

import pytest
from patient import LAST_RESORT_S

from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.link import UPSETS, Hardware

S = 1_000_000


@pytest.fixture
def printed(make_pod):
    """Return printed(main, hardware=None, costs=...): the lines a main.py prints before the REPL's greeting."""

    def run(main, hardware=None, costs=Costs.ESP32_160, until_us=100 * S, **options):
        lines = []
        pod = make_pod(main, hardware, costs=costs, **options)
        for line in pod.lines(until_us=until_us, wall_s=LAST_RESORT_S):
            if line.startswith("MicroPython v"):
                break
            lines.append(line)
        return lines

    return run


LOOP = """
import time
def loop(n):
    x = 0
    before = time.ticks_us()
    for i in range(n):
        x += 1
    return time.ticks_diff(time.ticks_us(), before)
print(loop(10000))
"""


@pytest.mark.parametrize(("costs", "us"), [(Costs.ESP32_160, 5.5), (Costs.ESP32_240, 3.8), (Costs.FREE, 0.0)])
def test_a_loop_takes_as_long_as_measured(printed, costs, us):
    assert int(printed(LOOP, costs=costs)[0]) / 10_000 == pytest.approx(us, rel=0.2, abs=0.01)


def test_a_faster_clock_computes_faster_from_there_on(printed):
    main = LOOP + "import machine\nmachine.freq(80_000_000)\nprint(loop(10000))\nprint(machine.freq())\n"
    at_160, at_80, hz = map(int, printed(main))
    assert (at_80 / at_160, hz) == (pytest.approx(2, rel=0.01), 80_000_000)


def test_it_is_the_same_each_time(printed):
    assert printed(LOOP) == printed(LOOP)


def test_an_edge_interrupts_a_long_computation_in_time(printed):
    hardware = Hardware()
    level = hardware.input_pin(5, level=0)
    main = """
import machine, time
def handler(pin):
    global at
    at = time.ticks_us()
at = 0
machine.Pin(5).irq(handler, machine.Pin.IRQ_RISING)
print('ready')
before = time.ticks_us()
for i in range(200000):
    pass
print(at, before, time.ticks_us())
"""
    hardware.at(400_000, lambda: level(1))
    at, before, after = map(int, printed(main, hardware)[1].split())
    assert before < 400_000 < after, "the edge is to come while it computes"
    assert 400_000 <= at < 400_300


def test_the_watchdog_bites_a_computation_that_asks_for_nothing(printed):
    main = """
import machine
if machine.reset_cause() == machine.WDT_RESET:
    print('bitten')
else:
    machine.WDT(timeout=1000)
    while True:
        pass
"""
    assert printed(main) == ["bitten"]


def test_flash_costs_a_call_an_erase_and_a_page(printed):
    main = """
import time
from flashbdev import bdev
def took(what, *args):
    before = time.ticks_us()
    what(*args)
    return time.ticks_diff(time.ticks_us(), before)
for size in (1, 128, 129, 4096):
    print(took(bdev.readblocks, 400, bytearray(size), 0))
print(took(bdev.ioctl, 6, 400))
for size in (1, 256, 257):
    print(took(bdev.writeblocks, 400, bytearray(size), 0))
"""
    wanted = [95, 95, 190, 32 * 95, 80_000, 700, 700, 1400]
    assert [int(line) for line in printed(main)] == pytest.approx(wanted, abs=80)


def test_asyncio_wakes_on_ticks_time_sleeps_exactly_and_an_edge_wakes_at_once(printed):
    hardware = Hardware()
    level = hardware.input_pin(5, level=0)
    main = """
import asyncio, machine, time
flag = asyncio.ThreadSafeFlag()
machine.Pin(5).irq(lambda pin: flag.set(), machine.Pin.IRQ_RISING)
async def main():
    for ms in (1, 3, 12):
        await asyncio.sleep_ms(ms)
        print(time.ticks_us() % 10000 < 1000)
    await flag.wait()
    print(time.ticks_us())
asyncio.run(main())
before = time.ticks_us()
time.sleep_ms(3)
print(time.ticks_diff(time.ticks_us(), before))
"""
    hardware.at(3_333_333, lambda: level(1))
    *ticks, woken, slept = printed(main, hardware)
    assert ticks == ["True"] * 3
    assert 3_333_333 <= int(woken) < 3_335_000
    assert int(slept) == pytest.approx(3000, abs=100)


def test_a_heap_grows_by_areas_and_no_block_spans_two(printed):
    main = """
import gc
gc.collect()
print(gc.mem_free() + gc.mem_alloc())
for size in (110, 50):
    try:
        kept = bytearray(size * 1024)
        print('had')
    except MemoryError:
        print('none')
"""
    total, large, small = printed(main, heap="160wK")
    assert 150_000 < int(total) < 340_000
    assert (large, small) == ("none", "had")


VIPER = """
@micropython.viper
def kernel_SIZE(n: int) -> int:
    i = 0
    while i < n:
        i += 1
    return i
for _ in range(9):
    before = time.ticks_us()
    kernel_SIZE(SIZE)
    us = time.ticks_diff(time.ticks_us(), before)
print(us)
"""


def test_machine_code_costs_by_what_it_runs(printed):
    main = "import micropython, time\n" + "".join(VIPER.replace("SIZE", str(size)) for size in (10, 1000, 2000))
    few, thousand, more = map(int, printed(main))
    assert 5 < few < 40, "a call of its own, the price of getting there"
    assert more - thousand == pytest.approx(thousand - few, rel=0.1)
    assert thousand - few > 20


def test_native_code_takes_about_half_of_bytecode(printed):
    body = """
def NAME(n):
    total = 0
    for i in range(n):
        row[i & 7] = (i * 3 + total) & 0xff
        total = (total + row[i & 7]) >> 1
    return total
"""
    main = "import micropython, time\nrow = [0] * 8\n" + body.replace("NAME", "slow")
    main += "@micropython.native" + body.replace("NAME", "fast")
    main += """
def took(what):
    for _ in range(3):
        before = time.ticks_us()
        what(500)
        us = time.ticks_diff(time.ticks_us(), before)
    return us
print(took(slow), took(fast))
"""
    slow, fast = map(int, printed(main)[0].split())
    assert 0.35 < fast / slow < 0.7


def test_a_uart_keeps_259_bytes_and_drops_the_rest(make_pod):
    main = "import sys, time\ntime.sleep(3)\nfor n in range(259): sys.stdin.read(1)\nprint('had')\n"
    pod = make_pod(main + "sys.stdin.read(1)\nprint('more')", Hardware(native_usb=False), costs=Costs.ESP32_160)
    said = bytearray()
    pod.hardware.at(1 * S, lambda: pod.send(b"x" * 300))
    pod.run(said.extend, until_us=6 * S)
    assert said == b"had\r\n"
    assert pod.console.dropped == 300 - 259


def test_native_usb_holds_the_host_up_and_drops_nothing(make_pod):
    main = "import sys, time\ntime.sleep(3)\nprint(len(sys.stdin.read(300)))"
    pod = make_pod(main, Hardware(), costs=Costs.ESP32_160)
    said = bytearray()
    pod.hardware.at(1 * S, lambda: pod.send(b"x" * 300))
    pod.run(said.extend, until_us=6 * S)
    assert said.startswith(b"300\r\n")


def test_a_write_that_nobody_reads_on_native_usb_takes_half_a_second(printed):
    main = """
import sys, time, machine
took = []
for n in range(4):
    before = time.ticks_us()
    sys.stdout.write('x' * 200)
    took.append(time.ticks_diff(time.ticks_us(), before) // 100000)
machine.Pin(6, machine.Pin.OUT, value=1)
print(took)
"""
    hardware = Hardware()
    hardware.usb_read = False
    hardware.watch_pin(6, lambda level, now_us: setattr(hardware, "usb_read", True))
    assert printed(main, hardware) == ["[0, 5, 5, 5]"]


def test_a_uart_sends_no_faster_than_its_line(printed):
    main = "import time\nms = time.ticks_ms()\nprint('x' * 1000)\nprint(time.ticks_diff(time.ticks_ms(), ms))"
    took_ms = int(printed(main, Hardware(native_usb=False))[1])
    assert took_ms == pytest.approx((1000 - 128) * 0.087, abs=3)


@pytest.mark.parametrize(("what", "cause"), UPSETS.items())
def test_what_befalls_a_chip_is_told_by_the_cause_it_reads(make_pod, what, cause):
    main = "import machine, time\nprint(machine.reset_cause())\ntime.sleep(5)"
    pod = make_pod(main, costs=Costs.ESP32_160)
    said = bytearray()
    pod.hardware.at(2 * S, lambda: pod.hardware.upset(what))
    pod.run(said.extend, until_us=4 * S)
    assert said == b"1\r\n%d\r\n" % cause
    assert pod.resets == [cause]
