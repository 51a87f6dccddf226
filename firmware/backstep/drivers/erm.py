"""An eccentric-rotating-mass (ERM) motor on a transistor and a PWM pin: it can be kicked, not braked."""

from ..core.compat import const
from ..core.haptic import ERM_RISE_MS

_LEVEL_MAX = const(127)
_DUTY_MAX = const(65535)


class ErmPwm:
    """A vibration motor; level 0..127 is a share of full duty.  rise_ms: see core/haptic.py."""

    rise_ms = ERM_RISE_MS

    def __init__(self, pwm):
        """pwm: machine.PWM or its like, frequency already set."""
        self._pwm = pwm

    def start(self) -> None:
        """Make sure that the motor is off."""
        self.stop()

    def drive(self, level: int) -> None:
        """Turn with level 0..127 (levels outside count as the nearest), at once and without allocating."""
        self._pwm.duty_u16(max(0, min(_LEVEL_MAX, level)) * _DUTY_MAX // _LEVEL_MAX)

    def stop(self) -> None:
        """Switch the motor off."""
        self._pwm.duty_u16(0)

    def rest(self) -> None:
        """Do nothing: a motor that is off takes no current."""
