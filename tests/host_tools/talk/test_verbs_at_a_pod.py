"""Every verb at the virtual pod."""

import json
import time
from binascii import crc32

from patient import SLOWER
from still import Still
from talking import command, while_running

from host_tools.install import podfiles
from host_tools.sessions import session_log
from host_tools.talk import client
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.flash_image import read_files
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod


def work(port, folder):
    """Do what a person does at a desk; return what was said."""
    at = ("--port", port)
    said = {
        "status": command("status", *at),
        "set": command("config", "set", "pod_name=left shoe", "cue_every_steps=20", *at),
        "wrong": command("config", "set", "cue_every_steps=20000", "hat=1", *at),
        "get": command("config", "get", "cue_every_steps", "pod_name", *at),
        "list": command("config", "list", *at),
        "time": command("time", *at),
        "buzz": command("buzz", *at),
        "mark": command("mark", *at),
        "lap": command("lap", *at),
        "snooze": command("snooze", *at),
        "direction": command("direction", "backward", *at),
        "live": command("live", "--seconds", str(0.2 / SLOWER), *at),
        "running": command("sync", "--to", folder, "--json", *at),
        "end": command("session", "end", *at),
        "sync": command("sync", "--to", folder, *at),
        "sessions": command("sessions", *at),
        "reasons": command("reasons", *at),
        "json": command("status", "--json", "--pod", "left shoe", *at),
        "reset": command("config", "reset", *at),
        "maintenance": command("maintenance", *at),
    }
    time.sleep(1)
    said["prompt"] = command("status", *at)
    said["reboot"] = command("reboot", *at)
    return said | {"again": command("status", *at)}


class Spinning(Still):
    """A pod that never has a calm moment."""

    def row(self, index, rate_hz):
        return index % 2, 0, 1000, 0, 0, 3000


def test_a_pod_that_never_rests_says_so_before_the_host_gives_up():
    model = board_model.build(board_model.read_board("virtual"), Spinning(), Timeline())
    hardware, heard = model.hardware, []
    with VirtualPod(hardware, podfiles.files("virtual")) as pod:
        hardware.at(4_000_000, lambda: pod.send(b'{"id": 1, "do": "hello"}\n'))
        hardware.at(8_000_000, lambda: pod.send(b'{"id": 2, "do": "set", "values": {"snooze_min": 9}}\n'))
        pod.run(lambda data: heard.append((hardware.now_us, data)), until_us=20_000_000)
    text = b"".join(data for _, data in heard)
    assert b'{"id": 2, "busy": true, "error": "the pod moves too much' in text
    (answered_us,) = [now_us for now_us, data in heard if data.startswith(b'{"id": 2')]
    took_s = answered_us / 1e6 - 8
    print(f"answered after {took_s:.2f} s")
    assert 6.0 < took_s < client.ANSWER_S - 1


def test_every_verb_at_the_virtual_pod(tmp_path):
    model = board_model.build(board_model.read_board("virtual"), Still(), Timeline())
    flash = tmp_path / "flash.bin"
    with VirtualPod(model.hardware, podfiles.files("virtual"), flash=flash) as pod:
        said = while_running(pod, lambda port: work(port, tmp_path))
    codes = {name: code for name, (code, _, _) in said.items() if code}
    assert codes == {"wrong": 2, "snooze": 2, "direction": 2, "prompt": 2}
    assert "a shoe senses it" in said["direction"][2]
    assert "shoe at 208 Hz" in said["status"][1] and "faults: none" in said["status"][1]
    assert said["set"][1] == "changed: cue_every_steps, pod_name\n"
    assert "hat: no such setting" in said["wrong"][2] and "20000 is outside 0..1000 steps" in said["wrong"][2]
    assert said["get"][1] == "cue_every_steps=20\npod_name=left shoe\n"
    assert "left shoe" in said["list"][1] and "4..30 deg or 0" in said["list"][1]
    assert "1 new session in" in said["sync"][1] and "fetched" in said["sessions"][1]
    assert "ended by console" in said["reasons"][1]
    assert json.loads(said["json"][1])["name"] == "left shoe"
    assert "at MicroPython's prompt: backstep reboot starts its firmware" in said["prompt"][2]
    assert said["reboot"][1] == "starts anew, from the prompt\n" and "shoe at 208 Hz" in said["again"][1]
    (path,) = (tmp_path / "020000000001").glob("*.bsl")
    on_flash = read_files(flash)["/log/boots/0000/00001-01.old"]  # the reboot has put it on its shelf
    assert crc32(path.read_bytes()) == crc32(on_flash)
    names = [record["event"] for record in session_log.load(path).records]
    assert {"begin", "boot", "clock", "buzz", "mark", "lap", "end"} <= set(names)
    assert "lap 2" in command("sessions", path, "--figures")[1]
