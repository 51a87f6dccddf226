"""asyncio in virtual time."""

import asyncio
import gc

import pytest

from host_tools.virtual_pod.radio.loop import VirtualLoop


def test_timers_run_at_their_time_and_in_order():
    loop, seen = VirtualLoop(), []
    loop.call_at_us(3000, lambda: seen.append((loop.now_us, "c")))
    loop.call_later(0.001, lambda: seen.append((loop.now_us, "a")))
    loop.call_at(0.002, lambda: seen.append((loop.now_us, "b"))).cancel()
    assert loop.next_due_us() == 1000
    loop.advance(2999)
    assert (seen, loop.now_us) == ([(1000, "a")], 2999)
    loop.advance(3000)
    assert seen == [(1000, "a"), (3000, "c")]
    assert loop.next_due_us() is None


def test_tasks_sleep_and_time_out_in_virtual_time():
    loop, seen = VirtualLoop(), []

    async def work():
        await asyncio.sleep(3600)
        seen.append(loop.now_us)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(loop.create_future(), 0.25)
        return loop.now_us

    task = loop.create_task(work())
    loop.advance(4_000_000_000)
    assert seen == [3_600_000_000]
    assert task.result() == 3_600_250_000


def test_what_nobody_looked_at_is_kept():
    loop = VirtualLoop()

    async def fail():
        raise ValueError("no")

    loop.create_task(fail())
    loop.advance(0)
    gc.collect()
    assert [str(error["exception"]) for error in loop.errors] == ["no"]


def test_complete_refuses_what_takes_time():
    loop = VirtualLoop()
    with pytest.raises(asyncio.InvalidStateError):
        loop.complete(asyncio.sleep(1))


def test_another_loop_that_runs_is_left_as_it_was():
    loop = VirtualLoop()

    async def outside():
        loop.advance(10)
        return asyncio.get_running_loop()

    assert asyncio.run(outside()) is not loop
