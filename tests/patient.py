"""A host whose clock is slow: what gives up on a pod after seconds gives up after minutes on a busy machine.

In this process by the fixture of tests/host_tools/conftest.py; `python patient.py fs ls` is mpremote with such a
clock.
"""

import time

SLOWER = 60  # mpremote's ten seconds are ten minutes
LAST_RESORT_S = 600  # for what has to end by itself


class SlowTime:
    """The module time, but monotonic() goes at a fraction of the real pace; sleeps are as long as ever."""

    def monotonic(self) -> float:
        return time.monotonic() / SLOWER

    def __getattr__(self, name):
        return getattr(time, name)


def slow_down(monkeypatch) -> None:
    """Give every module of the host that waits for a pod the slow clock, and its port the patience to match.

    By the test's own monkeypatch, no context of it: what the test put in its place is undone before the clock is.
    """
    from mpremote import transport_serial

    from host_tools.talk import calibrate, client, live, pod_link

    for module in (transport_serial, calibrate, client, live, pod_link):
        monkeypatch.setattr(module, "time", SlowTime())
    monkeypatch.setattr(pod_link, "_READ_S", 60.0)
    monkeypatch.setattr(pod_link, "_LASTS_S", pod_link._LASTS_S / SLOWER)  # what has to pass, not what may


if __name__ == "__main__":
    import sys

    from mpremote import main, transport_serial

    transport_serial.time = SlowTime()
    sys.exit(main.main())
