"""Verbs that give the pod one order: `buzz`, `mark`, `snooze`, `awake`, `direction`, `session`, `reboot`, ..."""

import argparse
from collections.abc import Callable
from types import SimpleNamespace

from backstep.core.events import DIRECTIONS
from backstep.core.patterns import PATTERNS

from host_tools.talk.client import START_S, AtPrompt
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.pod_link import Pod
from host_tools.talk.telling import tell

MINUTES_MAX = 60  # as app/desk/ask_record.py has it


def _verb(
    words: str | Callable, do: str, argument: tuple[str, dict] | None = None, takes=lambda value: {}
) -> SimpleNamespace:
    """Return what __main__ wants of a verb: add_arguments(parser) and run(args).

    words: what is said when it is done, with {} for the argument, or what returns that.
    """
    said = words if callable(words) else words.format

    def add_arguments(parser: argparse.ArgumentParser) -> None:
        if argument:
            parser.add_argument(argument[0], **argument[1])
        add_pod_arguments(parser)

    def run(args: argparse.Namespace) -> int:
        value = getattr(args, argument[0].lstrip("-")) if argument else ""
        with connected(args) as pod:
            answer = pod.ask(value if do == "session" else do, **takes(value))
        tell(args, answer, lambda: said(value))
        return 0

    return SimpleNamespace(add_arguments=add_arguments, run=run)


def _minutes(word: str) -> int:
    if not (word.isdecimal() and int(word) <= MINUTES_MAX):
        raise argparse.ArgumentTypeError(f"{word!r}, want whole minutes 1..{MINUTES_MAX}, or 0 to end it now")
    return int(word)


_NAMES = [row[0] for row in PATTERNS]
_WHICH = f"which (start): {', '.join(_NAMES)}"
buzz = _verb(
    "buzzes {}",
    "buzz",
    ("pattern", {"choices": _NAMES, "metavar": "PATTERN", "nargs": "?", "default": "start", "help": _WHICH}),
    lambda value: {"pattern": value},
)
mark = _verb("marked", "mark")
lap = _verb("the next lap begins", "lap")
snooze = _verb("no sway is warned of for a while", "snooze")
awake = _verb("sways are warned of again", "awake")
direction = _verb(
    "steps count as {}",
    "direction",
    ("direction", {"choices": DIRECTIONS[:3], "help": "which way the wearer goes"}),
    lambda value: {"direction": value},
)
session = _verb("session: {}", "session", ("action", {"choices": ("begin", "end"), "help": "what to do with it"}))
record = _verb(
    lambda minutes: f"raw samples: recorded for {minutes} min from now on" if minutes else "raw samples: ended",
    "record",
    ("minutes", {"type": _minutes, "help": f"1..{MINUTES_MAX}, or 0 to end it now"}),
    lambda value: {"minutes": value},
)
maintenance = _verb(
    "left to MicroPython's prompt, for mpremote; backstep reboot starts the firmware again", "maintenance"
)


def _reboot(args: argparse.Namespace) -> int:
    """Have the firmware start anew: by a request, or from MicroPython's prompt, where nobody answers one."""
    try:
        with connected(args) as pod:
            answer = pod.ask("reboot")
    except AtPrompt as left:
        with Pod(left.port) as link:
            answer = {"started": link.leave_prompt(START_S)}
    tell(args, answer, lambda: f"starts anew{', from the prompt' if answer else ''}")
    return 0


reboot = SimpleNamespace(add_arguments=add_pod_arguments, run=_reboot)
