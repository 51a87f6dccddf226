"""The slow clock of these tests ends with each of them."""

import time

import pytest
from patient import SlowTime, slow_down

from host_tools.talk import client


def test_a_test_with_a_clock_of_its_own_leaves_no_slow_one_behind():
    with pytest.MonkeyPatch.context() as outer:
        outer.setattr(client, "time", time)  # as in the folders beside this one
        with pytest.MonkeyPatch.context() as monkeypatch:
            slow_down(monkeypatch)
            assert isinstance(client.time, SlowTime)
            monkeypatch.setattr(client, "time", None)
        assert client.time is time
