"""`backstep evaluate SUBJECT DIR`: figures on recordings with known truth, by subject.

DIR holds one folder per set (or is one such folder): an index.json that lists recordings, and the .npz archives it
names.  Each subject is one module with `add_arguments(parser)` and `run(args) -> int`; all take `args.dir` (the
folder, a str), `args.json` (print the figures as JSON instead of tables) and `args.floors` (judge them, see
floors.py: a table, or `floors` in the JSON; exit code 1 where one is missed), declared here for all.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from . import doubts

_SUBJECTS = (
    ("steps", "strides and steps: found, precision, recall, direction, length, false steps"),
    ("falls", "falls that raise the alarm, false alarms"),
    ("sway", "backward falls warned before impact, lead time, false alarms"),
    ("cues", "cues of the shoe where nobody falls: false alarms by kind"),
)


def _module(subject: str):
    return import_module(f"{__name__}.{subject}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subjects and the arguments they share."""
    subjects = parser.add_subparsers(dest="subject", required=True, metavar="SUBJECT")
    for name, text in _SUBJECTS:
        subject = subjects.add_parser(name, help=text, description=text)
        subject.add_argument("dir", metavar="DIR", help="a folder of sets, or one set (index.json and archives)")
        subject.add_argument("--json", action="store_true", help="print the figures as JSON")
        subject.add_argument("--floors", action="store_true", help="judge them; exit with 1 for a floor missed")
        _module(name).add_arguments(subject)


def run(args: argparse.Namespace) -> int:
    """Run the subject asked for, doubts of the sets on stderr first; UserError when there is none."""
    doubts.tell(args.dir, args.set)
    return _module(args.subject).run(args)
