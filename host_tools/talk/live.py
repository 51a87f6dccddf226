"""Verb `live`: what the pod senses, as it senses it, until Ctrl-C."""

import argparse
import math
import time

from host_tools.talk.find import add_pod_arguments, connected


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=math.inf, help="how long (default: until Ctrl-C)")
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print each event as a line of JSON."""
    with connected(args) as pod:
        pod.ask("live", on=True)
        try:
            pod.listen(_print, time.monotonic() + args.seconds)
        finally:
            pod.ask("live", on=False)
    return 0


def _print(line: str) -> None:
    if line.startswith("{"):
        print(line, flush=True)
