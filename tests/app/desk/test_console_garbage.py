"""Thousands of lines that are nearly right: no crash, one answer each, no setting changed in vain."""

import json
import os
import re

from app.garbage import lines
from app.test_on_the_vm import PARTS
from backstep.app.kept import settings_store
from vm import bytecode_in, run_on_vm

COUNT = int(os.environ.get("BACKSTEP_LINES", "30000"))
ON_VM = COUNT // 6  # on MicroPython, where what is set waits for calm moments by the wall clock


def test_nothing_crashes_and_nothing_invalid_changes_a_setting(asked, monkeypatch):
    saved = []
    saving = settings_store.saving

    def watched(path, settings):
        saved.append(settings)
        return saving(path, settings)

    monkeypatch.setattr(settings_store, "saving", watched)
    granted = refused = 0
    for line in lines(COUNT, seed=1):
        before, told = len(saved), asked.type(line)
        answers = [json.loads(text) for text in told if text.startswith('{"id"')]
        assert len(answers) == line.startswith("{"), line
        for answer in answers:
            granted += "ok" in answer
            refused += "error" in answer
            assert ("ok" in answer) != ("error" in answer)
            if "error" in answer:
                assert len(saved) == before, line
                assert len(answer["error"]) < 2000 and answer["error"] == answer["error"].strip()
    assert granted > COUNT // 50 and refused > COUNT // 5
    assert asked.ask("get")["settings"] == (saved[-1] if saved else asked.ask("get")["settings"])
    print(f"{COUNT} lines: {granted} requests granted, {refused} refused, settings saved {len(saved)} times")


ON_THE_VM = """
from backstep.app import health, pod
from backstep.app.desk import console
made = []
plain = console.Console.__init__
def watched(self, reader, running, teller):
    made.append(self)
    plain(self, reader, running, teller)
console.Console.__init__ = watched
async def type_all(self, watchdog):
    obey, lines = made[0].obey, made[0]._writer.buffer
    answers = asked = taken = 0
    with open("{lines}") as file:
        for number, line in enumerate(file):
            line = line.rstrip("\\n")
            await obey(line)
            asked += line.startswith("{{")
            answers += len([text for text in lines if text.startswith('{{"id"')])
            lines.clear()
            if number % {every} == {every} - 1:
                await obey('{{"id": 1, "do": "calibrate", "cancel": true}}')  # one that was granted runs on
                made[0]._desk = None
                made[0]._help()  # drops the modules that answered
                lines.clear()
                gc.collect()
                print("\\ntaken", gc.mem_alloc())  # on a line of its own, wherever another task is in one
    print("asked", asked, "answers", answers)
health.Health.run = type_all
class Silent(Reader):
    async def readinto(self, buffer):
        while True:
            await asyncio.sleep_ms(10)
            self.parts.edge(None)
parts = Parts()
parts.detached = True
pod.run(parts, "{folder}/kept/settings.json", Silent(parts, None))
"""


def test_on_micropython_each_request_has_its_answer_and_memory_stays(tmp_path):
    path = tmp_path / "lines.txt"
    typed = list(lines(ON_VM, seed=2))
    path.write_text("".join(line.replace("\n", " ").replace("\r", " ") + "\n" for line in typed), "utf-8")
    script = ON_THE_VM.format(lines=path, folder=tmp_path, every=len(typed) // 10)
    firmware = bytecode_in(tmp_path / "firmware")
    said = run_on_vm(PARTS + script, heapsize="400K", path=(firmware,), timeout_s=600 + ON_VM // 10)
    assert "stopped by an error" not in said
    asked, answers = map(int, re.search(r"asked (\d+) answers (\d+)", said).groups())
    assert asked == answers > ON_VM // 3
    taken = [int(number) for number in re.findall(r"^taken (\d+)", said, re.M)]
    print(f"MicroPython, {len(typed)} lines: {taken} bytes taken")
    assert len(taken) >= 10 and abs(taken[-1] - taken[1]) < 1500
