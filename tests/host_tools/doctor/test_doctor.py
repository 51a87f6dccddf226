"""The verb `doctor`: without a pod, at one that runs, and the bundle that holds nothing personal."""

import json
import re
import zipfile
from dataclasses import replace

import pytest
from deploying import pod_on
from talking import command, while_running
from usb_fakes import Port, plugged_in
from well_pod import HELLO, WELL_FACTS

from host_tools.doctor import bundle, doctor, gather
from host_tools.doctor.at_prompt import look
from host_tools.doctor.gather import Person
from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.talk import port_access
from host_tools.talk.pod_link import Pod
from host_tools.virtual_pod.flash_image import read_files

NATIVE = 0x303A
PLANTED = {
    "pod name": "Annas left shoe", "uid": "0a0b0c0d0e0f", "mass": "77", "height": "181", "user": "annamueller",
    "host": "annas-laptop", "MAC": "24:6F:28:AA:BB:CC", "serial": "9C139EA1B2C3", "home": "/home/annamueller",
    "file": "/Users/anna2/run.py", "board": "annas_board", "about": "soldered by Anna Mueller",
}  # fmt: skip


def test_without_a_pod_it_says_so_and_looks_at_nothing_else(monkeypatch):
    plugged_in(monkeypatch)
    code, out, err = command("doctor")
    assert (code, err) == (1, "") and "WRONG  cable        no pod on USB" in out
    assert out.count("not looked at: cable comes first") == len(doctor.CHECKS) - 1
    assert out.splitlines()[-1] == f"0 well, 1 wrong, {len(doctor.CHECKS) - 1} not looked at"


@pytest.mark.parametrize(("words", "said"), [
    ((), "/dev/a (USB), /dev/b (USB): which one? Name it with --port or --pod"),
    (("--port", "/dev/none"), "/dev/none: there is no such port"),
])  # fmt: skip
def test_two_pods_and_a_port_that_is_not_there_are_findings_too(monkeypatch, words, said):
    plugged_in(monkeypatch, Port("/dev/a", NATIVE), Port("/dev/b", NATIVE))
    code, out, _ = command("doctor", "--json", *words)
    first = json.loads(out)[0]
    assert code == 1 and (first["check"], first["state"], first["said"]) == ("cable", "wrong", said)


@pytest.mark.parametrize(("name", "value", "check"), [
    ("refusal", lambda port, vid: ("no permission", ("sudo x",)), "permission"),
    ("holders", lambda port, but: ["screen (7)"], "port"),
])  # fmt: skip
def test_a_port_that_is_not_ours_is_not_opened(monkeypatch, tmp_path, name, value, check):
    monkeypatch.setattr(port_access, name, value)
    monkeypatch.setattr(gather, "Client", None)
    (tmp_path / "port").touch()
    code, out, _ = command("doctor", "--port", tmp_path / "port", "--json")
    rows = {row["check"]: row for row in json.loads(out)}
    assert code == 1 and rows[check]["state"] == "wrong" and rows["answer"]["said"] == f"{check} comes first"


class Answers:
    """A pod that is at its prompt until somebody looked from there."""

    def __init__(self, monkeypatch, allowed):
        self.asked, self.at_prompt, self.allowed = [], True, allowed
        monkeypatch.setattr(gather, "_meet", self.meet)
        monkeypatch.setattr(gather.at_prompt, "look", self.look)

    def ask(self, question):
        self.asked.append(question)
        return self.allowed

    def meet(self, facts, person):
        facts.answers = "prompt" if self.at_prompt else "firmware"
        facts.hello = {} if self.at_prompt else HELLO

    def look(self, port):
        self.at_prompt = False
        return {"board": None, "parts": None, "parts_why": "no", "restarted": "backstep on it", "restart_why": ""}


@pytest.mark.parametrize(
    ("may", "allowed", "looks"), [(None, True, True), (None, False, False), (False, None, False)]
)
def test_the_prompt_is_looked_from_only_where_that_is_allowed(monkeypatch, tmp_path, may, allowed, looks):
    (tmp_path / "port").touch()
    pod = Answers(monkeypatch, allowed)
    args = type("Args", (), {"port": str(tmp_path / "port"), "pod": None})
    facts = gather.gathered(args, Person(may, pod.ask if may is None else None))
    assert (facts.restarted != "", facts.prompt_why == "") == (looks, looks)
    assert facts.answers == ("firmware" if looks else "prompt") and facts.first == "prompt"
    assert pod.asked == ([gather.MAY_LEAVE] if may is None else [])


def test_a_bundle_holds_nothing_personal(monkeypatch, tmp_path):
    monkeypatch.setattr(bundle.socket, "gethostname", lambda: PLANTED["host"])
    monkeypatch.setenv("HOME", PLANTED["home"])
    monkeypatch.setattr(bundle.getpass, "getuser", lambda: PLANTED["user"])
    port = f"/dev/serial/by-id/usb-Espressif_{PLANTED['serial']}-if00"
    said = [f"{name}: {value} fails" for name, value in PLANTED.items() if name not in ("mass", "height")]
    settings = {"pod_name": PLANTED["pod name"], "wearer_kg": 77, "wearer_cm": 181, "snooze_min": 11, "new": 77}
    status = WELL_FACTS.status[0] | {"training": {"dose_steps": 77}, "day_counts": [77], "uptime_ms": 98765432}
    facts = replace(
        WELL_FACTS, port=port, said=said, settings=settings,
        usb=WELL_FACTS.usb | {"product": f"CP2102 {PLANTED['serial']}"},
        hello=HELLO | {"name": PLANTED["pod name"], "board": "Annas", "archive": {"board": PLANTED["board"]}},
        board=WELL_FACTS.board | {"name": "Annas", "about": PLANTED["about"], "buy": {"wires": "Annabelle's"}},
        silence=f"{port}: connection lost",
        reasons={"cause": "power on", "early": 2, "error": f"{PLANTED['file']} of {PLANTED['user']}"},
        status=(status, status),
    )  # fmt: skip
    rows = doctor.judged(doctor.CHECKS, facts)
    bundle.write(tmp_path / "b.zip", facts, rows, "\n".join(doctor.lines(rows, 80)))
    with zipfile.ZipFile(tmp_path / "b.zip") as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    for name, text in texts.items():
        low = text.lower()
        assert [word for word in PLANTED.values() if word.lower() in low] == [], name
        assert "anna" not in low and port not in text, name
    assert json.loads(texts["status.json"])[0]["uptime_ms"] == 98765432
    assert json.loads(texts["settings.json"]) == {"snooze_min": 11}
    assert "imu_int1" in texts["board.json"] and "early" in texts["reasons.json"]
    assert "ok     cable" in texts["doctor.txt"]
    assert texts["console.log"].count("***") == len(said)


def test_a_bundle_that_cannot_be_written_is_said_first_and_leaves_no_half_file(monkeypatch, tmp_path):
    code, _, err = command("doctor", "--bundle", tmp_path / "none" / "b.zip")
    assert code == 2 and "there is no folder" in err

    def full(*words):
        raise UserError("full")

    monkeypatch.setattr(bundle, "members", full)
    with pytest.raises(UserError):
        bundle.write(tmp_path / "b.zip", WELL_FACTS, [], "")
    assert list(tmp_path.iterdir()) == []


def test_at_the_virtual_pod_every_check_is_looked_at_and_the_slot_stays_as_it_was(tmp_path):
    def talk(port):
        told = [command(*words, "--port", port) for words in (
            ("time",), ("doctor", "--yes", "--json", "--bundle", tmp_path / "b.zip"), ("doctor", "--json"),
        )]  # fmt: skip
        with Pod(port) as at_prompt:
            at_prompt.enter()
            at_prompt.exec("with open('/fw/slot', 'w') as file:\n file.write('a 1')")
        return told, look(port)

    flash = tmp_path / "flash.bin"
    with pod_on(flash, podfiles.files("virtual")) as pod:
        (_, (code, out, _), (_, shown, _)), seen = while_running(pod, talk)
    rows = {row["check"]: row for row in json.loads(out)}
    not_well = {name: row["said"] for name, row in rows.items() if row["state"] not in ("well", "note")}
    assert set(not_well) <= {"clock"} and code == bool(not_well)  # a pod that lives as fast as it can is ahead
    assert re.fullmatch(r"(?:(?:39[89]|40[012])[/ ]){3}mg of 50..1700, .*", rows["self-test"]["said"])
    assert rows["motor"]["said"].startswith("its driver's test passed")
    assert seen["slot"] == "a 1"
    assert read_files(flash)[podfiles.POINTER] in (b"a 2", b"a")  # its own start alone counts, until it has lasted
    later = {row["check"]: row for row in json.loads(shown)}
    assert {later[name]["state"] for name in ("answer", "imu", "int1")} == {"well"}
    assert later["self-test"]["state"] == "not looked at" and "was not told" not in later["clock"]["said"]
    assert later["sessions"]["said"].startswith("1 not fetched yet")  # that which ended for the look
    assert {"doctor.json", "doctor.txt", "board.json"} <= set(zipfile.ZipFile(tmp_path / "b.zip").namelist())
