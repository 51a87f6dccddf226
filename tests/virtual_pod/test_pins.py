"""Pins, interrupts, PWM, ADC and their errors, as an ESP32 has them."""

import pytest
from strict_chip import StrictChip

from host_tools.virtual_pod.link import Hardware

THREAD_SAFE_FLAG = """
import asyncio, time
from machine import Pin
flag = asyncio.ThreadSafeFlag()
Pin(7, Pin.IN).irq(lambda pin: flag.set(), Pin.IRQ_RISING)
async def main():
    for _ in range(3):
        await flag.wait()
        print(time.ticks_us())
asyncio.run(main())
"""


def hardware_with_pulses(*pulse_us: int) -> Hardware:
    hardware = Hardware()
    chip = StrictChip(pulse_us=pulse_us)
    hardware.add_bus(0, scl_gpio=9, sda_gpio=8)
    chip.on_pin = hardware.input_pin(7, level=0)
    hardware.add_chip(0, chip)
    return hardware


def test_an_interrupt_wakes_a_thread_safe_flag(said):
    due_us = (1_000_000, 2_000_300, 7_777_777)
    woken_us = [int(line) for line in said(THREAD_SAFE_FLAG, hardware_with_pulses(*due_us))]
    assert woken_us == pytest.approx(due_us, abs=200)


def test_only_the_chosen_edge_interrupts(said):
    main = """
import time
from machine import Pin
seen = []
pin = Pin(7, Pin.IN)
irq = pin.irq(lambda pin: seen.append(pin()), Pin.IRQ_FALLING)
time.sleep(1)
print(seen, irq.trigger())
pin.irq(None)
time.sleep(1)
print(seen)
"""
    assert said(main, hardware_with_pulses(500_000, 1_500_000)) == ["[0] 2", "[0]"]


def test_a_button_is_seen_by_its_pull_and_its_press(said):
    hardware = Hardware()
    button = hardware.input_pin(0)
    hardware.at(1_000_000, lambda: button(0))
    hardware.at(1_200_000, lambda: button(None))
    main = """
import time
from machine import Pin
pin = Pin(0, Pin.IN, Pin.PULL_UP)
for ms in (0, 1100, 200):
    time.sleep_ms(ms)
    print(pin.value())
"""
    assert said(main, hardware) == ["1", "0", "1"]


def test_outputs_are_seen_outside(said):
    hardware = Hardware()
    seen = []
    hardware.watch_pin(5, lambda level, now_us: seen.append(level))
    main = "from machine import Pin\np = Pin(5, Pin.OUT, value=1)\np.off()\np.toggle()\nprint(p())"
    assert said(main, hardware) == ["1"]
    assert seen == [1, 0, 1]


def test_pwm_tells_its_observers(said):
    hardware = Hardware()
    seen = []
    hardware.on_pwm.append(lambda *change: seen.append(change[:3]))
    main = """
from machine import PWM, Pin
pwm = PWM(Pin(6), freq=20_000, duty_u16=0)
pwm.duty_u16(32768)
pwm.duty(1023)
print(pwm, pwm.freq(), pwm.duty_u16(), pwm.duty())
pwm.deinit()
try:
    pwm.duty_u16(1)
except RuntimeError as error:
    print(error)
"""
    assert said(main, hardware) == ["PWM(Pin(6), freq=20000, duty_u16=65535) 20000 65535 1023", "PWM is inactive"]
    assert seen == [(6, 20_000, 0), (6, 20_000, 32_768), (6, 20_000, 65_535), (6, 0, 0)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("Pin(77)", "invalid pin"),
        ("Pin(3)", "invalid pin"),
        ("I2C(5)", "I2C(5) doesn't exist"),
        ("PWM(Pin(6), freq=0)", "frequency must be from 1Hz to 40MHz"),
        ("PWM(Pin(6)).duty_u16(70000)", "duty_u16 must be from 0 to 65536"),
        ("WDT(timeout=0)", "WDT timeout too short"),
        ("ADC(Pin(4)).atten(9)", "invalid attenuation"),
        ("machine.freq(1)", "frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz"),
    ],
)
def test_a_wrong_argument_is_a_value_error(said, call, message):
    main = "import machine\nfrom machine import *\n"
    main += f"try:\n    {call}\nexcept ValueError as error:\n    print(error)"
    assert said(main, Hardware(gpios={4, 6})) == [message]


def test_the_adc_measures_the_pin(said):
    hardware = Hardware()
    hardware.adc_mv[4] = lambda now_us: 1550 if now_us < 500_000 else 3300
    main = """
import time
from machine import ADC, Pin
adc = ADC(Pin(4), atten=ADC.ATTN_11DB)
print(adc.read(), adc.read_u16(), adc.read_uv() // 10_000)
time.sleep(1)
print(adc.read_u16(), adc.read_uv())
"""
    assert said(main, hardware) == ["2047 32759 154", "65535 3100000"]
