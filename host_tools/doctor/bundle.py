"""The zip for who helps: what a doctor saw, and nothing of whose pod it is.

From what the pod answered only what is named here goes in, and from every text goes what is known to be personal.
"""

import contextlib
import getpass
import json
import os
import platform
import re
import socket
import sys
import zipfile
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from backstep.core import settings as pod_settings

from host_tools.doctor.facts import Facts
from host_tools.doctor.finding import Row
from host_tools.install import podfiles
from host_tools.whole_file import whole

_HELLO = ("mcu", "firmware", "micropython", "protocol", "placement", "rate_hz", "boots", "safe", "requests")
_STATUS = (
    "uptime_ms", "running", "worn", "level", "imu", "heap_free", "tasks_lost", "faults",
    "missing", "cue_worst_ms", "cues_by_5ms", "battery_mv", "battery_pct", "on_usb", "logging", "waits",
)  # fmt: skip
_PROMPT = ("machine", "version", "flash", "vfs", "space", "slot", "archives", "parts", "parts_why")
_OF_THE_WEARER = {"pod_name", "wearer_kg", "wearer_cm"}
_PACKAGES = ("backstep-pod", "mpremote", "esptool", "pyserial", "rich", "littlefs-python")
# MAC addresses, serial numbers and whatever else is eight hexadecimal digits or more with a digit in it.
_NUMBER = re.compile(r"\b(?:[0-9a-f]{2}[:-]){5,7}[0-9a-f]{2}\b|\b(?=[a-f]*[0-9])[0-9a-f]{8,}\b", re.I)
_PATH = re.compile(r"(?:/(?:home|Users|root|tmp|var|private|run|media|mnt)\b|[A-Z]:\\)[^\s'\",;]*")
_SHORTEST = 2  # a name of one letter says nothing, and taking it out would leave little


def write(path: Path, facts: Facts, rows: list[Row], shown: str) -> None:
    """Write the bundle; UserError, OSError as of whole().  shown: the doctor's lines."""
    with whole(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members(facts, rows, shown).items():
            file.writestr(zipfile.ZipInfo(name), text)


def members(facts: Facts, rows: list[Row], shown: str) -> dict[str, str]:
    """Return what goes in: name -> text."""
    tables: dict[str, Any] = {
        "doctor.json": [{"check": name, **found._asdict()} for name, found in rows],
        "versions.json": _versions() | {"pod": _chosen(facts.hello, _HELLO)},
        "status.json": [_chosen(status, _STATUS) for status in facts.status],
        "reasons.json": facts.reasons,
        "settings.json": _chosen(facts.settings, {row[0] for row in pod_settings.TABLE} - _OF_THE_WEARER),
        "board.json": _board(facts),
        "prompt.json": _chosen(facts.prompt, _PROMPT) | {"restarted": facts.restarted, "why": facts.restart_why},
        "usb.json": _chosen(facts.usb, ("vid", "pid", "kind")),
    }
    clean = _Cleaner(personal(facts))
    texts = {"doctor.txt": clean.text(shown), "console.log": clean.text("\n".join(facts.said))}
    return texts | {name: json.dumps(clean.tree(table), indent=1) for name, table in tables.items()}


def personal(facts: Facts) -> list[str]:
    """Return what no text may hold: names of people, of the pod, of this laptop and of ports, the pod's number."""
    told = [facts.hello.get("name"), facts.settings.get("pod_name"), facts.hello.get("uid")]
    told += [facts.port, os.path.realpath(facts.port) if facts.port else ""]
    told += [str(Path.home()), os.getcwd(), socket.gethostname(), os.environ.get("USER")]
    with contextlib.suppress(KeyError, OSError, ImportError):
        told.append(getpass.getuser())
    kept = {"backstep", "root", "user", "pod", "localhost"}  # names that say nothing
    if _is_own(facts):
        told += [facts.board.get("name"), facts.board.get("about"), facts.hello.get("board")]
        told.append((facts.hello.get("archive") or {}).get("board"))
    return sorted({word for word in told if word and len(word) >= _SHORTEST} - kept, key=len, reverse=True)


class _Cleaner:
    """Takes words out of texts, and paths and numbers of things too."""

    def __init__(self, words: Iterable[str]):
        self._patterns = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.I) for word in words]

    def text(self, text: str) -> str:
        for pattern in (*self._patterns, _PATH, _NUMBER):
            text = pattern.sub("***", text)
        return text

    def tree(self, table: Any) -> Any:
        """Return what JSON can hold with its texts cleaned; numbers stay, of those only chosen ones are there."""
        if isinstance(table, str):
            return self.text(table)
        if isinstance(table, dict):
            return {name: self.tree(value) for name, value in table.items()}
        return [self.tree(value) for value in table] if isinstance(table, list | tuple) else table


def _versions() -> dict:
    found = {"python": platform.python_version(), "system": platform.system(), "machine": platform.machine()}
    for package in _PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found | {"encoding": sys.stdout.encoding}


def _board(facts: Facts) -> dict:
    """Return the board file; without what its owner wrote in words where it is none that comes along."""
    own = ("name", "about", "printed", "buy") if _is_own(facts) else ()
    return {key: value for key, value in facts.board.items() if key not in own}


def _is_own(facts: Facts) -> bool:
    return (facts.hello.get("archive") or {}).get("board") not in podfiles.board_names()


def _chosen(table: dict, names: Iterable[str]) -> dict:
    return {name: table[name] for name in sorted(names) if name in table}
