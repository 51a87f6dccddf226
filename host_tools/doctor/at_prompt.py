"""What only MicroPython's prompt tells: chip, flash, what is on it, and the parts as the pod's drivers see them.

Nothing on the pod is changed: the slot's pointer, which a start counts in, is put back as it was.
"""

import ast
import json

from host_tools.errors import UserError
from host_tools.talk.client import START_S
from host_tools.talk.pod_link import Pod

_CHIP = """
import sys
def told(ask):
    try:
        return ask()
    except Exception as error:
        return None
def flash():
    import esp
    return esp.flash_size()
def vfs():
    from esp32 import Partition
    where = Partition.find(Partition.TYPE_DATA, label="vfs")[0].info()
    return where[2], where[3]
def text(path):
    with open(path) as file:
        return file.read()
wdt.feed()
print(repr({
    "machine": told(lambda: sys.implementation._machine),
    "version": told(lambda: sys.implementation.version[:3]),
    "flash": told(flash),
    "vfs": told(vfs),
    "space": told(lambda: os.statvfs("/")[:4]),
    "slot": told(lambda: text("/fw/slot")),
    "archives": [slot for slot in "ab" if size("/fw/%s.pod" % slot)],
}))
"""
# Modules that the firmware's own start brings in; the archive is mounted at /f then.
_START = """
sys.path.insert(0, "/fw")
pointer = told(lambda: text("/fw/slot"))
try:
    from starting import start
    fell = start()
finally:
    if pointer is not None and told(lambda: text("/fw/slot")) != pointer:
        with open("/fw/slot", "w") as file:
            file.write(pointer)
print(bytes(text("/f/board.json")).decode())  # the archive gives a bytearray
"""
_PARTS = """
from board import load
from examine import run
parts = load("/f/board.json")
print(repr(run(parts, {motor!r})))
"""


def look(port: str) -> dict:
    """Return what is to be seen from the prompt of a pod, which starts its firmware again.

    `machine`, `version`, `flash` [bytes], `vfs` (offset, size [bytes]), `space` as of statvfs, `slot`: text of its
    pointer, `archives`: slots there are, `board`: the board file, `parts`: of drivers/examine.py; None for what
    this MicroPython or firmware does not tell, and `parts_why`.  `restarted`, `restart_why`: as of Facts.
    UserError when no MicroPython answers.
    """
    with Pod(port) as pod:
        pod.enter()
        try:
            found = _seen(pod)
        except KeyboardInterrupt:
            pod.resume()
            raise
        return found | _restarted(pod)


def _seen(pod: Pod) -> dict:
    found = ast.literal_eval(pod.exec(_CHIP).strip()) | {"board": None, "parts": None, "parts_why": ""}
    try:
        found["board"] = json.loads(pod.exec(_START))
        motor = found["board"]["parts"]["haptic"]["part"]
        found["parts"] = ast.literal_eval(pod.exec(_PARTS.format(motor=motor)).strip())
    except UserError as error:
        found["parts_why"] = str(error).partition("on the pod: ")[2] or str(error)
    except (ValueError, KeyError, TypeError) as error:
        found["parts_why"] = f"its board file cannot be read: {error}"
    return found


def _restarted(pod: Pod) -> dict:
    try:
        return {"restarted": pod.restart(START_S), "restart_why": ""}
    except UserError as error:
        return {"restarted": "", "restart_why": str(error).removeprefix(f"{pod.port}: ")}
