"""The whole firmware on a virtual pod, a phone and a strap of a foreign stack: an app's session, step by step."""

import asyncio
import json
import struct
from datetime import datetime, timedelta

import pytest
from backstep.core import events
from kept_flash import table
from radio import published
from radio.band_base import uuid
from radio.phone_app import App, advert_of, with_clock, with_heart

from host_tools.gait import Stand, Walk, WalkParams, session
from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.radio.ether import Ether
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

pytestmark = [pytest.mark.vm, pytest.mark.slow]
POD, PHONE, STRAP, OTHER = "24:0A:C4:00:00:01", "F0:F1:F2:F3:F4:F5", "F0:F1:F2:F3:F4:F6", "F0:F1:F2:F3:F4:F7"
NOON = datetime(2026, 11, 29, 12, 0)
NO_BAND = {"band": "", "key": "", "me": 0, "hub": 0, "pods": []}


class Scene:
    """A shoe that walks backward from 8 s on, its radio on, in an air with a phone and a strap."""

    def __init__(self):
        walk = Walk(82, WalkParams("backward", cadence_spm=104))
        steps = session([Stand(8), walk, Stand(10)], "shoe", 5).samples
        board = board_model.read_board("virtual")
        world = World(Recording(steps, 208, "shoe", "body"), tuple(board["axes"]), Flaws())
        self.hardware = board_model.build(board, world, Timeline()).hardware
        self.ether = Ether(seed=3)
        self.ether.join(self.hardware, POD, chip="esp32s3")
        phone = self.ether.device("phone", PHONE)
        local = published.local_time_bytes(timedelta(hours=1), False)
        with_clock(phone, lambda: published.current_time_bytes(NOON + timedelta(seconds=self.now_s)), local)
        self.app = App(phone, self.ether)
        self.strap = self.ether.device("strap", STRAP)
        self.beat = with_heart(self.strap)
        self.other = self.ether.device("other strap", OTHER)
        self.text = ""

    @property
    def now_s(self):
        return self.ether.loop.time()

    def run(self, until_s):
        settings = {"radio": "phone", "console_events": 1}
        files = dict(podfiles.files("virtual", settings))
        files["/kept/band.a"] = table(NO_BAND | {"strap": STRAP.lower()}, 1)
        heart, story = self.ether.start(self.heart()), self.ether.start(self.story())
        with VirtualPod(self.hardware, files, heap="252wK") as pod:
            pod.run(self._hear, until_us=45_000_000)
            pod.send(b'{"id": 2, "do": "straps", "seconds": 3}\n')
            pod.run(self._hear, until_us=(until_s - 2) * 1_000_000)
            pod.send(b'{"id": 1, "do": "end"}\n')
            pod.run(self._hear, until_us=until_s * 1_000_000)
        assert not heart.done() or heart.result()
        story.result()

    def _hear(self, data):
        self.text += data.decode()

    async def heart(self):
        """Advertise, and beat once a second at 100 + the seconds so far."""
        await self.strap.start_advertising(
            advertising_data=advert_of(0x180D), auto_restart=True,
            advertising_interval_min=200, advertising_interval_max=200,
        )  # fmt: skip
        await self.other.start_advertising(
            advertising_data=advert_of(0x180D), scan_response_data=b"\x06\x09TICKR",
            advertising_interval_min=200, advertising_interval_max=200,
        )  # fmt: skip
        while True:
            await asyncio.sleep(1)
            await self.beat(published.heart_rate_bytes(100 + int(self.now_s) // 10, (600,)))

    async def story(self):
        app = self.app
        await app.connect()
        self.first = dict(app.values)
        await asyncio.sleep(20 - self.now_s)
        self.answers = [await app.ask(data) for data in (b"\x04", b"\x01" + struct.pack("<I", 5000), b"\x02")]
        app.note("set the way to 500 m")
        await asyncio.sleep(30 - self.now_s)
        self.ether.set_loss(1, POD, PHONE)
        self.ether.set_loss(1, PHONE, POD)
        app.note("out of reach")
        await app.lost.wait()
        app.note("lost")
        await asyncio.sleep(38 - self.now_s)
        self.ether.set_loss(0, POD, PHONE)
        self.ether.set_loss(0, PHONE, POD)
        app.note("in reach")
        await app.connect()

    @property
    def events(self):
        lines = [line for line in self.text.splitlines() if line.startswith("{")]
        made = [json.loads(line) for line in lines if line.endswith("}")]
        return [one for one in made if "event" in one]


@pytest.fixture(scope="module")
def scene():
    scene = Scene()
    scene.run(60)
    return scene


def told(scene, name, begin_s=0, end_s=99):
    return [data for at_s, data in scene.app.told[name] if begin_s <= at_s < end_s]


def test_an_app_discovers_reads_and_subscribes(scene):
    values = scene.first
    assert published.rsc_features(values["2a54"]) == {"stride length", "total distance", "multiple locations"}
    assert published.sensor_location(values["2a5d"]) == "top of shoe"
    assert values["2a29"] == b"Backstep" and values["2a24"] == b"Virtual pod"
    assert 0 < published.battery_level(values["2a19"]) <= 100
    assert uuid(2).replace("-", "") in {name.replace("-", "") for name in values}


def test_it_is_told_of_the_walk_once_a_second(scene):
    walked = [published.rsc_measurement(data) for data in told(scene, "2a53", 12, 29)]
    assert 15 <= len(walked) <= 18
    assert {one["cadence_per_min"] for one in walked} <= set(range(98, 111))
    assert all(0.3 < one["speed_m_s"] < 1.5 and 0.4 < one["stride_m"] < 1.5 for one in walked)
    stands = [published.rsc_measurement(data) for data in told(scene, "2a53", 0, 7)]
    assert stands and {one["cadence_per_min"] + one["speed_m_s"] for one in stands} == {0}


def test_the_control_point_answers(scene):
    assert [published.control_response(answer) for answer in scene.answers] == [
        (4, "success", ["top of shoe", "in shoe"]), (1, "success", []), (2, "op code not supported", [])
    ]  # fmt: skip
    ways = [published.rsc_measurement(data)["distance_m"] for data in told(scene, "2a53", 21)]
    assert ways == sorted(ways) and 500 < ways[0] < 503 and ways[-1] > 515


def test_a_lost_phone_is_back_and_told_on(scene):
    steps = {what: at_s for at_s, what in scene.app.steps}
    seconds = [at_s for at_s, what in scene.app.steps if what == "subscribed"]
    assert steps["out of reach"] == 30 and 30 < steps["lost"] < 38
    assert 38 < seconds[1] < 42
    assert len(told(scene, "2a53", 44, 54)) >= 9


def test_what_the_pod_senses_is_what_it_tells(scene):
    strides = [event for event in scene.events if event["event"] == "stride"]
    name = next(name for name in scene.app.told if name.replace("-", "").startswith("0b57e902"))
    back, ahead, other, way, *_ = struct.unpack("<IIIBBhB", scene.app.told[name][-1][1])
    assert (ahead, other, way) == (0, 0, events.BACKWARD) and back == 2 * len(strides) > 60


def test_the_phone_tells_the_time(scene):
    assert any("clock: told by a phone" in line for line in scene.text.splitlines())


def test_the_heart_is_in_the_session(scene):
    hearts = [event for event in scene.events if event["event"] == "heart"]
    assert len(hearts) >= 8 and hearts[0]["rr_ms"] == 585
    rates = [event["bpm"] for event in hearts]
    assert rates == sorted(rates) and rates[-1] == 105
    summary = next(event for event in scene.events if event["event"] == "summary")
    assert 101 <= summary["heart_bpm"] <= 104 and summary["heart_most_bpm"] == 105


def test_another_strap_is_told_by_its_name_and_none_that_is_connected(scene):
    (line,) = [line for line in scene.text.splitlines() if line.startswith('{"id": 2')]
    ((address, kind, dbm, name),) = json.loads(line)["ok"]["straps"]
    assert (address, kind, name) == (OTHER.lower(), 1, "TICKR") and -100 < dbm < 0


def test_no_sample_was_lost_to_the_radio(scene):
    assert not [event for event in scene.events if event["event"] in ("gap", "error")]
    assert "radio lost" not in scene.text
