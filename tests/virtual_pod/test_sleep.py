"""Light and deep sleep: what wakes a pod, what it does not see meanwhile, and what it has to set up anew."""

import pytest

from host_tools.virtual_pod import sleep
from host_tools.virtual_pod.link import DEEPSLEEP_RESET, Hardware, UnknownAccess

pytestmark = pytest.mark.vm
INT1, BUTTON = 18, 17
PINS = """
import esp32, machine, time
from machine import Pin
int1, button = Pin(18, Pin.IN), Pin(17, Pin.IN, Pin.PULL_UP)
esp32.wake_on_ext0(int1, esp32.WAKEUP_ANY_HIGH)
esp32.wake_on_ext1((button,), esp32.WAKEUP_ALL_LOW)
def sleep(ms):
    before = time.ticks_ms()
    machine.lightsleep(ms)
    return time.ticks_diff(time.ticks_ms(), before), machine.wake_reason()
"""


def _hardware(*, int1_ms=(), button_ms=()):
    """Return a pod whose INT1 is high, whose button is down, in the stretches (from, to) given."""
    hardware = Hardware()
    rise, press = hardware.input_pin(INT1, level=0), hardware.input_pin(BUTTON, level=1)
    for pin, active, stretches in ((rise, 1, int1_ms), (press, 0, button_ms)):
        for from_ms, to_ms in stretches:
            hardware.at(1000 * from_ms, lambda pin=pin, level=active: pin(level))
            hardware.at(1000 * to_ms, lambda pin=pin, level=1 - active: pin(level))
    return hardware


def test_the_time_ends_a_light_sleep(said):
    assert said(PINS + "print(*sleep(100))", _hardware()) == ["101 4"]


def test_a_pin_ends_a_light_sleep(said):
    hardware = _hardware(int1_ms=[(50, 60)], button_ms=[(300, 400)])
    first, second = said(PINS + "print(*sleep(5000))\ntime.sleep_ms(20)\nprint(*sleep(5000))", hardware)
    assert (first.split()[1], second.split()[1]) == ("2", "3")
    assert int(first.split()[0]) <= 51 and int(second.split()[0]) <= 260
    assert hardware.sleep.wakes == 2


def test_a_level_that_is_there_already_ends_it_at_once(said):
    assert said(PINS + "time.sleep_ms(10)\nprint(*sleep(5000))", _hardware(int1_ms=[(1, 9000)])) == ["1 2"]


def test_an_edge_in_a_sleep_is_not_seen(said):
    main = PINS + "int1.irq(lambda pin: print('edge'), Pin.IRQ_RISING)\nsleep(100)\nint1.init(Pin.IN)\n"
    hardware = _hardware(int1_ms=[(50, 400), (500, 600)])
    assert said(main + "print(int1.value())\ntime.sleep(1)", hardware) == ["1", "edge"]


def test_a_wake_up_pin_reads_0_until_it_is_set_up_anew(said):
    main = (
        PINS
        + """
sleep(20)
print(button.value())
button.init(Pin.IN, Pin.PULL_UP)
print(button.value())
button.init(Pin.IN, Pin.PULL_UP, hold=False)
print(button.value())
"""
    )
    assert said(main, _hardware()) == ["0", "0", "1"]


def test_what_is_typed_to_a_sleeping_pod_is_lost(make_pod):
    pod = make_pod("import machine, sys\nmachine.lightsleep(1000)\nprint(sys.stdin.readline())", _hardware())
    pod.hardware.at(500_000, lambda: pod.send(b"asleep "))
    pod.hardware.at(1_500_000, lambda: pod.send(b"awake\n"))
    assert next(iter(pod.lines(until_us=3_000_000))) == "awake"


def test_pwm_must_be_off(make_pod):
    pod = make_pod("import machine\nmachine.PWM(machine.Pin(5), freq=1000, duty_u16=9)\nmachine.lightsleep(10)")
    with pytest.raises(UnknownAccess, match="PWM runs on GPIO 5"):
        pod.run(until_us=1_000_000)


def test_a_pin_wakes_from_deep_sleep_into_a_new_start(said):
    main = PINS + "print(machine.reset_cause(), machine.wake_reason())\nif machine.reset_cause() == 1:\n"
    hardware = _hardware(int1_ms=[(60_000, 60_100)])
    assert said(main + "    machine.deepsleep()", hardware) == ["1 0", f"{DEEPSLEEP_RESET} 2"]
    assert 59_000_000 < hardware.sleep.spent_us[sleep.DEEP] <= 60_000_000


def test_only_a_pin_of_the_rtc_wakes(said):
    hardware = Hardware(wake_gpios=(18,))
    main = """
import esp32
for pin in 18, 17:
    try:
        esp32.wake_on_ext0(pin, True)
        print(pin)
    except ValueError as error:
        print(error)
"""
    assert said(main, hardware) == ["18", "invalid pin"]


def test_the_number_of_the_last_usb_frame_moves_while_a_host_is_there(said):
    hardware = Hardware(registers=(sleep.OTG_DSTS,))
    hardware.at(5_000_000, lambda: setattr(hardware.sleep, "usb", False))
    main = """
import machine, time
def frame():
    return machine.mem32[0x60080808]
for _ in range(2):
    before = frame()
    time.sleep_ms(5)
    print((frame() - before) >> 8, machine.mem32[0x60038024])
    time.sleep(6)
"""
    assert said(main, hardware) == ["5 0", "0 0"]


def test_the_time_is_told_by_what_it_went_into(said):
    hardware = _hardware()
    said(PINS + "sleep(1000)\ntime.sleep_ms(500)", hardware)
    spent = hardware.sleep.spent_us
    assert spent[sleep.LIGHT] == 1_000_000
    assert 500_000 <= spent[sleep.WAITING] < 510_000
