"""Run the pod's own detector over a recording: `backstep replay`, and the API behind every figure."""

from collections.abc import Iterator

from backstep.core import detectors, event_names
from backstep.core import settings as pod_settings

from host_tools.errors import UserError
from host_tools.event_words import print_events, totals
from host_tools.recordings import Recording, Sensed, as_sensed, load
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


def replay_recording(recording: Recording, settings=None, make=detectors.make) -> list[dict]:
    """Return the events of a Recording; see replay.  make: makes the detector, as detectors.make does."""
    sensed = as_sensed(recording, detectors.rate_hz(recording.placement))
    return [in_source_rows(event, sensed) for event in pod_events(sensed, settings, make)]


def pod_events(sensed: Sensed, settings=None, make=detectors.make) -> Iterator[dict]:
    """Yield the events of a stream at the pod's rate, in pod samples: what a pod's console prints."""
    try:
        full = pod_settings.check(settings or {})
    except ValueError as error:
        raise UserError(str(error)) from error
    detector = make(sensed.placement, full, sensed.frame)
    gaps = dict(sensed.gaps)
    for row, sample in enumerate(sensed.samples.tolist()):
        if row in gaps:
            detector.gap(gaps[row])
            yield {"sample": detector.n, "event": "gap", "missing": gaps[row]}
        code = detector.feed(*sample)
        if code:
            yield event_names.decode(code, detector.n - 1, detector.fields)


def in_source_rows(event: dict, sensed: Sensed) -> dict:
    """Return an event counted in pod samples as one counted in rows of the recording it came from."""
    moved = dict(event, sample=sensed.emitted_row(event["sample"]))
    for name in SAMPLE_FIELDS:
        if name in event:
            moved[name] = min(moved["sample"], sensed.nearest_row(event[name]))
    return moved


def add_arguments(parser) -> None:
    parser.add_argument("file", metavar="FILE", help="recording: .npz, .csv or the pod's own .bsr")
    parser.add_argument("--json", action="store_true", help="one JSON line per event, with every figure")
    add_recording_arguments(parser)
    add_settings_argument(parser)


def add_recording_arguments(parser) -> None:
    """Add what a recording's file may not say of itself."""
    parser.add_argument("--key", help="which array of an .npz archive")
    parser.add_argument("--rate", type=float, metavar="HZ", help="sample rate, where no file says it")
    parser.add_argument("--placement", choices=("shoe", "belt", "wrist"), help="where the sensor was worn")
    parser.add_argument("--frame", choices=("body", "sensor"), help="body: x forward, y left, z up")


def run(args) -> int:
    recording = load(args.file, args.key, args.rate, args.placement, args.frame)
    settings = parse_settings(args.settings)
    found = replay_recording(recording, settings)
    print_events(found, recording.rate_hz, args.json, _ending(found, recording, settings))
    return 0


def _ending(found: list[dict], recording: Recording, settings: dict) -> list[str]:
    """Return the lines below the events: what they add up to, and what to think of it."""
    lines = totals(found, recording.rate_hz, len(recording.samples) / recording.rate_hz)
    if not found:
        lines = ["no events", *lines]
    if any(event["event"] == "stride" for event in found) and not any(settings.get(name) for name in _UPRIGHT):
        lines.append("heights: against a level that is not calibrated; grades may be 4 % off")
    return [*lines, "every figure of every event: --json"] if found else lines
