"""A pod from before firmware was one file: a folder of modules a slot, settings and state at the root.

What the pod keeps is copied while the old firmware still is what starts, and its old files go when the new one
does: a cut anywhere leaves one of the two, with its settings and state. Sessions and marks stay where they are.
"""

import json
from dataclasses import dataclass

from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.talk.pod_link import Pod

_POINTER = "/slot.txt"  # the last of it that is removed
_SLOTS = ("fw_a", "fw_b")
_FIRST = ("manifest.json", "board.json")  # without its manifest a slot is not started
_ENDINGS = (".mpy", ".new")
_KEPT = ("settings.json", "settings.a", "settings.b", "state.a", "state.b")
_NEW = "/kept"


@dataclass(frozen=True)
class OldLayout:
    """What is left of it.  runs: whether its main.py is what starts.  active: the slot that does, "" for none."""

    runs: bool
    active: str

    def make_room(self, pod: Pod) -> None:
        """Remove the slot that does not start."""
        for slot in _SLOTS:
            if slot != self.active:
                pod.clear(f"/{slot}", _FIRST, _ENDINGS)

    def board_file(self, pod: Pod) -> tuple[bytes | None, str, str]:
        """Return the board file on the pod, None without one, its name, and where it is."""
        path = f"/{self.active}/board.json"
        source = pod.read(path) if self.active else None
        manifest = pod.read(f"/{self.active}/manifest.json") if source else None
        return source, json.loads(manifest or b"{}").get("board", ""), path

    def copy_kept(self, pod: Pod) -> None:
        """Copy settings and state to where new firmware looks for them, unless it has run already."""
        if not self.runs:
            return
        pod.make_folder(_NEW)
        there = pod.sha256(f"/{name}" for name in _KEPT)
        for name in _KEPT:
            old, new = f"/{name}", f"{_NEW}/{name}"
            if old not in there:
                pod.remove(new)
                continue
            pod.copy(old, new)
            if pod.sha256([new]).get(new) != there[old]:
                raise UserError(f"{pod.port}: {new}: the copy differs (SHA-256); the old firmware stays. repeat")

    def remove(self, pod: Pod) -> None:
        """Remove all of it, once new firmware is what starts."""
        for slot in _SLOTS:
            pod.clear(f"/{slot}", _FIRST, _ENDINGS)
        for name in _KEPT:
            pod.remove(f"/{name}")
        pod.remove(_POINTER)


def found(pod: Pod) -> OldLayout | None:
    """Return what a pod has of the old layout, None when it has nothing."""
    named = pod.read(_POINTER)
    if named is None:
        return None
    runs = _POINTER.encode() in (pod.read(podfiles.MAIN) or b"")
    order = _SLOTS[::-1] if named.strip() == _SLOTS[1].encode() else _SLOTS
    whole = pod.sizes(f"/{slot}/manifest.json" for slot in order)
    return OldLayout(runs, next((slot for slot in order if f"/{slot}/manifest.json" in whole), ""))
