"""Verb `config`: a pod's settings, read and changed while it runs."""

import argparse

from backstep.core import settings as pod_settings
from rich.console import Console
from rich.table import Table

from host_tools.errors import UserError
from host_tools.settings_args import range_of, value_of
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell

ACTIONS = ("list", "get", "set", "reset")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=ACTIONS, help="list all, get or set or reset some")
    words = "get and reset: names (reset alone: all of them); set: NAME=VALUE"
    parser.add_argument("words", nargs="*", metavar="NAME[=VALUE]", help=words)
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    request = _request(args.action, args.words)
    with connected(args) as pod:
        if args.action in ("list", "get"):
            _show(args, pod.ask_again("get")["settings"], args.words)
        else:
            changed = pod.ask(args.action, **request)
            tell(args, changed, lambda: _said(changed))
    return 0


def _request(action: str, words: list[str]) -> dict:
    """Return a request's arguments; UserError for words that do not fit, before any pod is looked for."""
    if action == "list" and words:
        raise UserError(f"list: takes no names, has {' '.join(words)}; get shows some")
    if action == "get" and not words:
        raise UserError("get: want a name or more; list shows all")
    if action == "reset":
        return {"names": words} if words else {}
    if action != "set":
        return {}
    pairs = [word.partition("=") for word in words]
    if not pairs or not all(equals for _, equals, _ in pairs):
        raise UserError(f"set: want NAME=VALUE, has {' '.join(words) or 'nothing'}")
    return {"values": {name: value_of(name, text) for name, _, text in pairs}}


def _show(args: argparse.Namespace, settings: dict, names: list[str]) -> None:
    unknown = [name for name in names if name not in settings]
    if unknown:
        raise UserError(f"{', '.join(unknown)}: no such setting on this pod; list shows all")
    wanted = {name: settings[name] for name in names or sorted(settings)}
    if args.json or names:
        tell(args, wanted, lambda: "\n".join(f"{name}={value}" for name, value in wanted.items()))
        return
    rows = {row[0]: row for row in pod_settings.TABLE}
    table = Table("setting", "value", "default", "may be")
    for name, value in wanted.items():
        row = rows.get(name)
        changed = row is not None and value != row[1]
        shown = f"[bold]{value}[/bold]" if changed else str(value)
        table.add_row(name, shown, str(row[1]) if row else "", range_of(row) if row else "")
    Console().print(table)


def _said(answer: dict) -> str:
    changed = ", ".join(answer["changed"]) or "nothing, all was so already"
    waits = f"; to hold from the next start on: {', '.join(answer['waits'])} (backstep reboot)"
    return f"changed: {changed}" + (waits if answer["waits"] else "")
