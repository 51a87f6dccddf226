"""The pod's states of power, as a table, and which of them holds."""

from .compat import const

ON_USB = const(0)
ARMED = const(1)
WALKING = const(2)
WORN = const(3)
STILL = const(4)
OFF = const(5)

# (name, what waits in the FIFO at the longest [ms], CPU [MHz], light sleep between, haptic driver stands by,
# INT1 at movement too); the first that holds. A sway may take 40 ms to the motor: 20 of them wait in the FIFO. A
# step is felt by nobody at once, so that a first one may take 100 before it arms. Fast and asleep again
# takes less charge than slow for longer: an ESP32-S3 computes with 213 uA a MHz at 240, 249 at 160, 355 at 80; the
# bus is waited for with 33, 28 and 22 mA. So 240 wherever the pod sleeps, which is in time sooner too.
STATES = (
    ("on USB", 20, 160, 0, 0, 0),
    ("armed", 20, 240, 1, 0, 0),
    ("walking", 80, 240, 1, 1, 0),
    ("worn", 100, 240, 1, 1, 0),
    ("still", 1800, 240, 1, 1, 1),
    ("off", 0, 0, 0, 1, 1),
)

_STILL_MS = const(10000)  # without movement; who stands and breathes moves more
_MS_PER_MIN = const(60000)
_REST_MAX_MS = const(1 << 29)
_ACCEL_RANGE_MG = const(40)  # as a foot's stillness, core/still.py
_GYRO_RANGE_DDPS = const(30)


class PowerStates:
    """Knows the state; looks at single samples a few times a second, which movement for seconds cannot escape.

    rest_ms: without movement so far [ms].
    """

    def __init__(self, off_min: int):
        """off_min: so long without movement, and the pod goes off [min]; 0 = never."""
        self.state = ON_USB
        self._off_ms = off_min * _MS_PER_MIN
        self.rest_ms = 0
        self._ax = self._ay = self._az = self._gx = self._gy = self._gz = 0

    def look(self, sample, elapsed_ms: int, usb: bool, armed: bool, gait: bool) -> int:
        """Return the state that holds now.

        sample: the newest one, six integers [mg, 0.1 deg/s].  elapsed_ms: since the last look [ms].
        usb: whether somebody may want to talk.  armed: whether a sway would be warned of.
        gait: whether a step was recent, though it be another pod's.
        """
        self.rest_ms = 0 if self._has_moved(sample) or gait else min(self.rest_ms + elapsed_ms, _REST_MAX_MS)
        if usb:
            self.state = ON_USB
        elif armed:
            self.state = ARMED
        elif gait:
            self.state = WALKING
        elif self.rest_ms < _STILL_MS:
            self.state = WORN
        else:
            self.state = OFF if self._off_ms and self.rest_ms >= self._off_ms else STILL
        return self.state

    def _has_moved(self, sample) -> bool:
        """Return whether a sample differs from the one that stillness is told by, which it replaces then."""
        if (
            -_ACCEL_RANGE_MG <= sample[0] - self._ax <= _ACCEL_RANGE_MG
            and -_ACCEL_RANGE_MG <= sample[1] - self._ay <= _ACCEL_RANGE_MG
            and -_ACCEL_RANGE_MG <= sample[2] - self._az <= _ACCEL_RANGE_MG
            and -_GYRO_RANGE_DDPS <= sample[3] - self._gx <= _GYRO_RANGE_DDPS
            and -_GYRO_RANGE_DDPS <= sample[4] - self._gy <= _GYRO_RANGE_DDPS
            and -_GYRO_RANGE_DDPS <= sample[5] - self._gz <= _GYRO_RANGE_DDPS
        ):
            return False
        self._ax = sample[0]
        self._ay = sample[1]
        self._az = sample[2]
        self._gx = sample[3]
        self._gy = sample[4]
        self._gz = sample[5]
        return True
