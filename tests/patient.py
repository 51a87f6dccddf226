"""A host whose clock is slow: what gives up on a pod after seconds gives up after minutes on a busy machine.

In this process by the fixture of tests/host_tools/conftest.py; `python patient.py fs ls` is mpremote with such a
clock.
"""

import contextlib
import time

SLOWER = 60  # mpremote's ten seconds are ten minutes
LAST_RESORT_S = 600  # for what has to end by itself


class SlowTime:
    """The module time, but monotonic() goes at a fraction of the real pace; sleeps are as long as ever."""

    def monotonic(self) -> float:
        return time.monotonic() / SLOWER

    def __getattr__(self, name):
        return getattr(time, name)


@contextlib.contextmanager
def slowed(monkeypatch):
    """Give every module of the host that waits for a pod the slow clock, and its port the patience to match."""
    from mpremote import transport_serial

    from host_tools.talk import calibrate, client, live, pod_link

    with monkeypatch.context() as patch:
        for module in (transport_serial, calibrate, client, live, pod_link):
            patch.setattr(module, "time", SlowTime())
        patch.setattr(pod_link, "_READ_S", 60.0)
        patch.setattr(pod_link, "_LASTS_S", pod_link._LASTS_S / SLOWER)  # what has to pass, not what may
        yield


if __name__ == "__main__":
    import sys

    from mpremote import main, transport_serial

    transport_serial.time = SlowTime()
    sys.exit(main.main())
