"""Run the pod's own detector over a recording: `backstep replay`, and the API behind every figure."""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from backstep.core import detectors, event_names
from backstep.core import settings as pod_settings
from backstep.core.rows import AXES, approach
from rich.console import Console
from rich.progress import Progress

from host_tools import recording_faults
from host_tools.compiled import fast
from host_tools.errors import UserError
from host_tools.event_words import Totals, print_events
from host_tools.many_rows import AT_ONCE, let_go
from host_tools.recording_doubts import doubts
from host_tools.recording_files import load
from host_tools.recording_units import ACC_UNITS, GYRO_UNITS, Units
from host_tools.recordings import Recording, Sensed, as_sensed
from host_tools.settings_args import add_settings_argument, parse_settings

SAMPLE_FIELDS = ("start", "contact")
_UPRIGHT = ("upright_x", "upright_y", "upright_z")


def replay(samples, rate_hz, placement="shoe", settings=None, frame="body", gaps=()) -> list[dict]:
    """Return the events the pod would have emitted, in time order.

    samples: int16 (n, 6), ax ay az [mg], gx gy gz [0.1 deg/s].  rate_hz: their rate [Hz]; any, it is
    resampled to the pod's own.  placement: "shoe", "belt" or "wrist".  settings: some or all pod settings.
    frame: "body" (x forward, y left, z up) or "sensor" (as it lay: calibrated from the recording, until
    then directions are unknown).  gaps: (row after the gap, samples missing) pairs.
    Each event is a dict with `event`, `sample` (row of samples at which it was emitted; no later row was
    used) and its fields; `start` and `contact` are rows too.  UserError (a ValueError) for wrong input.
    """
    return replay_recording(Recording(samples, rate_hz, placement, frame, tuple(gaps)), settings)


def replay_recording(
    recording: Recording, settings=None, make=detectors.make, through=iter, pure: bool = False
) -> list[dict]:
    """Return the events of a Recording; see replay.  The others: as of events_of."""
    return list(events_of(recording, settings, make, through, pure))


def events_of(
    recording: Recording, settings=None, make=detectors.make, through=iter, pure: bool = False
) -> Iterator[dict]:
    """Yield the events of a Recording as they come; see replay.

    make: makes the detector, as detectors.make does.  through, pure: as of pod_events.
    """
    sensed = as_sensed(recording, detectors.rate_hz(recording.placement))
    for event in pod_events(sensed, settings, make, through, pure):
        yield in_source_rows(event, sensed)


def pod_events(
    sensed: Sensed, settings=None, make=detectors.make, through=iter, pure: bool = False
) -> Iterator[dict]:
    """Yield the events of a stream at the pod's rate, in pod samples: what a pod's console prints.

    through: is given where each piece of the samples begins and yields them again, telling how far it is.
    pure: by plain Python, see host_tools.compiled; the events are the same.
    """
    try:
        full = pod_settings.check(settings or {})
    except ValueError as error:
        raise UserError(str(error)) from error
    detector = make(sensed.placement, full, sensed.frame)
    if sensed.ends:
        detector.ranged(*sensed.ends)
    feeder = fast.Feeder(detector, pure)
    gaps = dict(sensed.gaps)
    gap_rows = [*gaps]
    for begin in through(range(0, len(sensed.samples), AT_ONCE)):  # a list takes 25 times what its samples do
        end = min(begin + AT_ONCE, len(sensed.samples))
        cuts = sorted({begin, end, *gap_rows[bisect_left(gap_rows, begin) : bisect_left(gap_rows, end)]})
        for first, last in pairwise(cuts):
            if first in gaps:
                at = detector.n + gaps[first]
                yield {"sample": at, "event": "gap", "missing": gaps[first]}
                for code in _over_gap(detector, feeder, sensed.samples[: first + 1], gaps[first]):
                    yield event_names.decode(code, at, detector.fields)
            for _, code in feeder.codes(sensed.samples[first:last]):
                yield event_names.decode(code, detector.n - 1, detector.fields)
        let_go(sensed.samples)


def _over_gap(detector, feeder: fast.Feeder, samples: np.ndarray, missing: int) -> Iterator[int]:
    """Yield what is found on the way over a gap, as app/detecting.py does it.  samples: up to the one after it."""
    if len(samples) < 2 or missing > detector.spans:
        detector.gap(missing)
        return
    for _, code in feeder.codes(line(samples[-2], samples[-1], missing)):
        yield code
    detector.bridged()


def line(before: np.ndarray, after: np.ndarray, missing: int) -> np.ndarray:
    """Return the straight line, int16 (missing, 6), that a pod takes for samples missing between two of them."""
    rows = np.zeros((missing, AXES), np.int16)
    row, last = (array("h", sample.tolist()) for sample in (before, after))
    for number in range(missing):
        approach(row, last, missing - number)
        rows[number] = row
    return rows


def in_source_rows(event: dict, sensed: Sensed) -> dict:
    """Return an event counted in pod samples as one counted in rows of the recording it came from."""
    moved = dict(event, sample=sensed.emitted_row(event["sample"]))
    for name in SAMPLE_FIELDS:
        if name in event:
            moved[name] = min(moved["sample"], sensed.nearest_row(event[name]))
    return moved


def add_arguments(parser) -> None:
    parser.add_argument("file", metavar="FILE", help="recording: .npz, .csv, the pod's own .bsr; /dev/stdin: .csv")
    parser.add_argument("--json", action="store_true", help="one JSON line per event, with every figure")
    parser.add_argument("--pure", action="store_true", help="by plain Python alone: slower, and the same events")
    add_recording_arguments(parser)
    add_settings_argument(parser)


def add_recording_arguments(parser) -> None:
    """Add what a recording's file may not say of itself."""
    parser.add_argument("--key", help="which array of an .npz archive")
    parser.add_argument("--rate", type=float, metavar="HZ", help="sample rate, where no file says it")
    parser.add_argument("--placement", choices=("shoe", "belt", "wrist"), help="where the sensor was worn")
    parser.add_argument("--frame", choices=("body", "sensor"), help="body: x forward, y left, z up")
    parser.add_argument("--acc-unit", choices=ACC_UNITS, help="of a table's or an array's accelerations")
    parser.add_argument("--gyro-unit", choices=GYRO_UNITS, help="of its rates, else 0.1 deg/s")


def loaded(args, file) -> Recording:
    """Return a recording by the arguments of a command line; what is wrong with it goes to stderr, once."""
    units = Units(args.acc_unit, args.gyro_unit)
    with progress(args) as bars:
        bar = bars.add_task("reading", total=1.0)
        said = args.key, args.rate, args.placement, args.frame
        recording = load(file, *said, units, lambda share: bars.update(bar, completed=share))
    for words in (recording.damage, recording_faults.told(recording), *doubts(recording)):
        if words:
            print(f"{file}: {words}", file=sys.stderr)
    return recording


def progress(args, printed: bool = False) -> Progress:
    """Return bars with their percentage on stderr; none in a pipe, and none beside answers for programs.

    printed: something goes to stdout meanwhile; none either where that is seen, telling how far it is.
    """
    screen = Console(stderr=True)
    quiet = args.json or not screen.is_terminal or printed and sys.stdout.isatty()
    return Progress(console=screen, transient=True, disable=quiet, redirect_stdout=False)


def run(args) -> int:
    """Print the events of a recording as they are found; 2 where a part of its file could not be read."""
    settings = parse_settings(args.settings)
    recording = loaded(args, args.file)
    sums = Totals(recording.rate_hz)
    with progress(args, printed=True) as bars:
        found = events_of(
            recording, settings, through=lambda pieces: bars.track(pieces, description="replaying"), pure=args.pure
        )
        print_events(sums.counted(found), recording.rate_hz, args.json, _ending(sums, recording, settings))
    return 2 if recording.damage else 0


def _ending(sums: Totals, recording: Recording, settings: dict) -> Iterator[str]:
    """Yield the lines below the events: what they add up to, and what to think of it."""
    if not sums.events:
        yield "no events"
        return
    yield from sums.lines(len(recording.samples) / recording.rate_hz)
    if sums.strides and not any(settings.get(name) for name in _UPRIGHT):
        yield "heights: against a level that is not calibrated; grades may be some per cent off"
    yield "every figure of every event: --json"
