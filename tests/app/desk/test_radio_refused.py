"""A radio that memory does not allow is refused when it is set, and when the pod starts; never half of it runs."""

import errno
import gc

import pytest
from radio.fake_ble import Bluetooth

NEEDS = "radio: phone with a shoe on an esp32s3 needs 181 KB of heap, this pod has 156 KB; it stays off"


@pytest.fixture
def with_s3(monkeypatch):
    monkeypatch.setattr(gc, "mem_free", lambda: 200_000, raising=False)


def test_what_does_not_fit_is_not_set(asked):
    assert asked.ask("set", values={"radio": "phone", "cue_every_steps": 7}) == NEEDS
    told = asked.ask("get")
    assert (told["settings"]["radio"], told["settings"]["cue_every_steps"]) == ("off", 100)


def test_another_placement_that_does_not_fit_beside_the_radio_is_not_set(asked, monkeypatch):
    with monkeypatch.context() as roomy:
        roomy.setattr(gc, "mem_free", lambda: 110_000, raising=False)
        assert asked.ask("set", values={"radio": "phone", "placement": "wrist"})["waits"] == ["placement", "radio"]
        assert "needs 181 KB" in asked.ask("set", values={"placement": "shoe"})
    assert asked.ask("set", values={"radio": "off", "placement": "shoe"})["changed"] == ["placement", "radio"]


def test_what_fits_is_set_and_waits_for_the_next_start(asked, with_s3):
    assert asked.ask("set", values={"radio": "phone"}) == {"changed": ["radio"], "waits": ["radio"]}


def test_a_start_without_room_goes_on_without_and_says_so(pod):
    pod.settings(radio="phone")
    pod.parts.bluetooth = Bluetooth()
    pod.run()
    assert pod.said(NEEDS) and not pod.parts.bluetooth.ble.on and not pod.parts.radio


def test_an_image_without_bluetooth_is_told_of(pod):
    pod.settings(radio="phone")
    pod.run()
    assert pod.said("radio: this MicroPython has no Bluetooth; it stays off")


def test_a_radio_that_fails_is_told_of_and_the_pod_goes_on(pod, with_s3):
    pod.settings(radio="phone")
    pod.parts.bluetooth = Bluetooth()
    pod.parts.bluetooth.ble.refuses = OSError(errno.EIO)
    pod.run()
    assert pod.said("it stays off") and pod.said("session of") and not pod.parts.radio


def test_with_room_it_runs_never_sleeps_and_is_off_at_the_end(pod, with_s3):
    pod.settings(radio="phone")
    pod.parts.bluetooth = Bluetooth()
    seen = []
    pod.world.at(2500, lambda: seen.append((pod.parts.bluetooth.ble.on, pod.parts.bluetooth.ble.advertising[0])))
    pod.run(5000)
    assert seen == [(True, 152_000)]
    assert pod.said("no light sleep: the radio is on")
    assert not pod.parts.bluetooth.ble.on and pod.parts.bluetooth.ble.handler is None
