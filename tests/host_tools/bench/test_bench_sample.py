"""What a sample costs: instructions against counts made by hand, and what is left to the collector."""

from pathlib import Path

import madgwick
import numpy as np
import pytest
from rich.console import Console

from host_tools.bench import bench, bench_sample
from host_tools.errors import UserError
from host_tools.micropython import build
from host_tools.micropython.script import run_script

ROWS = np.tile(np.array([[0, 0, 1000, 0, 0, 0]], dtype=np.int16), (50, 1))


@pytest.fixture(scope="module")
def counting():
    try:
        return build.find_or_build_counting()
    except UserError as error:
        pytest.skip(str(error))


def test_every_instruction_counts_once(counting):
    script = """
from _pod_count import instructions
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
    one, loop, caught, builtin = map(int, run_script(script, program=counting).split())
    assert (one, loop, caught, builtin) == (4, 3 + 4 * 101 + 4 * 100 + 2, 2 + 5 + 3, 0)


def test_the_counting_build_is_another_one_with_the_same_results(counting):
    script = "import sys\nfrom backstep.core import fixed\nprint(sys.version, fixed.hypot(300, 400))"
    assert counting != build.find()
    assert run_script(script, program=counting) == run_script(script)
    with pytest.raises(RuntimeError, match="no module named '_pod_count'"):
        run_script("import _pod_count")


def test_instructions_are_the_same_every_time(counting):
    subject = bench_sample.detector("wrist")
    first = bench_sample.instructions(subject, ROWS, counting)
    assert first.tolist() == bench_sample.instructions(subject, ROWS, counting).tolist()
    assert len(first) == 50 and first.min() > 20


def test_what_a_file_makes_is_measured_beside(counting, tmp_path):
    file = tmp_path / "plain.py"
    plain = "class Plain:\n    def feed(self, *row):\n        return 7\ndef make(rate_hz):\n    return Plain()\n"
    file.write_text(plain)
    subject = bench_sample.beside(file, 208)
    assert bench_sample.instructions(subject, ROWS, counting).tolist() == [2] * 50
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
    with pytest.raises(SystemExit) as ended:
        bench.main(["--beside", str(tmp_path / name)])
    assert ended.value.code == 2
    assert f"{name}: no such file of Python" in capsys.readouterr().err


def test_without_a_counting_build_the_rest_is_shown(monkeypatch, capsys):
    def fail():
        raise UserError("micropython: no source to be had")

    monkeypatch.setattr(build, "find_or_build_counting", fail)
    assert bench.counting_build(Console(width=100)) is None
    assert capsys.readouterr().out == "no instructions are counted: micropython: no source to be had\n"


def test_a_release_with_another_vm_is_refused(tmp_path):
    (tmp_path / "py").mkdir()
    (tmp_path / "py" / "vm.c").write_text("#define DISPATCH() goto next\n")
    with pytest.raises(UserError, match="no place known to us to count instructions at"):
        build._add_variant(tmp_path, counting=True)
    build._add_variant(tmp_path / "plain", counting=False)
    assert (tmp_path / "plain/ports/unix/variants/pod/pod_main.c").is_file()


def test_the_counting_sources_are_part_of_the_builds_name():
    release = build.source.RELEASES[0]
    plain, counted = build._built(release, 32), build._built(release, 32, counting=True)
    assert plain != counted
    assert counted.name.endswith("-counting")
