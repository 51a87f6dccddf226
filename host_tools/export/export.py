"""Verb `export`: a fetched session as a file of another program."""

import argparse
import functools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.export import fit, gaitmap, gpx, tables, tcx
from host_tools.export.activity import Activity, activity
from host_tools.report import chosen
from host_tools.sessions import partners, session_log

_ABOUT = """\
backstep export latest DIR --to fit --out walk.fit  for Garmin Connect, Strava
backstep export 00012-01 DIR --to csv               rows, and what they mean
What each format has, and what a pod does not sense: host_tools/export/README.md"""


@dataclass(frozen=True)
class Format:
    """A format: made by files(activity, stem) -> bytes by name.

    suffix: of its main file.  needs_time: the begin must be known.  needs: "way": distances, "strides", "steps".
    takes: what else files() takes: "folder" of the session, "through" as of fit.files.
    """

    files: Callable[..., dict[str, bytes]]
    suffix: str
    about: str
    needs_time: bool = False
    needs: str = ""
    takes: str = ""


FORMATS = {
    "fit": Format(fit.files, ".fit", "Garmin, Strava and most training logs", True, "steps", "through"),
    "tcx": Format(tcx.files, ".tcx", "the same, older", True, "steps"),
    "gpx": Format(gpx.files, ".gpx", "a track without a place", True, "way"),
    "csv": Format(tables.csv_files, ".csv", "a row a second, with a dictionary beside it"),
    "parquet": Format(tables.parquet_files, ".parquet", "the same, for pandas and polars"),
    "gaitmap": Format(
        gaitmap.files, gaitmap.SUFFIX, "strides and raw seconds for gaitmap", needs="strides", takes="folder"
    ),
    "json": Format(tables.json_files, ".json", "all of it"),
}
_YEARS = 2000, 2099  # fit counts from 1990 on
_KG = (20, 250)
_INSTEAD = "csv and json tell what there is"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _ABOUT
    said = "SESSION: a file, a name as 00012-01, or latest; DIR: where sync put them (default: sessions)"
    parser.add_argument("words", nargs="*", metavar="SESSION DIR", help=said)
    formats = "; ".join(f"{name}: {one.about}" for name, one in FORMATS.items())
    parser.add_argument("--to", required=True, choices=FORMATS, help=formats)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: its name, here)")
    parser.add_argument("--pod", metavar="NAME", default="", help=chosen.POD)
    parser.add_argument("--began", metavar="TIME", help="2026-11-29T10:30, or with +01:00: where no clock told it")
    parser.add_argument("--kg", type=float, default=0.0, help="the wearer's mass where the log does not tell it")
    parser.add_argument("--json", action="store_true", help="what was written, as one line of JSON")


def run(args: argparse.Namespace) -> int:
    if args.kg and not _KG[0] <= args.kg <= _KG[1]:
        raise UserError(f"--kg: {args.kg:g}: wanted {_KG[0]} to {_KG[1]} kg")
    named, suffix = chosen.session(args.words, args.pod), FORMATS[args.to].suffix
    whole_file.check(args.out or Path(named.stem + suffix))
    if args.to == "parquet":
        tables.pyarrow_here()
    began_ms, screen = _unix_ms(args.began) if args.began else 0, Console(stderr=True)
    path, log = partners.load(named, bool(args.pod))
    if args.to == "gaitmap" and log.pods:
        path, log = log.pods[0].path, log.pods[0].log  # raw seconds are in one pod's samples
    out = args.out or Path(path.stem + suffix)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bars:
        bar = bars.add_task(f"{path.name} to {args.to}", total=None)
        of = activity(log, args.kg, began_ms)
        check(of, args.to)
        through = functools.partial(bars.track, task_id=bar)
        written = keep(made(of, args.to, out, path.parent, through), out.parent)
    missing = session_log.what_is_missing(of.log)
    if args.json:
        sizes = {str(file): file.stat().st_size for file in written}
        print(json.dumps({"session": str(path), "files": sizes, "missing": missing}))
    else:
        print("\n".join(f"{file}: {max(1, file.stat().st_size // 1024)} KB" for file in written))
        print(f"missing: {missing}\n" if missing else "", end="")
    return 0


def made(of: Activity, to: str, out: Path, folder: Path, through: Callable) -> dict[str, bytes]:
    """Return the files of a format by name; the main one is called as out is.  folder, through: as of Format."""
    one, known = FORMATS[to], {"folder": folder, "through": through}
    more = {one.takes: known[one.takes]} if one.takes else {}
    main, *others = one.files(of, out.name.removesuffix(one.suffix), **more).items()
    return {out.name: main[1]} | dict(others)


def check(of: Activity, to: str) -> None:
    """Refuse what a format cannot tell.  UserError says what is missing, and what to do."""
    name, one = of.log.name, FORMATS[to]
    if one.needs_time and not of.begin_ms:
        raise UserError(f"{name}: no clock knew when it was, and a {to} file must tell: --began TIME says it")
    if one.needs == "way" and not of.strides:
        raise UserError(f"{name}: no strides, and a {to} file is made of distances; {_INSTEAD}")
    if one.needs == "strides" and not of.strides:
        raise UserError(f"{name}: no strides in it, as gaitmap knows them; {_INSTEAD}")
    if one.needs == "steps" and not sum(of.whole.steps.values()):
        raise UserError(f"{name}: no step in it, so that it is no activity; {_INSTEAD}")


def keep(files: dict[str, bytes], folder: Path) -> list[Path]:
    """Write files, all or none: each under another name first.  OSError when the disk refuses; nothing is left."""
    parts = {folder / f".{name}.part": folder / name for name in files}
    try:
        for part, data in zip(parts, files.values(), strict=True):
            _write(part, data)
        for part, file in parts.items():
            part.replace(file)
    except BaseException as error:
        for part in parts:
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):  # told by the name that was asked for
            raise OSError(error.errno, error.strerror or str(error), str(next(iter(parts.values())))) from None
        raise
    return list(parts.values())


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _unix_ms(word: str) -> int:
    """Return a time, of this laptop's zone where it tells none, as unix time [ms]."""
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        raise UserError(f"--began: {word!r}, want a time as 2026-11-29T10:30 or 2026-11-29T10:30+01:00") from None
    if not _YEARS[0] <= found.year <= _YEARS[1]:
        raise UserError(f"--began: {word!r}, want a time of the years {_YEARS[0]} to {_YEARS[1]}")
    return round(1000 * found.timestamp())
