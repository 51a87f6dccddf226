"""Which pod is meant: by port, by name, or the only one there is; never a guess."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.status import Status

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
    seen = _seen(args.pod, [args.port] if args.port else ports(), START_S if args.port else AMONG_S)
    if not args.port and not any(client for _, client in seen):
        seen += _seen(args.pod, announced.ports(), AMONG_S)
    return _only(args.pod, seen)


def everybody() -> list[str]:
    """Return the ports of all pods on USB, those of the simulated ones where there is none."""
    found = ports()
    if found:
        return found
    found = announced.ports()
    if found:
        print(f"no pod on USB; simulated, whose radios hear nobody: {', '.join(found)}", file=sys.stderr)
    return found


def _seen(pod: str, places: list[str], limit_s: float) -> list[tuple[str, Client | None]]:
    """Return what is at each port, with a client where it is the pod that is meant.  pod: name or uid."""
    seen: list[tuple[str, Client | None]] = []
    for port in places:
        try:
            client = met(port, limit_s)
        except UserError as error:
            seen.append((str(error), None))
            continue
        name, uid = client.who["name"], client.who["uid"]
        is_meant = pod in (name, uid)
        seen.append((f"{port}: {name}, uid {uid}", client if is_meant else None))
        if not is_meant:
            client.__exit__()
    return seen


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
        with _waiting() as waits:
            client.meet(limit_s, waits)
        return client
    except BaseException:
        client.__exit__()
        raise


@contextlib.contextmanager
def _waiting() -> Iterator[Callable[[str], None]]:
    """Give what says on stderr that a pod is waited for: in a terminal in a line that changes, else once."""
    screen = Console(stderr=True, highlight=False, markup=False)
    status = Status("", console=screen)
    told: list[str] = []

    def tell(words: str) -> None:
        if screen.is_terminal:
            status.update(words)
            status.start()
        elif not told:
            print(words, file=sys.stderr, flush=True)
        told.append(words)

    try:
        yield tell
    finally:
        status.stop()


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
