"""What flash says before it fetches anything, and how it tells what a chip said."""

import pytest
from talking import command

from host_tools.errors import UserError
from host_tools.install import flash as verb
from host_tools.rescue import chip
from host_tools.talk import usb_port


def test_without_a_pod_nothing_is_fetched(monkeypatch):
    def none():
        raise UserError("port: no pod on USB")

    monkeypatch.setattr(usb_port, "find_port", none)
    monkeypatch.setattr(verb, "_newest", lambda *_: pytest.fail("fetched an image before it looked for a pod"))
    assert command("flash", "qtpy_s3") == (2, "", "backstep flash: port: no pod on USB\n")


def test_a_chip_s_own_words_end_without_two_points():
    assert chip._first_line(OSError("Invalid head of packet.\nmore")) == "Invalid head of packet"
