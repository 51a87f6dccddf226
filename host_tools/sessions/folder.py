"""Fetched sessions by the heads of their blocks alone: when each was, and what its days came to."""

import json
from binascii import crc32
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from backstep.core.log.log_reader import Reader

from host_tools.errors import UserError
from host_tools.sessions.session_log import read, why_none

SETTINGS = "settings.json"  # of the pod, where sync puts its sessions


@dataclass(frozen=True)
class Brief:
    """What the heads of a session's blocks tell.

    unix_ms: when the pod's start was or, of a pod that knew no time, that of its session before; 0 = never told.
    day: of its last block, since 1970 at the wearer's, 0 = not known.
    days: backward steps of each day when the session's last block of it was closed, earlier sessions' too.
    """

    path: Path
    boot: int
    session: int
    unix_ms: int
    day: int
    days: dict[int, int]


def brief(path: Path) -> Brief:
    """Read the heads of a session's log; UserError when there is no sound block in it."""
    data = read(path)
    heads = [head for head, _, _ in Reader(data, crc32).blocks()]
    if not heads:
        raise UserError(f"{path}: {why_none(len(data), data)}")
    at_ms = [
        1000 * head["unix_s"] + head["unix_ms"] + 1000 * heads[0]["sample"] // head["rate_hz"]
        for head in heads if head["unix_s"]
    ]  # fmt: skip
    days = {head["day"]: head["backward"] for head in heads if head["day"]}
    last = heads[-1]
    return Brief(path, last["boot"], last["session"], at_ms[-1] if at_ms else 0, last["day"], days)


def briefs(paths: Iterable[Path], on_one=lambda: None) -> tuple[list[Brief], list[str]]:
    """Return sessions in the order in which they were, and why files were left out.

    on_one: called after each.  A session of a pod that knew no time stands after the one before of its folder.
    """
    found, faults = [], []
    for path in paths:
        try:
            found.append(brief(path))
        except UserError as error:
            faults.append(str(error))
        on_one()
    found.sort(key=lambda one: (one.path.parent, one.boot, one.session))
    for index, one in enumerate(found[1:], 1):
        if not one.unix_ms and one.path.parent == found[index - 1].path.parent:
            found[index] = replace(one, unix_ms=found[index - 1].unix_ms)
    return sorted(found, key=lambda one: (one.unix_ms, one.path.parent, one.boot, one.session)), faults


def settings_of(pod_folder: Path) -> dict:
    """Return the settings that sync put beside a pod's sessions, {} where there are none."""
    try:
        told = json.loads((pod_folder / SETTINGS).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def days_of(sessions: Iterable[Brief]) -> dict[int, int]:
    """Return backward steps by day since 1970, of one pod's sessions: each day's largest count."""
    days: dict[int, int] = {}
    for one in sessions:
        for day, steps in one.days.items():
            days[day] = max(steps, days.get(day, 0))
    return days
