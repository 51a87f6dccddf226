"""Sessions to report on: a simulated walk on a shoe, and one on a belt, with its sway, fall and raw seconds."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import session_logs
from backstep.core import events
from backstep.core.log import log
from backstep.core.patterns import PATTERNS

from host_tools import recording_files
from host_tools.gait import Stand, Walk, WalkParams, session, uphill_backward_session
from host_tools.recordings import Recording

BEGAN_S = 1_795_943_520  # 2026-11-29 09:12 UTC
DAY = BEGAN_S // 86400
BACK = WalkParams(direction="backward", cadence_spm=90, grade_pct=10)
PLAIN = WalkParams(direction="forward", cadence_spm=100, grade_pct=0)
SWAY_MS = sum(PATTERNS[0][3:])
LATE = 2  # samples from an event to its buzz


@dataclass(frozen=True)
class Pod:
    """A pod's folder as sync leaves it, and the records of its session."""

    folder: Path
    session: Path
    records: list


@pytest.fixture(scope="session")
def shoe_records():
    walked = session([Stand(3), Walk(100, BACK), Stand(5), Walk(60, PLAIN), Stand(3)], "shoe", seed=5)
    return session_logs.heard(walked.recording())


@pytest.fixture(scope="session")
def shoe(shoe_records, tmp_path_factory):
    """A session of two laps, a slide and its cue in it."""
    folder = tmp_path_factory.mktemp("shoe") / "pod"
    folder.mkdir()
    at = shoe_records[40][1] + 1
    cue = [(events.SLIDE, at, (700,)), (log.BUZZ, at + LATE, (4, 210, 110)), (events.LAP, at + 9, (2,))]
    records = [*shoe_records[:41], *cue, *shoe_records[41:]]
    path = session_logs.write(folder / "00007-01.bsl", records, seconds=125, unix_s=BEGAN_S, day=DAY, backward=100)
    return Pod(folder, path, records)


@pytest.fixture(scope="session")
def belt(tmp_path_factory):
    """The built-in session with its sway and its fall, buzzes two samples later, the raw seconds of both."""
    made = uphill_backward_session(1, "belt")
    heard = session_logs.heard(made.recording())
    sway = next(record for record in heard if record[0] == events.SWAY)
    fall = next(record for record in heard if record[0] == events.FALL)
    buzz = [(log.BUZZ, sway[1] + LATE, (0, SWAY_MS, 127)), (log.BUZZ, fall[1] + LATE, (3, 2000, 110))]
    folder = tmp_path_factory.mktemp("belt") / "pod"
    (folder / "raw").mkdir(parents=True)
    records = sorted([*heard, *buzz], key=lambda record: record[1])
    seconds = len(made.samples) // 104 + 1
    path = session_logs.write(folder / "00003-01.bsl", records, "belt", 104, seconds, unix_s=BEGAN_S, day=DAY)
    sway_about = {"event": "sway", "sample": sway[1], "lean_ddeg": sway[2][0], "rate_ddps": sway[2][1]}
    put_raw(folder / "raw" / "0001", made, sway[1], sway_about)
    impact = fall[1] - 200
    fall_about = {"event": "fall", "sample": impact, "impact_mg": fall[2][0], "turned_ddeg": fall[2][1]}
    put_raw(folder / "raw" / "0002", made, impact, fall_about)
    return Pod(folder, path, records)


def put_raw(name: Path, made, sample: int, about: dict) -> None:
    """Write raw seconds around a sample, and what they are about, as a pod leaves them."""
    rows = made.samples[sample - 130 : sample + 78]
    recording_files.save(name.with_suffix(".bsr"), Recording(rows, 104, "belt", "body"))
    name.with_suffix(".json").write_text(json.dumps(about | {"row": 130, "false_alarm": False}))
