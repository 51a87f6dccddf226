"""A test that starts a MicroPython is known as one that does."""

import functools

import pytest
from needs import starts_vm
from vm import run_on_vm, word_bits

from host_tools.__main__ import main
from host_tools.micropython import build, script
from host_tools.virtual_pod import vm


def plain():
    return sorted([3, 1])


def named():
    return vm.VirtualPod


def inside():
    return [script.run_script("pass") for _ in range(2)]


class Holds:
    def start(self):
        return inside()


@functools.cache
def kept():
    return Holds()


def closed_over(function):
    return lambda: function()


STARTING = (named, inside, Holds, kept, closed_over(named), run_on_vm, word_bits, build.find)


@pytest.mark.parametrize("function", STARTING)
def test_what_names_a_starter_is_known(function):
    assert starts_vm(function)


@pytest.mark.parametrize("function", [plain, closed_over(plain), main])
def test_what_names_none_is_not(function):
    assert not starts_vm(function)


def test_one_that_starts_it_unseen_finds_none(capsys):
    assert main(["micropython", "--find"]) == 2
    assert "/a-test-without-the-marker-vm-starts-no-micropython: no such program" in capsys.readouterr().err


@pytest.mark.vm
def test_one_that_says_so_finds_it(capsys):
    assert main(["micropython", "--find"]) == 0
    assert "micropython" in capsys.readouterr().out
