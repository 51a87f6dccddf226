"""What a deployment wants of a pod before it touches it: MicroPython, chip, board."""

import json

import pytest
from memory_pod import PodInMemory
from patient import SLOWER
from talking import Line, command

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.install import archive, bytecode, deploy, podfiles, running
from host_tools.talk import client


class Answering(PodInMemory):
    """A pod that answers with a given sys.implementation."""

    def __init__(self, *answer):
        super().__init__()
        self.answer = answer

    def ask(self, expression):
        return self.answer


def test_only_a_recent_micropython_will_do():
    assert deploy.check_interpreter(Answering("micropython", (1, 25, 0), "x", 11014)) == ("x", "xtensawin")
    with pytest.raises(UserError, match=r"runs circuitpython, want MicroPython \(backstep flash"):
        deploy.check_interpreter(Answering("circuitpython", (9, 0, 0), "x", 517))
    with pytest.raises(UserError, match=r"MicroPython 1.24.1, want 1.25.0 or later"):
        deploy.check_interpreter(Answering("micropython", (1, 24, 1), "x", 11014))


@pytest.mark.parametrize(("mpy", "version"), ((0x1807, 7), (0, 0)))
def test_a_micropython_that_reads_another_bytecode_is_refused(mpy, version):
    with pytest.raises(UserError, match=rf"reads bytecode of version {version}, want 6; .*backstep flash"):
        deploy.check_interpreter(Answering("micropython", (1, 30, 0), "x", mpy))


def test_a_board_for_another_chip_is_refused():
    for said in ("ESP32S3", "ESP32-S3", "ESP32-S3-FN8"):
        deploy._check_mcu("port", f"Generic module with {said}", "esp32s3")
    for said in ("ESP32C3", "ESP32-C3", "ESP32-C3FH4"):
        with pytest.raises(UserError, match="is an esp32c3, the board has an esp32s3"):
            deploy._check_mcu("port", f"Generic module with {said}", "esp32s3")


def test_a_new_pod_needs_its_board_named_unless_it_is_the_virtual_one():
    with pytest.raises(UserError, match="a new pod; name its board: --board devkit_esp32 |"):
        deploy._wanted(PodInMemory(), None, "Generic ESP32 module with ESP32")
    assert deploy._wanted(PodInMemory(), None, "Backstep virtual pod with unix")[1] == "virtual"
    inside, name = deploy._wanted(PodInMemory(podfiles.files("qtpy_s3")), None, "")
    assert (name, inside["board.json"]) == ("qtpy_s3", podfiles.board_path("qtpy_s3").read_bytes())


NATIVE = "import micropython\n@micropython.viper\ndef twice(x: int) -> int:\n    return 2 * x\n"


def test_native_code_is_made_for_the_boards_mcu_and_an_image_of_another_is_refused():
    for arch in ("xtensawin", "rv32imc", "x86"):
        texts = {"twice.mpy": NATIVE, "plain.mpy": ""}
        inside = {name: bytecode.compiled(text, name, arch) for name, text in texts.items()}
        assert [bytecode.arch_of(data) for data in inside.values()] == [arch, ""]
        deploy.check_native("port", inside, arch)
        with pytest.raises(UserError, match=f"MicroPython loads xtensa native code, the board's is {arch}"):
            deploy.check_native("port", inside, "xtensa")
    assert {mcu: bytecode.ARCH_BY_MCU[mcu] for mcu in podfiles.chips()["mcus"]} == bytecode.ARCH_BY_MCU


def test_a_damaged_board_file_on_the_pod_asks_for_its_name():
    inside = podfiles.slot_files("qtpy_s3") | {"board.json": b"{"}
    pod = PodInMemory(podfiles.files("qtpy_s3") | {"/fw/a.pod": archive.packed(inside)})
    with pytest.raises(UserError, match=r"/fw/a.pod: board.json: line 1 column 2: .*; name its board"):
        deploy._wanted(pod, None, "")


class Worn(Line):
    """A pod that runs this firmware, and loads what answers only when it can: the first time too late."""

    def __init__(self, manifest):
        super().__init__()
        self.manifest, self.late = manifest, 1

    def _hello(self, asked):
        return {"safe": False, "archive": self.manifest}


def test_a_pod_that_is_up_to_date_but_slow_to_answer_is_left_to_run(monkeypatch):
    manifest = {"version": "1", "code": "c", "board": "virtual", "board_file": "b", "arch": ""}
    monkeypatch.setattr(podfiles, "slot_files", lambda *_: {podfiles.MANIFEST: json.dumps(manifest).encode()})
    monkeypatch.setattr(client, "_HELLO_S", 0.2 / SLOWER)
    monkeypatch.setattr(deploy, "Pod", lambda port: pytest.fail("its session was ended"))
    pod = Worn(manifest)
    try:
        said = deploy.deploy(pod.port, None, None, lambda done, total: None)
    finally:
        pod.close()
    assert said.words() == f"{pod.port}: up to date, nothing copied; board virtual; the firmware runs on"


@pytest.mark.parametrize(
    ("code", "words", "says", "copied"),
    [
        ("c", (), "firmware 0.9 runs there, up to date: nothing to do; board virtual", False),
        ("old", (), "firmware 0.9 runs there; would copy 1 KB of firmware ", True),
        ("old", ("--board", "virtual"), "would copy 1 KB of firmware ", True),
        ("c", ("--settings",), "would copy no firmware and ", False),
    ],
)
def test_a_dry_run_tells_what_would_be_done_and_leaves_the_pod_alone(
    code, words, says, copied, monkeypatch, tmp_path
):
    manifest = {"version": "0.9", "code": "c", "board": "virtual", "board_file": "b", "arch": ""}
    inside = {podfiles.MANIFEST: json.dumps(manifest).encode(), "code.mpy": bytes(1000)}
    monkeypatch.setattr(podfiles, "slot_files", lambda *_: inside)
    monkeypatch.setattr(deploy, "Pod", lambda port: pytest.fail("its session was ended"))
    (tmp_path / "s.json").write_text("{}")
    words += (str(tmp_path / "s.json"),) * (words == ("--settings",))
    pod = Worn(manifest | {"code": code})
    pod.late = 0
    try:
        told = command("deploy", "--port", pod.port, "--dry-run", *words)
        facts = json.loads(command("deploy", "--port", pod.port, "--dry-run", "--json", *words)[1])
    finally:
        pod.close()
    assert told[0] == 0 and told[1].startswith(f"{pod.port}: firmware 0.9 runs there") and says in told[1]
    assert told[1].endswith("\n") and told[1].count("\n") == 1
    assert (facts["runs"], facts["board"], facts["bytes"] > 1000) == ("0.9", "virtual", copied)
    assert {asked["do"] for asked in pod.asked} == {"hello"}


def test_a_dry_run_where_nobody_answers_and_where_there_is_no_port(monkeypatch):
    monkeypatch.setattr(client, "_HELLO_S", 0.1 / SLOWER)
    monkeypatch.setattr(running, "_HELLO_S", 0.1 / SLOWER)
    line = Line()
    line.mute = True
    try:
        code, out, _ = command("deploy", "--port", line.port, "--dry-run")
    finally:
        line.close()
    assert code == 0 and "no firmware answers there; would copy" in out and "else named by --board" in out
    code, out, err = command("deploy", "--port", "/dev/none", "--dry-run")
    assert (code, out) == (2, "") and err.endswith("there is no such port; is the pod plugged in?\n")


def test_what_a_deployment_came_to_is_told_to_programs_too(monkeypatch):
    done = deploy.Deployed("p", "qtpy_s3", 5, "backstep on QT Py")
    monkeypatch.setattr(deploy, "with_progress", lambda *_: done)
    assert json.loads(command("deploy", "--port", "p", "--json")[1]) == done._asdict()
    told = "p: 5 files copied; board qtpy_s3; firmware runs: backstep on QT Py\n"
    assert command("deploy", "--port", "p")[1] == told


def test_a_board_that_is_none_is_said_before_any_firmware_is_compiled(monkeypatch):
    monkeypatch.setattr(podfiles, "firmware_files", lambda *_: pytest.fail("it was compiled"))
    for words in (["deploy", "--board", "toaster", "--port", "none"], ["flash", "toaster", "--image", "none"]):
        assert main(words) == 2
    assert main(["flash", "qtpy_s3", "--image", "none"]) == 2
