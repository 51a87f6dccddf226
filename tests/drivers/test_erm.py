"""The motor on a transistor."""

import pytest
from backstep.drivers.erm import ErmPwm


class Pwm:
    def __init__(self):
        self.duty = []

    def duty_u16(self, value):
        assert 0 <= value <= 65535
        self.duty.append(value)


@pytest.mark.parametrize("level, duty", [(-127, 0), (0, 0), (1, 516), (64, 33025), (127, 65535), (500, 65535)])
def test_the_duty_is_proportional_to_the_level(level, duty):
    pwm = Pwm()
    ErmPwm(pwm).drive(level)
    assert pwm.duty == [duty]


def test_start_and_stop_leave_the_motor_off():
    pwm = Pwm()
    motor = ErmPwm(pwm)
    motor.start()
    motor.drive(127)
    motor.stop()
    assert pwm.duty == [0, 65535, 0]
