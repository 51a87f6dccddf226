"""Verb `reasons`: why the pod started, why sessions ended, what its last error was."""

import argparse

from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    with connected(args) as pod:
        told = pod.ask_again("reasons")
    tell(args, told, lambda: "\n".join(_lines(told)))
    return 0


def _lines(told: dict) -> list[str]:
    found = [f"started by {told['cause']}", f"last error: {told['error'] or 'none'}"]
    if told["early"]:
        found.append(f"{told['early']} starts in a row ended within a minute")
    for path, began, ended in told["sessions"]:
        ending = ended or "nothing: it runs, or was cut off"
        found.append(f"{path}: began by {began or 'nobody knows'}, ended by {ending}")
    return found
