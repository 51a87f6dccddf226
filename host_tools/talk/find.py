"""Which pod is meant: by port, by name, or the only one there is; never a guess."""

import argparse
import sys

from host_tools.errors import UserError
from host_tools.talk import announced
from host_tools.talk.client import START_S, Client
from host_tools.talk.usb_port import find_port, ports

AMONG_S = 8.0  # a port among others, which need not be a pod's


def add_pod_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --port, --pod and --json to a verb."""
    parser.add_argument("--port", help="serial port of the pod (default: the one pod on USB)")
    parser.add_argument("--pod", metavar="NAME", help="of this name or uid, on USB; sim: the one of `sim --pty`")
    parser.add_argument("--json", action="store_true", help="the answer as one line of JSON")


def connected(args: argparse.Namespace) -> Client:
    """Return a client of the pod that the arguments mean, after it has answered.

    UserError when there is none or more than one, or when the one at --port has another name.
    """
    if not args.pod:
        return met(args.port or _only_port())
    if args.pod == announced.NAME and not args.port:
        simulated = announced.ports()
        if len(simulated) > 1:
            raise UserError(f"--pod sim: several run: {', '.join(simulated)}: which one? Name its --port")
        if simulated:
            return met(simulated[0])
    seen: list[tuple[str, Client | None]] = []
    for port in [args.port] if args.port else ports():
        try:
            client = met(port, START_S if args.port else AMONG_S)
        except UserError as error:
            seen.append((str(error), None))
            continue
        name, uid = client.who["name"], client.who["uid"]
        is_meant = args.pod in (name, uid)
        seen.append((f"{port}: {name}, uid {uid}", client if is_meant else None))
        if not is_meant:
            client.__exit__()
    return _only(args.pod, seen)


def _only_port() -> str:
    """Return the port of the one pod on USB; UserError that names the simulated one where only that runs."""
    try:
        return find_port()
    except UserError as error:
        if announced.ports() and not ports():
            raise UserError(f"{error}; a simulated pod runs: --pod {announced.NAME}") from None
        raise


def met(port: str, limit_s: float = START_S) -> Client:
    """Return a client of the pod at a port, after it has answered; UserError where nobody does."""
    client = Client(port)
    try:
        client.meet(limit_s, lambda words: print(words, file=sys.stderr, flush=True))
        return client
    except BaseException:
        client.__exit__()
        raise


def _only(name: str, seen: list[tuple[str, Client | None]]) -> Client:
    matches = [(told, client) for told, client in seen if client]
    if len(matches) == 1 and matches[0][1]:
        return matches[0][1]
    for _, client in matches:
        if client:
            client.__exit__()
    if matches:
        both = "; ".join(told for told, _ in matches)
        raise UserError(f"--pod {name}: {both}: which one? Name its uid or --port")
    if name == announced.NAME:
        raise UserError("--pod sim: no simulated pod runs; backstep sim --pty starts one")
    raise UserError(f"--pod {name}: not found; there is: {'; '.join(told for told, _ in seen) or 'no pod on USB'}")
