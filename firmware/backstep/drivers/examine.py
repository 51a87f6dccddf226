"""A look at every part on the bench, never beside a session: `backstep doctor` runs it from MicroPython's prompt.

The name run stays on the pod, where others become short: host_tools/install/pod_code/names.py.
"""

from ..core.compat import const
from .lsm6ds_self_test import self_test

PASSING = True  # see app/passing.py

_RATE_HZ = const(104)
_WATERMARK = const(5)  # samples: INT1 rises after 48 ms
_LOOK_MS = const(300)


def run(parts, motor: str) -> dict:
    """Return what the parts of a pod that lies still came to; its motor turns for a second where it can be tested.

    parts: from board.load.  motor: the part that drives it, as the board file says.
    `imu`, `motor`: what is wrong, "" for nothing; `motor` is None where nothing can tell.  `self_test`: as of
    lsm6ds_self_test, None when it came to none.  `edges`: of INT1.  `battery_mv`, `battery_why`: as of Parts.
    """
    found = {"battery_mv": parts.battery_mv(), "battery_why": parts.battery_why}
    found.update({"imu": "", "self_test": None, "edges": 0, "motor": None})
    try:
        found["self_test"] = self_test(parts.imu)
        found["edges"] = _edges(parts)
    except OSError as error:
        found["imu"] = _words(error)
    if motor == "drv2605l":
        found["motor"] = _motor(parts.haptic)
    return found


def _edges(parts) -> int:
    """Return how often INT1 rises while nobody drains the FIFO: once, where it is wired."""
    count = [0]

    def rise(pin):
        count[0] += 1

    parts.on_data_ready(rise)
    try:
        parts.imu.start(_RATE_HZ, _WATERMARK)
        parts.imu.sleep_ms(_LOOK_MS)
        parts.imu.stop()
    finally:
        parts.on_data_ready(None)
    return count[0]


def _motor(haptic) -> str:
    from .drv2605l_bench import auto_calibrate

    try:
        haptic.start()
        auto_calibrate(haptic)
        haptic.rest()
    except OSError as error:
        return _words(error)
    return ""


def _words(error) -> str:
    return str(error.args[-1])
