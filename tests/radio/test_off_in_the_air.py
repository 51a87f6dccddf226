"""A pod with its radio on, a phone connected, is laid down: off in order, and found again soon after a press."""

import asyncio

import numpy as np
import pytest
from radio.phone_app import App

from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.link import DEEPSLEEP_RESET
from host_tools.virtual_pod.radio.ether import Ether
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

pytestmark = [pytest.mark.vm, pytest.mark.slow]
POD, PHONE = "24:0A:C4:00:00:01", "F0:F1:F2:F3:F4:F5"
REMOTE_USER_ENDED = 0x13  # [Core 5.4, Vol 1, F, 2.19]; 0x08 is a link that was lost
PRESS_S = 126.0


def model_at_rest():
    noise = np.random.default_rng(1).integers(-1, 2, (6000, 6), dtype=np.int16)
    still = Recording(noise + np.array([0, 0, 1000, 0, 0, 0], np.int16), 52, "wrist", "body")
    board = board_model.read_board("virtual")
    model = board_model.build(board, World(still, tuple(board["axes"]), Flaws(), again=True), Timeline())
    model.hardware.sleep.usb = False
    return model


def test_it_hangs_up_goes_off_and_is_found_two_seconds_after_a_press():
    model, said, steps = model_at_rest(), bytearray(), {}
    ether = Ether(seed=3)
    ether.join(model.hardware, POD, chip="esp32s3")
    app = App(ether.device("phone", PHONE), ether)

    async def story():
        found = await app.find()
        connection = await app.device.connect(found.address, timeout=10)
        ended = asyncio.get_running_loop().create_future()
        connection.on("disconnection", ended.set_result)
        steps["why"] = await ended
        await app.find()
        steps["found"] = app.now_s

    task = ether.start(story())
    settings = {"placement": "wrist", "radio": "phone", "off_min": 2, "console_events": 1}
    with VirtualPod(model.hardware, podfiles.files("virtual", settings), heap="252wK") as pod:
        model.press_at(round(PRESS_S * 1e6), 0.2)
        pod.run(said.extend, until_us=125_000_000)
        assert model.hardware.sleep.asleep == "deep sleep" and steps == {"why": REMOTE_USER_ENDED}
        pod.run(said.extend, until_us=129_000_000)
        assert pod.resets == [DEEPSLEEP_RESET]
    task.result()
    assert PRESS_S < steps["found"] < PRESS_S + 2
    assert b"off until it is moved" in said and b"woken by the button" in said and b'"faults": {}' in said
