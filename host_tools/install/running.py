"""The firmware that runs on a pod against the one that is here, without disturbing it."""

import contextlib
import json
from pathlib import Path

from backstep.core.version import VERSION

from host_tools.errors import UserError
from host_tools.install import archive, podfiles
from host_tools.talk.client import Client

_HELLO_S = 10.0  # a pod that is worn loads what answers when it can; to interrupt it ends its session


def runs_already(port: str, board: str | None) -> dict:
    """Return what the pod tells of its archive if this firmware runs on it, {} if not or if nobody answers.

    board: name or path of the board file that it is to have, None for any.
    """
    told: dict = {}
    with contextlib.suppress(UserError):
        told = _told(port)
    return told["archive"] if _is_ours(told, board) else {}


def plan(port: str, board: str | None, settings: Path | None) -> dict:
    """Return what a deployment would do to the pod at a port, which goes on with what it does.

    board: as of runs_already.  settings: file that is to replace the pod's.
    `runs`: version of the firmware that answers, None for none; `board`: None where only its flash could tell;
    `bytes`: of the archive to be copied.  UserError when the port cannot be opened.
    """
    told = _told(port)
    has = told.get("archive") or {}
    wanted = board or has.get("board")
    up_to_date = _is_ours(told, board)
    arch = has.get("arch") if has else None
    known = wanted if wanted and (board or wanted in podfiles.board_names()) else "virtual"
    size = 0 if up_to_date else len(archive.packed(podfiles.slot_files(known, arch)))
    runs = has.get("version") if told else None
    facts = {"port": port, "runs": runs, "board": wanted and Path(wanted).stem, "up_to_date": up_to_date}
    return facts | {"bytes": size, "settings": str(settings) if settings else None}


def words(told: dict) -> str:
    """Return a plan in words."""
    board = f"board {told['board']}" if told["board"] else "its board as its flash has it, else named by --board"
    there = f"firmware {told['runs']} runs there" if told["runs"] else "no firmware answers there"
    if told["up_to_date"] and not told["settings"]:
        return f"{told['port']}: {there}, up to date: nothing to do; {board}"
    copied = f"{told['bytes'] / 1024:.0f} KB of firmware {VERSION}" if told["bytes"] else "no firmware"
    if told["settings"]:
        copied += f" and {told['settings']} for its settings"
    ends = "its session would end, and it would start anew" if told["runs"] else "it would start with that"
    return f"{told['port']}: {there}; would copy {copied}; {board}; {ends}; nothing was done"


def _told(port: str) -> dict:
    """Return what the pod at a port answers, {} where nobody does; UserError when the port cannot be opened."""
    with Client(port) as pod, contextlib.suppress(UserError):
        return pod.meet(_HELLO_S)
    return {}


def _is_ours(told: dict, board: str | None) -> bool:
    has = told.get("archive")
    if not has or told["safe"]:
        return False
    wanted = json.loads(podfiles.slot_files(board or "virtual", has["arch"])[podfiles.MANIFEST])
    keys = ("version", "code", "board_file") if board else ("version", "code")
    return all(has[key] == wanted[key] for key in keys)
