"""`backstep pair` at two virtual pods: the firmware's own requests, its own words."""

import time

import pytest
from still import Still
from talking import command, while_all_run

from host_tools.install import podfiles
from host_tools.talk import announced, find
from host_tools.talk.client import START_S
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod

S3_HEAP = "252wK"


def switched_on(placement, number):
    model = board_model.build(board_model.read_board("virtual"), Still(), Timeline())
    model.hardware.unique_id = bytes([2, 0, 0, 0, 0, number])
    settings = {"placement": placement, "pod_name": f"the {placement}"}
    return VirtualPod(model.hardware, podfiles.files("virtual", settings), heap=S3_HEAP)


def until_started(pods, heard, times):
    """Wait until each has started so often: a request in between would be lost, and the clock is patient."""
    ends_us = [pod.hardware.now_us + 60_000_000 for pod in pods]
    while min(one.count(b"Ctrl-C leaves") for one in heard) < times:
        assert all(pod.hardware.now_us < end_us for pod, end_us in zip(pods, ends_us, strict=True))
        time.sleep(0.02)


@pytest.mark.slow
def test_two_pods_are_paired_listed_and_unpaired(monkeypatch):
    monkeypatch.setattr(find, "AMONG_S", START_S)
    monkeypatch.setattr(announced, "ports", list)

    with switched_on("shoe", 1) as shoe, switched_on("belt", 2) as belt:
        pods, heard = (shoe, belt), (bytearray(), bytearray())

        def work(ports):
            monkeypatch.setattr(find, "ports", lambda: ports)
            until_started(pods, heard, 1)
            paired = command("pair")
            until_started(pods, heard, 2)
            listed, radio = command("pair", "--list"), command("config", "get", "radio", "--port", ports[0])
            removed = command("pair", "--remove")
            until_started(pods, heard, 3)
            return paired, listed, radio, removed, command("pair", "--list")

        paired, listed, radio, removed, after = while_all_run(pods, work, [one.extend for one in heard])
    assert paired[0] == 0 and "shoe the shoe" in paired[1], paired
    assert "belt the belt" in listed[1] and listed[1].count(": band ") == 2 and "the hub" in listed[1], listed
    assert listed[1].count("; it stays off") == 2, listed  # there is no ether
    assert radio[1] == "radio=pods\n"
    assert removed[0] == 0 and removed[1].count("forgot its partners") == 2, removed
    assert after[1].count(": not paired") == 2, after
