"""Verb `time`: tells the pod the time, and how far its clock was off."""

import argparse
import time

from host_tools.talk.client import Client
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell

_PPM = 1e6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    with connected(args) as pod:
        answer = set_time(pod)
    tell(args, answer, lambda: _said(answer))
    return 0


def set_time(pod: Client) -> dict:
    """Tell the pod this laptop's time; return its answer: ahead_ms (None the first time) and uptime_ms."""
    offset_min = round(time.localtime().tm_gmtoff / 60)
    return pod.ask("time", unix_ms=round(1000 * time.time()), utc_offset_min=offset_min)


def _said(answer: dict) -> str:
    ahead_ms = answer["ahead_ms"]
    if ahead_ms is None:
        return "the pod knows the time now"
    drift = f", {ahead_ms * _PPM / answer['uptime_ms']:+.0f} ppm since its start" if answer["uptime_ms"] else ""
    return f"the pod's clock was {abs(ahead_ms)} ms {'ahead' if ahead_ms > 0 else 'behind'}{drift}; set"
