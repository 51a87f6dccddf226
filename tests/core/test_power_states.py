"""Which state of power holds, and that movement is not overlooked."""

from backstep.core.power_states import ARMED, OFF, ON_USB, STATES, STILL, WALKING, WORN, PowerStates

REST = (0, 0, 1000, 0, 0, 0)


def rested(states, seconds, sample=REST, **asked):
    asked = {"usb": False, "armed": False, "gait": False} | asked
    for _ in range(4 * seconds):
        states.look(sample, 250, **asked)
    return states.state


def test_usb_comes_before_all_and_a_sway_before_sleep():
    states = PowerStates(10)
    assert states.look(REST, 250, usb=True, armed=True, gait=True) == ON_USB
    assert states.look(REST, 250, usb=False, armed=True, gait=True) == ARMED
    assert states.look(REST, 250, usb=False, armed=False, gait=True) == WALKING
    assert states.look(REST, 250, usb=False, armed=False, gait=False) == WORN


def test_without_movement_it_is_still_then_off():
    states = PowerStates(2)
    assert rested(states, 9) == WORN
    assert rested(states, 2) == STILL
    assert rested(states, 107) == STILL
    assert rested(states, 3) == OFF


def test_off_min_0_is_never():
    assert rested(PowerStates(0), 7200) == STILL


def test_one_look_at_a_turned_or_pushed_pod_makes_it_worn_again():
    for sample in ((41, 0, 1000, 0, 0, 0), (0, 0, 959, 0, 0, 0), (0, 0, 1000, 0, -31, 0)):
        states = PowerStates(10)
        rested(states, 20)
        assert states.look(sample, 250, usb=False, armed=False, gait=False) == WORN


def test_a_biased_gyro_and_a_tilted_pod_are_still_all_the_same():
    assert rested(PowerStates(10), 20, sample=(700, 0, 700, 55, -80, 12)) == STILL


def test_slow_turning_adds_up():
    states = PowerStates(10)
    for k in range(200):
        states.look((k * 2, 0, 1000, 10, 0, 0), 250, usb=False, armed=False, gait=False)
    assert states.state == WORN, "41 mg are over in 21 looks, 5 s"


def test_what_must_hold_of_the_table():
    rows = dict(zip((ON_USB, ARMED, WALKING, WORN, STILL, OFF), STATES, strict=True))
    assert rows[ARMED][1] <= 20 and not rows[ARMED][4], "half of the 40 ms a warning may take"
    assert not rows[ON_USB][3], "a sleeping pod is deaf"
    assert rows[STILL][5], "or a first movement would be seen when the FIFO is full"
