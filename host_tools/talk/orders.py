"""Verbs that give the pod one order: `buzz`, `mark`, `snooze`, `awake`, `direction`, `session`, `reboot`, ..."""

import argparse
from types import SimpleNamespace

from backstep.core.events import DIRECTIONS
from backstep.core.haptic import PATTERNS

from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell


def _verb(said: str, do: str, argument: tuple[str, dict] | None = None, takes=lambda value: {}) -> SimpleNamespace:
    """Return what __main__ wants of a verb: add_arguments(parser) and run(args)."""

    def add_arguments(parser: argparse.ArgumentParser) -> None:
        if argument:
            parser.add_argument(argument[0], **argument[1])
        add_pod_arguments(parser)

    def run(args: argparse.Namespace) -> int:
        value = getattr(args, argument[0].lstrip("-")) if argument else ""
        with connected(args) as pod:
            answer = pod.ask(value if do == "session" else do, **takes(value))
        tell(args, answer, lambda: said.format(value))
        return 0

    return SimpleNamespace(add_arguments=add_arguments, run=run)


_NAMES = [row[0] for row in PATTERNS]
buzz = _verb(
    "buzzes {}",
    "buzz",
    ("pattern", {"choices": _NAMES, "help": "which", "nargs": "?", "default": "start"}),
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
    "raw samples: {} min from now on (0: ended)",
    "record",
    ("minutes", {"type": int, "help": "1..60, or 0 to end it now"}),
    lambda value: {"minutes": value},
)
reboot = _verb("starts anew", "reboot")
maintenance = _verb("left to MicroPython's prompt, for mpremote; a reset starts the pod again", "maintenance")
