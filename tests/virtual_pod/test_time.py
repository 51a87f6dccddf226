"""Virtual time: it ends waits at once, is the same each time, and busy loops end in it."""

import time

import pytest
from patient import LAST_RESORT_S

from host_tools.virtual_pod.link import Hardware

SLEEPER = """
import asyncio, time
async def main():
    before = time.ticks_ms()
    await asyncio.sleep(3600)
    print(time.ticks_diff(time.ticks_ms(), before) // 1000)
asyncio.run(main())
"""


def test_an_hour_of_asyncio_sleep_ends_at_once(said):
    before_s = time.monotonic()
    assert said(SLEEPER) == ["3600"]
    assert time.monotonic() - before_s < LAST_RESORT_S


MIXED = """
import asyncio, time
async def tick(name, ms):
    for n in range(3):
        await asyncio.sleep_ms(ms)
        print(name, n, time.ticks_us())
async def main():
    await asyncio.gather(tick('a', 7), tick('b', 11), tick('c', 13))
asyncio.run(main())
"""


def test_two_runs_print_the_same_times(said):
    first = said(MIXED)
    assert len(first) == 9
    assert first == said(MIXED)


def test_two_runs_have_everything_at_the_same_address(said):
    """What is no address but looks like one keeps garbage alive, and time goes into collecting it."""
    main = "print(id([]))"
    assert said(main) == said(main)


def test_time_goes_on_for_a_busy_loop(said):
    main = """
import time
start = time.ticks_ms()
while time.ticks_diff(time.ticks_ms(), start) < 50:
    pass
print('done', time.ticks_diff(time.ticks_ms(), start))
"""
    assert said(main) == ["done 50"]


def test_sleeps_are_as_long_as_asked_for(said):
    main = """
import time
for sleep, long in ((time.sleep_ms, 250), (time.sleep_us, 700), (time.sleep, 2)):
    before = time.ticks_us()
    sleep(long)
    print(time.ticks_diff(time.ticks_us(), before))
"""
    took_us = [int(line) for line in said(main)]
    assert took_us == pytest.approx([250_000, 700, 2_000_000], abs=10)


def test_the_clock_starts_where_the_hardware_says(said):
    main = "import time\nprint(time.localtime()[:6], time.time())\n"
    assert said(main, Hardware(epoch_s=1_735_689_600)) == ["(2025, 1, 1, 0, 0, 0) 789004800"]


def test_the_clock_outlives_a_reset(said):
    main = """
import machine, time
if machine.reset_cause() != machine.HARD_RESET:
    machine.RTC().datetime((2031, 5, 6, 0, 7, 8, 9, 0))
    machine.reset()
print(time.localtime()[:5])
"""
    assert said(main) == ["(2031, 5, 6, 7, 8)"]


def test_realtime_keeps_pace_with_the_wall_clock(make_pod):
    pod = make_pod("import time\ntime.sleep_ms(600)\nprint('up')", Hardware(realtime=True))
    before_s = time.monotonic()
    assert next(pod.lines(wall_s=LAST_RESORT_S)) == "up"
    assert time.monotonic() - before_s > 0.5


def test_a_run_stops_where_nothing_can_happen_any_more(make_pod):
    pod = make_pod("import asyncio\nasyncio.run(asyncio.ThreadSafeFlag().wait())")
    assert pod.run(wall_s=LAST_RESORT_S) == "nothing can happen any more"


def test_a_run_stops_at_its_time_and_goes_on_from_there(make_pod):
    pod = make_pod("import time\nfor n in range(4):\n time.sleep(1)\n print(n)")
    first, rest = bytearray(), bytearray()
    assert pod.run(first.extend, until_us=2_500_000) == "the time is up"
    assert pod.hardware.now_us == 2_500_000
    pod.run(rest.extend, until_us=9_000_000)
    assert first == b"0\r\n1\r\n"
    assert rest.startswith(b"2\r\n3\r\n")


def test_a_timeline_action_stops_the_run(make_pod):
    pod = make_pod("import time\nwhile True: time.sleep_ms(10)")
    pod.hardware.at(3_000_000, lambda: pod.hardware.stop("seen enough"))
    assert pod.run(wall_s=LAST_RESORT_S) == "seen enough"
    assert pod.hardware.now_us == 3_000_000


def test_a_timer_calls_once_to_the_millisecond_amid_a_busy_loop(said):
    main = """
import time
from machine import Timer
start, came = time.ticks_us(), []
def call(timer):
    came.append(time.ticks_diff(time.ticks_us(), start))
Timer(0).init(mode=Timer.ONE_SHOT, period=17, callback=call)
while time.ticks_diff(time.ticks_us(), start) < 50_000:
    pass
print(len(came), 17_000 <= came[0] < 18_000)
"""
    assert said(main) == ["1 True"]


def test_a_timer_ends_a_wait_repeats_and_stops(said):
    main = """
import time
from machine import Timer
came = []
timer = Timer(1, mode=Timer.PERIODIC, period=10, callback=lambda timer: came.append(time.ticks_ms()))
time.sleep_ms(35)
timer.deinit()
time.sleep_ms(50)
print([came[n + 1] - came[n] for n in range(len(came) - 1)])
try:
    Timer(9)
except ValueError as error:
    print(error)
"""
    assert said(main) == ["[10, 10]", "invalid Timer number"]


def test_setting_a_timer_allocates_nothing(said):
    main = """
import micropython
from machine import Timer
timer, call = Timer(0), print
timer.init(mode=Timer.ONE_SHOT, period=5000, callback=call)
micropython.heap_lock()
timer.init(mode=timer.ONE_SHOT, period=6000, callback=call)
micropython.heap_unlock()
print('none')
"""
    assert said(main) == ["none"]
