"""What `backstep train sway` takes; apart from the training, whose libraries not everybody has."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set", action="append", metavar="NAME", help="a set to learn from; may be repeated (default all usable)"
    )
    parser.add_argument("--test", action="append", default=[], metavar="NAME", help="a set only to be tested on")
    parser.add_argument("--out", metavar="FILE", help="write the table as a module for core (sway_table.py)")
    parser.add_argument("--out-folds", metavar="FILE", help="write what `evaluate sway --floors` goes by")
    parser.add_argument("--roc", metavar="FILE", help="draw lead and misses against false alarms (.svg or .png)")
    parser.add_argument("--folds", type=int, default=5, metavar="N", help="groups of subjects (default 5)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes")
