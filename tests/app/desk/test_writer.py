"""The writer where nobody reads: each write blocks for half a second, as on native USB."""

import asyncio

import pytest
from app.fakes import Stdout
from backstep.app.console.lines import Writer
from backstep.app.faults import CONSOLE_LINES_LOST, no_faults


class Bench:
    """A line a second, and when the writes that block began [s]."""

    def __init__(self, world):
        self.world, self.stdout, self.faults = world, Stdout(world), no_faults()
        self.writer = Writer(self.stdout, self.faults, False)
        self.blocked_s = []
        write = self.stdout.write

        def timed(text):
            if self.stdout.takes_us:
                self.blocked_s.append(world.now_us / 1e6)
            return write(text)

        self.stdout.write = timed

    def run(self, for_s):
        async def speak():
            for second in range(for_s):
                self.writer.put(f"line {second}")
                await asyncio.sleep(1)

        async def both():
            task = asyncio.ensure_future(self.writer.run())
            await speak()
            task.cancel()

        asyncio.run(both())


@pytest.fixture
def bench(world):
    return Bench(world)


def test_quiet_time_doubles_up_to_minutes(bench):
    bench.stdout.takes_us = 500_000
    bench.run(1800)
    pauses = [round(b - a) for a, b in zip(bench.blocked_s, bench.blocked_s[1:], strict=False)]
    assert pauses == pytest.approx([11, 21, 41, 81, 161, 321, 321, 321, 321], abs=2)
    assert bench.faults[CONSOLE_LINES_LOST] == pytest.approx(1800, abs=15)


def test_who_reads_again_has_every_line_from_then_on(bench):
    bench.stdout.takes_us = 500_000
    bench.world.at(60_000, lambda: setattr(bench.stdout, "takes_us", 0))
    bench.run(300)
    lines = bench.stdout.lines
    lost = next(line for line in lines if line.startswith("console: "))
    after = lines[lines.index(lost) + 1 :]
    assert lost == f"console: {bench.faults[CONSOLE_LINES_LOST]} lines lost"
    assert after == [f"line {n}" for n in range(300 - len(after), 300)] and len(after) > 190


def test_a_short_stall_later_begins_with_a_short_pause_again(bench):
    bench.stdout.takes_us = 500_000
    bench.world.at(200_000, lambda: setattr(bench.stdout, "takes_us", 0))
    bench.world.at(400_500, lambda: setattr(bench.stdout, "takes_us", 500_000))
    bench.world.at(401_600, lambda: setattr(bench.stdout, "takes_us", 0))
    bench.run(450)
    assert bench.blocked_s[-1] == pytest.approx(401, abs=1.5)
    lines = bench.stdout.lines
    assert "line 415" in lines and "line 405" not in lines


@pytest.mark.parametrize("stalled_before", [False, True])
def test_the_way_out_waits_for_one_stalled_write_at_most(bench, stalled_before):
    bench.stdout.takes_us = 500_000
    if stalled_before:
        bench.run(3)
    before_us, blocked = bench.world.now_us, len(bench.blocked_s)
    for number in range(24):
        bench.writer.put(f"rest {number}")
    bench.writer.write_rest()
    assert len(bench.blocked_s) - blocked == 1 - stalled_before
    assert bench.world.now_us - before_us <= 500_000
