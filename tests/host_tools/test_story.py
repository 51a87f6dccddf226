"""The whole story of a pod, by the commands a person types; the cable comes out at each stage: old or new, only.

From a board out of the shop (a stand-in for the chip's loader, the real esptool) by a pod that is worn (the
virtual one) to one that no longer starts, whose flash is in the loader again.
"""

import json
import threading

import images
import pytest
from kept_flash import VFS_AT
from rom_loader import RomLoader
from talking import command, while_running

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, session, uphill_backward
from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.sim.sim import risen
from host_tools.talk import pod_link, usb_port
from host_tools.talk.client import Client
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.flash_image import write_files
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import World

S = 1_000_000
UID = "020000000001"  # of stand-in and virtual pod alike
WALK = [Stand(3.0), Walk(10, uphill_backward(95, 10)), LoseBalance(SwayParams(push_ratio=1.6)), Stand(6.0)]
NEEDS_STRIDES = ("gpx", "gaitmap")  # which a pod at the belt does not sense
CUT = "the cable came out"


class Wearer:
    """What the pod senses: a wearer who stands until it is time to walk."""

    temperature_c = 25.0

    def __init__(self, walk: World):
        self.walks, self._walk, self._began = False, walk, None

    def row(self, index: int, rate_hz: int) -> tuple[int, ...]:
        if not self.walks:
            return index % 2, 0, 1000, 0, 0, 0
        self._began = index if self._began is None else self._began
        return self._walk.row(max(0, index - self._began), rate_hz)


class Story:
    """One board, its flash in a file, and the port it is at."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.patch = folder, monkeypatch
        self.port, self.flash = folder / "port", folder / "vfs.bin"
        board = json.loads(podfiles.board_path("virtual").read_text())
        place = {"vfs_offset": hex(VFS_AT), "vfs_size": "0x200000"}
        where = {"board": "ESP32_GENERIC_S3", "url": "https://micropython.org/download/", "min_version": "1.25.0"}
        self.board = folder / "story.json"
        self.board.write_text(json.dumps(board | {"image": where | place}))
        self.image = folder / "image.bin"
        self.image.write_bytes(images.image())
        axes = tuple(board["axes"])
        walk = risen(Recording(session(WALK, "belt", 5).samples, 104, "belt", "body"))  # before there is an alarm
        self.wearer = Wearer(World(walk, axes))
        self.hardware = board_model.build(board, self.wearer, Timeline()).hardware
        self.pod = None

    def start(self) -> None:
        """Give the virtual pod what is on the flash, and power."""
        self.pod = VirtualPod(self.hardware, flash=self.flash)

    def loader(self, cells: bytearray) -> RomLoader:
        """Return the chip in its loader at the port."""
        rom = RomLoader(cells)
        self.port.unlink(missing_ok=True)
        self.port.symlink_to(rom.port)
        return rom

    def run(self, seconds: float) -> None:
        self.pod.run(until_us=self.pod.hardware.now_us + round(seconds * S))

    def tell(self, *words, code=0):
        """Return what a command prints at the pod, which lives meanwhile."""
        ended, out, err = while_running(self.pod, lambda port: command(*words, "--port", port))
        assert ended == code, (words, out, err)
        return out if code == 0 else err

    def cut(self, *words, after: int) -> None:
        """Have the cable come out at the so-manieth piece that a command sends."""
        real, left = usb_port.write, [after]

        def write(line, data, in_pieces):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(CUT)
            real(line, data, in_pieces)

        with self.patch.context() as patch:
            patch.setattr(usb_port, "write", write)
            assert CUT in self.tell(*words, code=2)

    def pull(self, *words) -> None:
        """Have the cable come out when the first piece of a file is here."""
        real, came = Client._raw_lines, []

        def lines(pod):
            if came:
                raise pod_link.lost(pod.port, OSError(CUT))
            found = real(pod)
            came.extend(line for line in found if line.startswith(b"="))
            return found

        with self.patch.context() as patch:
            patch.setattr(Client, "_raw_lines", lines)
            assert CUT in self.tell(*words, code=2)

    def ask(self, *words):
        return json.loads(self.tell(*words, "--json"))


@pytest.fixture
def story(tmp_path, monkeypatch):
    monkeypatch.setattr(pod_link.Pod, "stop", lambda self: None)  # in its loader nothing runs that could end
    made = Story(tmp_path, monkeypatch)
    yield made
    if made.pod:
        made.pod.close()


@pytest.mark.vm
@pytest.mark.slow
def test_from_the_shop_to_a_pod_that_no_longer_starts(story, tmp_path):
    _flashed(story)
    _set_up(story)
    _worn(story)
    fetched = _fetched(story)
    _looked_at(tmp_path)
    _updated(story)
    _rescued(story, fetched)


def _flashed(story):
    """Flash a blank board: cut while the image is written, then from end to end, firmware and all."""
    cells = bytearray(b"\xff" * 0x400000)
    words = ("flash", story.board, "--image", story.image, "--port", story.port, "--saved", story.folder / "saved")
    rom = story.loader(cells)
    rom.cut_after = "flash_defl_data", 1
    assert command(*words)[0] == 2
    rom.close()
    rom = story.loader(cells)
    said = []
    thread = threading.Thread(target=lambda: said.append(command(*words)), daemon=True)
    thread.start()
    while thread.is_alive() and not rom.was_reset.wait(0.1):
        pass
    rom.close()
    story.flash.write_bytes(cells[VFS_AT:])
    assert cells[: len(images.image())] == images.image()
    story.start()
    story.pod.serve_pty(story.port)
    while thread.is_alive():
        story.pod.run(wall_s=0.05)
    story.pod.unserve_pty()
    code, out, err = said[0]
    assert code == 0 and "there was nothing to save" in out and "firmware runs: backstep on" in out, (out, err)


def _set_up(story):
    """Configure and calibrate: what a cut leaves is what was."""
    story.cut("config", "set", "placement=belt", after=2)
    assert story.tell("config", "get", "placement") == "placement=shoe\n"
    story.tell("config", "set", "placement=belt", "pod_name=story")
    story.tell("reboot")
    story.run(4)
    assert story.ask("status")["placement"] == "belt"
    story.cut("calibrate", after=2)
    assert story.ask("status")["calibrated_day"] == 0
    assert story.ask("calibrate")["step"] == "done"
    assert story.ask("status")["calibrated_day"] > 20000


def _worn(story):
    """Walk uphill backward, sway and fall; the pod is asked how it goes meanwhile."""
    story.wearer.walks = True
    story.run(8)
    during = story.ask("status")
    assert during["placement"] == "belt"
    story.cut("status", after=1)
    story.run(40)
    assert story.ask("status")["sways"] >= 1
    story.tell("session", "end")


def _fetched(story):
    """Sync, cut half way and resumed; return the sessions and raw seconds that came."""
    to = story.folder / "to"
    story.pull("sync", "--to", to)
    assert list(to.rglob("*.part"))
    came = story.ask("sync", "--to", to)
    assert came["new"] and came["raw"] and not list(to.rglob("*.part"))
    return {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*.bs?")}


def _looked_at(folder):
    """Make the report and each export of what was fetched."""
    assert command("report", "latest", folder / "to", "--out", folder / "page.html")[0] == 0
    assert "sway" in (folder / "page.html").read_text()
    for kind in ("fit", "tcx", "csv", "parquet", "json", *NEEDS_STRIDES):
        code, _, err = command("export", "latest", folder / "to", "--to", kind, "--out", folder / f"walk.{kind}")
        assert code == (2 if kind in NEEDS_STRIDES else 0), err
        assert (folder / f"walk.{kind}").exists() != (kind in NEEDS_STRIDES)


def _updated(story):
    """Deploy another firmware: cut, the old one starts; repeated, the new one does. Settings stay."""
    now = podfiles.firmware_files()
    newer = now | {"help.mpy": now["help.mpy"] + b"\0"}  # after its end nothing is read
    before = story.ask("status")["archive"]["code"]
    story.patch.setattr(podfiles, "firmware_files", lambda arch="": newer)
    real, left = pod_link.Pod.exec, [20]

    def exec_until(self, code):
        left[0] -= 1
        if left[0] < 0:
            raise pod_link.lost(self.port, OSError(CUT))
        return real(self, code)

    with story.patch.context() as patch:
        patch.setattr(pod_link.Pod, "exec", exec_until)
        assert CUT in story.tell("deploy", code=2)
    story.pod.power_cut()
    story.pod.power_on()
    assert story.ask("status")["archive"]["code"] == before
    story.tell("deploy")
    told = story.ask("status")
    assert told["archive"]["code"] != before and told["name"] == "story" and told["calibrated_day"] > 20000


def _rescued(story, fetched):
    """Take everything out of the flash of a pod whose firmware is gone: cut first, then all of it."""
    story.pod.close()
    write_files(story.flash, {"/fw/a.pod": b"", "/fw/b.pod": b"gone", "/main.py": b"raise SystemExit"})
    cells = bytearray(images.image().ljust(VFS_AT, b"\xff") + story.flash.read_bytes())
    to = story.folder / "rescued"
    rom = story.loader(cells)
    rom.cut_after = "read_flash", 4
    assert command("rescue", "--port", story.port, "--to", to)[0] == 2 and not to.exists()
    rom.close()
    rom = story.loader(cells)
    code, out, _ = command("rescue", "--port", story.port, "--to", to, "--json")
    rom.close()
    told = json.loads(out)
    assert code == 0 and told["settings"] and told["state"] and told["lost"] == []
    settings = json.loads((to / UID / "settings.json").read_text())
    assert (settings["pod_name"], settings["placement"]) == ("story", "belt")
    assert settings["calibrated_day"] > 20000
    assert {name: (to / name).read_bytes() for name in fetched} == fetched
    assert command("report", "latest", to, "--out", story.folder / "again.html")[0] == 0
