"""Verb `time`: tells the pod the time, and how far its clock was off."""

import argparse
import sys
import time

from host_tools.errors import UserError
from host_tools.sessions.wearer_time import DAY_S, shown
from host_tools.talk.client import Client
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell

_FIRST_UNIX_S = 1735689600  # 2025, before there were pods: a laptop that says less has lost its clock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    _check_laptop()
    with connected(args) as pod:
        answer = set_time(pod)
    tell(args, answer, lambda: _said(answer))
    return 0


def set_time(pod: Client) -> dict:
    """Tell the pod this laptop's time; return its answer: ahead_ms (None the first time), stepped_back, uptime_ms.

    UserError as of Client, and when this laptop's clock cannot be right.
    """
    _check_laptop()
    return pod.ask("time", unix_ms=round(1000 * time.time()), utc_offset_min=_offset_min())


def _check_laptop() -> None:
    why = laptop_why()
    if why:
        raise UserError(f"{why}; put it right")


def laptop_why() -> str:
    """Return why this laptop's clock cannot be right, "" where it can."""
    unix_s = time.time()
    if unix_s >= _FIRST_UNIX_S:
        return ""
    now = shown(round(1000 * unix_s), _offset_min())
    return f"this laptop's clock says {now}, which is before there were pods"


def _offset_min() -> int:
    return round(time.localtime().tm_gmtoff / 60)


def set_time_or_warn(pod: Client) -> None:
    """Tell the pod the time; on stderr what is wrong with a clock, and that a pod stepped back."""
    try:
        answer = set_time(pod)
    except UserError as error:
        print(f"warning: the pod was not told the time: {error}", file=sys.stderr)
        return
    if answer.get("stepped_back"):
        print(f"warning: {_said(answer)}", file=sys.stderr)


def _said(answer: dict) -> str:
    ahead_ms = answer["ahead_ms"]
    if ahead_ms is None:
        return "the pod knows the time now"
    if answer.get("stepped_back"):
        return f"the pod's clock was {_length(ahead_ms)} ahead: a laptop was wrong once; it is set back"
    if not ahead_ms:
        return "the pod's clock was right to the millisecond"
    way = "ahead" if ahead_ms > 0 else "behind"
    return f"the pod's clock was {abs(ahead_ms) / 1000:.2f} s {way}; it is right now"


def _length(length_ms: int) -> str:
    minutes = round(length_ms / 60000)
    return f"{minutes} min" if minutes < DAY_S // 60 else f"{minutes * 60 / DAY_S:.1f} days"
