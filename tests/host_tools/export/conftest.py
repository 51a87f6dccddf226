"""A simulated session of two laps with a sway and a mark in it, as every format tells it."""

import pytest
import session_logs
from backstep.core import events
from backstep.core.log import log
from exported import BEGAN_S, OFFSET_MIN

from host_tools.gait.params import WalkParams
from host_tools.gait.segments import Stand, Walk
from host_tools.gait.session import session

RATE_HZ = 208


@pytest.fixture(scope="session")
def walk_log(tmp_path_factory):
    """The file of a shoe's session: backward uphill, a lap, forward on the level."""
    back = WalkParams(direction="backward", cadence_spm=90, grade_pct=10)
    plain = WalkParams(direction="forward", cadence_spm=100, grade_pct=0)
    walked = session([Stand(3), Walk(60, back), Stand(8), Walk(40, plain), Stand(3)], "shoe", seed=5)
    records = session_logs.heard(walked.recording())
    half = 48 * RATE_HZ
    records += [
        (log.CLOCK, 0, (BEGAN_S, 0, 0, 1, OFFSET_MIN)),
        (events.SWAY, 20 * RATE_HZ, (91, 780)),
        (events.MARK, 22 * RATE_HZ, (1, 2000)),
        (events.LAP, half, (2,)),
    ]
    records.sort(key=lambda one: one[1])
    path = tmp_path_factory.mktemp("sessions") / "00012-01.bsl"
    seconds = len(walked.samples) // RATE_HZ
    return session_logs.write(path, records, seconds=seconds, unix_s=BEGAN_S)


@pytest.fixture
def belt_log(tmp_path):
    """The file of a belt's session of 60 steps, which has no distance."""
    steps = [(events.STEP, 200 + 60 * number, (200 + 60 * number, events.BACKWARD, 1)) for number in range(60)]
    path = tmp_path / "00003-01.bsl"
    return session_logs.write(path, steps, placement="belt", rate_hz=104, unix_s=BEGAN_S)


@pytest.fixture
def still_log(tmp_path):
    """The file of a session in which nobody moved, and no clock knew the time."""
    return session_logs.write(tmp_path / "00004-01.bsl", [])
