"""`backstep pair` at two virtual pods: the firmware's own requests, its own words."""

import threading

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


def while_both_run(pods, work):
    """Let pods live while work(ports) runs in a thread; return what that did, or raise it."""
    said = []
    ports = [pod.serve_pty() for pod in pods]

    def run():
        try:
            said.append(work(ports))
        except BaseException as error:
            said.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        for pod in pods:
            pod.run(wall_s=0.02)
    for pod in pods:
        pod.unserve_pty()
    if isinstance(said[0], BaseException):
        raise said[0]
    return said[0]


@pytest.mark.slow
def test_two_pods_are_paired_listed_and_unpaired(monkeypatch):
    monkeypatch.setattr(find, "AMONG_S", START_S)
    monkeypatch.setattr(announced, "ports", list)

    def work(ports):
        monkeypatch.setattr(find, "ports", lambda: ports)
        said = [command("pair"), command("pair", "--list"), command("config", "get", "radio", "--port", ports[0])]
        return [*said, command("pair", "--remove"), command("pair", "--list")]

    with switched_on("shoe", 1) as shoe, switched_on("belt", 2) as belt:
        paired, listed, radio, removed, after = while_both_run((shoe, belt), work)
    assert paired[0] == 0 and "shoe the shoe" in paired[1], paired
    assert "belt the belt" in listed[1] and listed[1].count(": band ") == 2 and "the hub" in listed[1], listed
    off = listed[1].count("; it stays off")  # there is no ether, which a pod says when it has started anew
    assert radio[1] == "radio=pods\n" and off + listed[1].count("backstep reboot") == 2, listed
    assert removed[0] == 0 and removed[1].count("forgot its partners") == 2, removed
    assert after[1].count(": not paired") == 2, after
