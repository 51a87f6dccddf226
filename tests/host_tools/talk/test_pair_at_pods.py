"""`backstep pair` at two virtual pods: the firmware's own requests, its own words."""

import threading
import time

import pytest
from still import Still
from talking import command

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


class Both:
    """Pods that live while work(ports) runs in a thread, and what each has printed since it was switched on."""

    def __init__(self, pods):
        self.pods = pods
        self.heard = [bytearray() for _ in pods]

    def until_started(self, times):
        """Wait until each has started so often: a request in between would be lost, and the clock is patient."""
        ends_us = [pod.hardware.now_us + 60_000_000 for pod in self.pods]
        while min(heard.count(b"Ctrl-C leaves") for heard in self.heard) < times:
            assert all(pod.hardware.now_us < end_us for pod, end_us in zip(self.pods, ends_us, strict=True))
            time.sleep(0.02)

    def while_they_live(self, work):
        """Return what work(ports) did, or raise it."""
        said = []
        ports = [pod.serve_pty() for pod in self.pods]

        def run():
            try:
                said.append(work(ports))
            except BaseException as error:
                said.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        while thread.is_alive():
            for pod, heard in zip(self.pods, self.heard, strict=True):
                pod.run(heard.extend, wall_s=0.02)
        for pod in self.pods:
            pod.unserve_pty()
        if isinstance(said[0], BaseException):
            raise said[0]
        return said[0]


@pytest.mark.slow
def test_two_pods_are_paired_listed_and_unpaired(monkeypatch):
    monkeypatch.setattr(find, "AMONG_S", START_S)
    monkeypatch.setattr(announced, "ports", list)

    with switched_on("shoe", 1) as shoe, switched_on("belt", 2) as belt:
        both = Both((shoe, belt))

        def work(ports):
            monkeypatch.setattr(find, "ports", lambda: ports)
            both.until_started(1)
            paired = command("pair")
            both.until_started(2)
            listed, radio = command("pair", "--list"), command("config", "get", "radio", "--port", ports[0])
            removed = command("pair", "--remove")
            both.until_started(3)
            return paired, listed, radio, removed, command("pair", "--list")

        paired, listed, radio, removed, after = both.while_they_live(work)
    assert paired[0] == 0 and "shoe the shoe" in paired[1], paired
    assert "belt the belt" in listed[1] and listed[1].count(": band ") == 2 and "the hub" in listed[1], listed
    assert listed[1].count("; it stays off") == 2, listed  # there is no ether
    assert radio[1] == "radio=pods\n"
    assert removed[0] == 0 and removed[1].count("forgot its partners") == 2, removed
    assert after[1].count(": not paired") == 2, after
