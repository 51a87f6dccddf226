"""`backstep train sway DIR`: learn a detector's numbers from folders of labelled recordings, reproducibly."""

from __future__ import annotations

import argparse
from importlib import import_module

from host_tools.errors import UserError

_SUBJECTS = (("sway", "the network that warns of a backward fall at the belt"),)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subjects."""
    subjects = parser.add_subparsers(dest="subject", required=True, metavar="SUBJECT")
    for name, text in _SUBJECTS:
        subject = subjects.add_parser(name, help=text, description=text)
        subject.add_argument("dir", metavar="DIR", help="a folder of sets, or one set (index.json and archives)")
        import_module(f"{__name__}.{name}_arguments").add_arguments(subject)


def run(args: argparse.Namespace) -> int:
    """Run the subject asked for; UserError when what it learns with is not installed."""
    try:
        module = import_module(f"{__name__}.{args.subject}")
    except ModuleNotFoundError as error:
        raise UserError(f"{error.name} is not installed, want pip install '.[train]'") from error
    return module.run(args)
