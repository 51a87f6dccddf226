"""Verb `completion`: a script by which a shell completes verbs, options and their values."""

import argparse
from pathlib import Path

import shtab

_ABOUT = """\
bash: backstep completion bash > FILE, with FILE
      ~/.local/share/bash-completion/completions/backstep
zsh:  backstep completion zsh > a folder of $fpath/_backstep
tcsh: backstep completion tcsh > ~/.backstep.tcsh, and source it"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _ABOUT
    parser.add_argument("shell", choices=shtab.SUPPORTED_SHELLS, help="which one")


def run(args: argparse.Namespace) -> int:
    whole = args.every_verb()
    for parser in _parsers(whole):
        for action in parser._actions:
            if action.type is Path:
                action.complete = shtab.FILE
    print(shtab.complete(whole, args.shell))
    return 0


def _parsers(parser: argparse.ArgumentParser):
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for other in dict.fromkeys(action.choices.values()):
                yield from _parsers(other)
