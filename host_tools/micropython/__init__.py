"""Verb `micropython`: find or make the MicroPython that the tests and the virtual pod run on."""

from __future__ import annotations

import argparse

from host_tools.micropython import build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument("--find", action="store_true", help="only look for one, build nothing")
    parser.add_argument("--insist-32bit", action="store_true", help="take no 64-bit one (CI does so by itself)")


def run(args: argparse.Namespace) -> int:
    """Print the path of the MicroPython; UserError when there is none and none can be made."""
    finder = build.find if args.find else build.find_or_build
    print(finder(insist_32bit=args.insist_32bit))
    return 0
