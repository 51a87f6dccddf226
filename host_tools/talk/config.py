"""Verb `config`: a pod's settings, read and changed while it runs."""

import argparse
import sys

from backstep.core import settings as pod_settings
from rich.console import Console, Group
from rich.table import Column, Table
from rich.text import Text

from host_tools.errors import UserError
from host_tools.settings_args import range_of, value_of
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.settings_words import GROUPS, INTERNAL
from host_tools.talk.telling import tell
from host_tools.talk.unwarned import unwarned

ACTIONS = ("list", "get", "set", "reset")
_DECIDES = {"placement", "frame"}  # whether it warns


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=ACTIONS, help="list them with their meanings, get or set or reset some")
    words = "get and reset: names (reset alone: all of them); set: NAME=VALUE"
    parser.add_argument("words", nargs="*", metavar="NAME[=VALUE]", help=words)
    parser.add_argument("--all", action="store_true", help="list: those too that calibrating and programs set")
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    request = _request(args.action, args.words)
    with connected(args) as pod:
        if args.action in ("list", "get"):
            answer = pod.ask_again("get")
            _show(args, answer["settings"], args.words)
            _tell_gone(answer)
        else:
            changed = pod.ask(args.action, **request)
            _tell_gone(changed)
            told = pod.ask_again("get")["settings"] if _DECIDES & set(changed["changed"]) else {}
            tell(args, changed, lambda: "\n".join([_said(changed), *(unwarned(told) if told else ())]))
    return 0


def _tell_gone(answer: dict) -> None:
    """Tell on stderr of settings of earlier firmware that are no more: a pod does until one is changed."""
    if isinstance(answer.get("gone"), str):
        print(answer["gone"], file=sys.stderr)


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
    Console(highlight=False, markup=False).print(_listed(settings, args.all))


def _listed(settings: dict, with_internal: bool) -> Group:
    """Return a pod's settings as a table with a line or two each, in groups.

    A pod with other firmware may have others: what is not known here has its value alone.
    """
    told = {name for _, rows in (*GROUPS, INTERNAL) for name, _ in rows}
    others = ("of another firmware", tuple((name, "not known here") for name in sorted(set(settings) - told)))
    parts: list[Table | Text] = []
    for title, rows in (*GROUPS, *([INTERNAL] if with_internal else []), others):
        there = [(name, words) for name, words in rows if name in settings]
        if there:
            columns = Column(no_wrap=True, min_width=21), Column(width=10, overflow="fold"), Column()
            table = Table(*columns, box=None, show_header=False, padding=(0, 2, 0, 0))
            for name, words in there:
                table.add_row(*_row(name, settings[name], words))
            parts += [Text(title.upper(), "bold"), table]
    left_out = "" if with_internal else f"; {len(INTERNAL[1])} more with --all"
    return Group(*parts, Text(f"* changed from its default{left_out}; backstep config set NAME=VALUE"))


def _row(name: str, value: int | str, words: str) -> tuple[str, Text, str]:
    row = next((row for row in pod_settings.TABLE if row[0] == name), None)
    if row is None:
        return f"  {name}", Text(str(value)), words
    changed = value != row[1]
    default = f"; default {row[1]}" if changed else ""
    shown = Text(f"{value} *" if changed else str(value), "bold" if changed else "")
    return f"  {name}", shown, f"{words} ({range_of(row)}{default})"


def _said(answer: dict) -> str:
    changed = ", ".join(answer["changed"]) or "nothing, all was so already"
    waits = f"; to hold from the next start on: {', '.join(answer['waits'])} (backstep reboot)"
    lost = "; it was calibrated for another place, and has to be anew: backstep calibrate"
    is_lost = "placement" in answer["changed"] and any("upright" in name for name in answer["changed"])
    return f"changed: {changed}" + (waits if answer["waits"] else "") + (lost if is_lost else "")
