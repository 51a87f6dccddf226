"""The MCU's pins: who drives each, its pull and interrupt, PWM on it, and who watches."""

from __future__ import annotations

from collections.abc import Callable, Iterable

PULL_UP = 2  # bits and numbers as machine.Pin has them on an ESP32
OUTPUT = 2
OPEN_DRAIN = 7
RISING, FALLING = 1, 2


class _Pin:
    def __init__(self) -> None:
        self.driven: int | None = None  # by the world outside
        self.resistor = 0  # 1: a pull-up is soldered to it
        self.held = 0  # 1: a chip with an open drain holds it low
        self.mode = 0
        self.output = 0
        self.pull = 0
        self.trigger = 0
        self.of_rtc = self.pad_held = False  # after a sleep that it may have ended
        self.watchers: list[Callable[[int, int], None]] = []

    def level(self) -> int:
        if self.driven is not None:
            return self.driven
        if self.held:
            return 0
        pulled = 1 if self.resistor or self.pull & PULL_UP else 0
        if self.mode & OUTPUT:
            return self.output & pulled if self.mode == OPEN_DRAIN else self.output
        return pulled


class Pins:
    """A bank of pins.

    gpios: their numbers.  now_us: returns virtual time [us].
    Attributes: fired, bit n set when GPIO n has an interrupt the firmware was not told of yet; deaf, while edges
    interrupt nobody; on_pwm, observers called with (gpio, freq_hz, duty_u16, now_us).
    """

    def __init__(self, gpios: Iterable[int], now_us: Callable[[], int]) -> None:
        self.fired = 0
        self.deaf = False
        self.on_pwm: list[Callable[[int, int, int, int], None]] = []
        self._pins = {gpio: _Pin() for gpio in gpios}
        self._now_us = now_us
        self._pwm: dict[int, int] = {}  # duty by pin

    def __contains__(self, gpio: int) -> bool:
        return gpio in self._pins

    def level(self, gpio: int) -> int:
        """Return the pin's level: 0 or 1."""
        return self._pins[gpio].level()

    def read(self, gpio: int) -> int:
        """Return what the firmware reads of the pin: 0 while it belongs to the RTC or is held."""
        pin = self._pins[gpio]
        return 0 if pin.of_rtc or pin.pad_held else pin.level()

    def give_to_rtc(self, gpio: int, held: bool) -> None:
        """Let the firmware read 0, without interrupts, until it sets the pin up anew and lets go of it if held."""
        self._pins[gpio].of_rtc, self._pins[gpio].pad_held = True, held

    def pwm_on(self) -> list[int]:
        """Return the pins on which PWM drives more than nothing."""
        return [gpio for gpio, duty in self._pwm.items() if duty]

    def drive(self, gpio: int, level: int | None) -> None:
        """Set a pin from outside; None lets go of it."""
        self._change(gpio, driven=level)

    def solder_pull_up(self, gpio: int) -> None:
        """Solder a resistor from a pin to the supply: high unless somebody holds it low."""
        self._change(gpio, resistor=1)

    def hold_low(self, gpio: int, held: bool) -> None:
        """Have a chip with an open drain hold a pin low, or let it go."""
        self._change(gpio, held=int(held))

    def set_output(self, gpio: int, level: int) -> None:
        """Set the output register; it shows when the pin is an output."""
        self._change(gpio, output=level)

    def configure(self, gpio: int, mode: int, pull: int, lets_go: bool = False) -> None:
        """Set mode (0 = as it is) and pull (-1 = as it is); lets_go: hold the pad no longer."""
        pin = self._pins[gpio]
        pin.of_rtc = pin.of_rtc and not mode
        pin.pad_held = pin.pad_held and not lets_go
        self._change(gpio, mode=mode or pin.mode, pull=pin.pull if pull < 0 else pull)

    def set_trigger(self, gpio: int, trigger: int) -> int:
        """Choose the edges that interrupt (-1 = as they are); returns what was chosen before."""
        pin = self._pins[gpio]
        before = pin.trigger
        if trigger >= 0:
            pin.trigger = trigger
            self.fired &= ~(1 << gpio)
        return before

    def watch(self, gpio: int, callback: Callable[[int, int], None]) -> None:
        """Call callback(level, now_us) at each change."""
        self._pins[gpio].watchers.append(callback)

    def set_pwm(self, gpio: int, freq_hz: int, duty: int) -> None:
        """Start, change or (freq_hz 0) stop PWM; duty of 65536, told to observers as duty_u16."""
        if freq_hz:
            self._pwm[gpio] = duty
        else:
            self._pwm.pop(gpio, None)
        for observer in self.on_pwm:
            observer(gpio, freq_hz, min(duty, 65535), self._now_us())

    def reset(self, soft: bool) -> None:
        """Stop PWM and interrupts; after a hard reset the pins float."""
        self.fired = 0
        for gpio in sorted(self._pwm):
            self.set_pwm(gpio, 0, 0)
        for gpio, pin in self._pins.items():
            pin.trigger = 0
            pin.of_rtc = pin.pad_held = False
            if not soft:
                self._change(gpio, mode=0, output=0, pull=0)

    def _change(self, gpio: int, **registers: int | None) -> None:
        pin = self._pins[gpio]
        before = pin.level()
        for name, value in registers.items():
            setattr(pin, name, value)
        after = pin.level()
        if after == before:
            return
        seen = not (self.deaf or pin.of_rtc or pin.pad_held)
        if seen and pin.trigger & (RISING if after else FALLING):
            self.fired |= 1 << gpio
        for watcher in pin.watchers:
            watcher(after, self._now_us())
