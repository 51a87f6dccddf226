"""What a sample costs: instructions against counts made by hand, and what is left to the collector."""

from pathlib import Path

import madgwick
import numpy as np
import pytest

from host_tools.__main__ import main
from host_tools.bench import bench, bench_sample
from host_tools.micropython.script import run_script

ROWS = np.tile(np.array([[0, 0, 1000, 0, 0, 0]], dtype=np.int16), (50, 1))


def test_every_instruction_counts_once():
    script = """
from _pod import instructions
def nothing(): pass  # load None, return
def one(): return 1 + i  # load 1, load i, add, return
def loop():
    k = 0  # load, store, jump to the condition
    while k < 100:  # 101 times: load, load, compare, jump
        k += 1  # 100 times: load, load, add, store
def caught():
    try:  # set up
        missing  # load, which raises
    except NameError:  # duplicate, load, compare, jump, pop
        pass  # leave; load None, return
def count(what):
    start = instructions()
    what()
    return instructions() - start
i = 1
around = count(nothing) - 2
print(*[count(what) - around for what in (one, loop, caught, list)])
"""
    one, loop, caught, builtin = map(int, run_script(script).split())
    assert (one, loop, caught, builtin) == (4, 3 + 4 * 101 + 4 * 100 + 2, 2 + 5 + 3, 0)


def test_instructions_are_the_same_every_time():
    subject = bench_sample.detector("wrist")
    first = bench_sample.instructions(subject, ROWS)
    assert first.tolist() == bench_sample.instructions(subject, ROWS).tolist()
    assert len(first) == 50 and first.min() > 20


def test_what_a_file_makes_is_measured_beside(tmp_path):
    file = tmp_path / "plain.py"
    plain = "class Plain:\n    def feed(self, *row):\n        return 7\ndef make(rate_hz):\n    return Plain()\n"
    file.write_text(plain)
    subject = bench_sample.beside(file, 208)
    assert bench_sample.instructions(subject, ROWS).tolist() == [2] * 50
    assert bench_sample.measure(subject, ROWS).left >= 16  # the tuple of *row
    assert bench.beside_us(file, 208, ROWS) > 0


def test_floats_are_left_to_the_collector():
    cost = bench_sample.measure(bench_sample.beside(Path(madgwick.__file__), 208), ROWS)
    assert cost.left > 500
    assert bench_sample.measure(bench_sample.detector("wrist"), ROWS).left == 0


@pytest.mark.parametrize("name", ["none.py", "no-name.py", "text.txt"])
def test_a_file_that_is_no_module_is_named(name, tmp_path, capsys):
    if name != "none.py":
        (tmp_path / name).write_text("")
    assert main(["bench", "--beside", str(tmp_path / name)]) == 2
    assert f"{name}: no such file of Python" in capsys.readouterr().err
