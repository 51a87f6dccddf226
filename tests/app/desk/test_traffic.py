"""A pod that is asked without a pause, and whose flash stalls: it senses and warns as one left alone."""

import json
from binascii import crc32

import numpy as np
import pytest
from backstep.core import events
from backstep.core.log import log, recording
from backstep.core.log.log_reader import Reader

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session, uphill_backward
from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.board_model import Surroundings
from host_tools.virtual_pod.flash_image import read_files
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

STALL_US = 80_000  # [W25Q32JV datasheet, 9.6] a slow erase of 4 KiB
SWAY_BUDGET_MS = 40
ASK_EVERY_US = 150_000


def plan(placement):
    if placement == "shoe":
        return [Stand(3.0), Walk(12, WalkParams(cadence_spm=100)), Walk(52, uphill_backward(95, 10)), Stand(3.0)]
    sway = [LoseBalance(SwayParams(push_ratio=1.6)), Stand(8.0)]
    return [Stand(3.0), Walk(40, uphill_backward(95, 10)), *sway]


class Talked:
    """A pod that lives through a plan; asked: what it is told all the while, {offset} counting up."""

    def __init__(self, placement, folder, asked=(), erase_us=None, settings=None, rounds=1):
        rate_hz = {"shoe": 208, "belt": 104}[placement]
        samples = np.tile(session(plan(placement), placement, seed=2, rate_hz=rate_hz).samples, (rounds, 1))
        board = board_model.read_board("virtual")
        world = World(Recording(samples, rate_hz, placement, "body", ()), tuple(board["axes"]), Flaws())
        self.samples = samples
        self.model = board_model.build(board, world, Timeline(None), Surroundings(), False)
        self.flash = folder / "flash.bin"
        self._asked, self._count = asked, 0
        wanted = {"placement": placement} | (settings or {})
        self.text = ""
        with VirtualPod(self.model.hardware, podfiles.files("virtual", wanted), flash=self.flash) as pod:
            if erase_us:
                pod.flash.erase_us = erase_us
            self._pod = pod
            self.model.measure_with(pod.cpu_s)
            self._ask_later()
            end_us = round(1e6 * len(samples) / rate_hz)
            self.model.hardware.at(end_us, lambda: pod.send(b"stop\n"))
            pod.run(self._hear, until_us=end_us + 4_000_000)

    def _hear(self, data):
        self.text += data.decode(errors="replace")

    def _ask_later(self):
        hardware = self.model.hardware
        if self._asked:
            hardware.at(hardware.now_us + ASK_EVERY_US, self._ask)

    def _ask(self):
        self._count += 1
        request = {"id": self._count} | self._asked[min(self._count - 1, len(self._asked) - 1)]
        self._pod.send(json.dumps(request).encode() + b"\n")
        self._ask_later()

    @property
    def answers(self):
        return [line for line in self.text.splitlines() if line.startswith('{"id"')]

    def logged(self):
        """Return (code, sample, fields) of every event in its session log."""
        (data,) = [data for path, data in read_files(self.flash).items() if path.startswith("/log/")]
        reader = Reader(data, crc32)
        found = [record for block in reader.blocks() for record in reader.records(*block)]
        return [(code, sample, list(fields)) for code, sample, fields in found if code < log.BEGIN]


TRAFFIC = (
    {"do": "hello"},
    {"do": "live", "on": True},
    {"do": "status"},
    {"do": "read", "path": "log/00001-01.bsl", "offset": 0, "length": 768},
    {"do": "stream", "path": "log/00001-01.bsl", "offset": 0, "length": 1536},
)


@pytest.fixture(scope="module", params=["shoe", "belt"])
def alone(request, tmp_path_factory):
    return request.param, Talked(request.param, tmp_path_factory.mktemp("alone")).logged()


def test_a_live_stream_and_a_file_being_read_change_no_event(alone, tmp_path):
    """With the slowest erase on a shoe, whose rate is the highest."""
    placement, events_alone = alone
    talked = Talked(placement, tmp_path, TRAFFIC, erase_us=STALL_US if placement == "shoe" else None)
    assert len(talked.answers) > 200
    assert len([line for line in talked.text.splitlines() if line.startswith('{"') and '"event"' in line]) > 20
    assert talked.model.imu.overruns == 0
    assert talked.logged() == events_alone
    kinds = [code for code, _, _ in events_alone]
    assert events.GAP not in kinds
    assert kinds.count(events.STRIDE) > 30 if placement == "shoe" else events.SWAY in kinds


@pytest.mark.parametrize("settings", [{"sway_arming": "gait"}, {"sway_arming": "always"}])
def test_the_slowest_erase_loses_no_sample_and_delays_no_warning(tmp_path, settings):
    settings = settings | {"fall_alarm": 0}  # else its buzz goes on
    talked = Talked("belt", tmp_path, erase_us=STALL_US, settings=settings, rounds=2)
    assert "gap" not in talked.text and talked.model.imu.overruns == 0
    sways = [(sample, talked.model.latency(sample)) for code, sample, _ in talked.logged() if code == events.SWAY]
    assert len(sways) >= 2 and all(latency.virtual_ms <= SWAY_BUDGET_MS for _, latency in sways)


RECORD = ({"do": "hello"}, {"do": "record", "minutes": 1}, {"do": "status"})


@pytest.mark.parametrize("placement", ["shoe", "belt"])
def test_chosen_minutes_are_recorded_beside_it_all_with_the_slowest_erase(placement, tmp_path):
    settings = {"fall_alarm": 0, "sway_arming": "always"}
    talked = Talked(placement, tmp_path, RECORD, STALL_US, settings, rounds=2)
    assert talked.model.imu.overruns == 0 and [1 for code, _, _ in talked.logged() if code == events.GAP] == []
    sways = [sample for code, sample, _ in talked.logged() if code == events.SWAY]
    assert all(talked.model.latency(sample).virtual_ms <= SWAY_BUDGET_MS for sample in sways)
    assert sways or placement == "shoe"
    files = read_files(talked.flash)
    about = json.loads(files["/marks/0001.json"])
    reader = recording.Reader(files["/marks/0001.rec"], crc32)
    found = {}
    for index, count, at in reader.blocks():
        rows = np.array(reader.rows(at)).reshape(count, 6)
        assert np.array_equal(rows, talked.samples[about["sample"] + index : about["sample"] + index + count])
        found.update(dict.fromkeys(range(index, index + count)))
    whole = 60 * {"shoe": 208, "belt": 104}[placement]
    print(f"{placement}: {whole - len(found)} of {whole} samples missing, {len(files['/marks/0001.rec'])} bytes")
    assert len(found) >= 0.98 * whole and f"{whole - len(found)} samples missing in it" in talked.text
