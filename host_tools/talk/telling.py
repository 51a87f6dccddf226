"""Printing of what the verbs have to say."""

import argparse
import json
from collections.abc import Callable


def tell(args: argparse.Namespace, answer: dict | list, words: Callable[[], str]) -> None:
    """Print an answer: as one line of JSON where --json wants it, else in words."""
    print(json.dumps(answer) if args.json else words())
