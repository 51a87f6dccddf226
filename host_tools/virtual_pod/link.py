"""The virtual pod's hardware as the firmware meets it: buses, pins, ADC, PWM, watchdog, in virtual time.

A board model builds one Hardware, wires chips and pins to it and hands it to vm.VirtualPod:

    hardware = Hardware()
    hardware.add_bus(0, scl_gpio=9, sda_gpio=8)
    imu = Lsm6dsox(...)                             # a Chip
    imu.on_pin = hardware.input_pin(7)              # INT1 drives GPIO 7
    hardware.add_chip(0, imu)
    hardware.adc_mv[4] = lambda now_us: 3900        # battery behind GPIO 4
    hardware.on_pwm.append(lambda gpio, freq_hz, duty_u16, now_us: ...)
    press = hardware.input_pin(0, level=1)          # button, idle high
    hardware.at(2_000_000, lambda: press(0))        # pressed 2 s into the run

Time is in microseconds since power-on of the run, never goes back and does not stop at a reset of the VM.
Order of one I2C transfer: the written bytes take their time on the wire, every chip advances to that moment,
chip.write() is called; then chip.read() is called and its bytes take their time. A chip that has nothing of
its own to do in time returns None from next_event_us(); one that has (samples due, a pin to change) returns the
exact time, so that its interrupt comes at that time and not at the next poll.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Protocol

PULL_DOWN, PULL_UP = 1, 2
RISING, FALLING = 1, 2
POWER_ON, HARD_RESET, WATCHDOG_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5  # machine.reset_cause() on ESP32


class Nack(Exception):  # noqa: N818 - the bus's own word
    """A chip does not acknowledge; the firmware sees OSError(ENODEV), as on an ESP32."""


class UnknownAccess(Exception):  # noqa: N818 - says what was accessed
    """The firmware did what the model does not know; the run ends with this message."""


class Chip(Protocol):
    """An I2C target; see the module's page for the order of calls."""

    address: int
    on_pin: Callable[[int], None] | None

    def write(self, data: bytes, now_us: int) -> None: ...

    def read(self, count: int, now_us: int) -> bytes: ...

    def advance(self, now_us: int) -> None: ...

    def next_event_us(self) -> int | None: ...


class _Gpio:
    """One pin: who drives it, its pull, its interrupt, and who watches it."""

    def __init__(self) -> None:
        self.driven: int | None = None  # by the world outside
        self.output: int | None = None  # by the firmware
        self.pull = 0
        self.trigger = 0
        self.watchers: list[Callable[[int, int], None]] = []

    def level(self) -> int:
        if self.driven is not None:
            return self.driven
        if self.output is not None:
            return self.output
        return 1 if self.pull & PULL_UP else 0


class _Bus:
    def __init__(self, scl_gpio: int, sda_gpio: int) -> None:
        self.pins = (scl_gpio, sda_gpio)
        self.chips: dict[int, Chip] = {}


class _Controller:
    """An I2C peripheral of the MCU: the pins it was set to and its speed."""

    def __init__(self, pins: tuple[int, int], freq_hz: int) -> None:
        self.pins = pins
        self.freq_hz = freq_hz

    def duration_us(self, byte_count: int) -> int:
        """[I2C spec 3.1] nine clocks a byte, start and stop about one each."""
        return -(-(9 * byte_count + 2) * 1_000_000 // self.freq_hz)


class Hardware:
    """Everything on the other side of `machine`; the module's page shows how to wire it.

    gpios: the numbers of the pins this MCU has; another one raises ValueError("invalid pin") in the firmware.
    realtime: pace virtual time to the wall clock.  unique_id: what machine.unique_id() returns, 6 bytes.
    epoch_s: what the pod's clock shows at power-on, seconds since 1970.

    Lists of observers to append to:
      on_pwm(gpio, freq_hz, duty_u16, now_us)      freq_hz 0 when the PWM is off
      on_transfer(bus_id, address, written, read_count, now_us)   after each I2C transfer that was acknowledged
      on_reset(cause, now_us)                      before the VM starts anew
    Hooks to set: adc_mv[gpio] = function(now_us) -> mV; i2c_fault = function(bus_id, address, now_us) -> errno or 0.
    """

    def __init__(
        self,
        *,
        gpios: frozenset[int] | range = range(49),
        realtime: bool = False,
        unique_id: bytes = b"\x02\x00\x00\x00\x00\x01",
        epoch_s: int = 1_735_689_600,
    ) -> None:
        self.clock = Clock(realtime)
        self.unique_id = unique_id
        self.epoch_us = epoch_s * 1_000_000
        self.adc_mv: dict[int, Callable[[int], int]] = {}
        self.i2c_fault: Callable[[int, int, int], int] | None = None
        self.on_pwm: list[Callable[[int, int, int, int], None]] = []
        self.on_transfer: list[Callable[[int, int, bytes, int, int], None]] = []
        self.on_reset: list[Callable[[int, int], None]] = []
        self.fired = 0  # bit n: GPIO n has an interrupt the firmware was not yet told of
        self.reset_due: int | None = None
        self.stopped: str | None = None
        self._pins = {gpio: _Gpio() for gpio in gpios}
        self._buses: dict[int, _Bus] = {}
        self._controllers: dict[int, _Controller] = {}
        self._chips: list[Chip] = []
        self._timeline: list[tuple[int, int, Callable[[], None]]] = []
        self._order = 0
        self._watchdog_us: int | None = None
        self._watchdog_due_us = 0

    # ---- wiring, by the board model

    def add_bus(self, bus_id: int, scl_gpio: int, sda_gpio: int) -> None:
        """Lay an I2C bus on two pins; I2C(bus_id) on other pins meets nobody."""
        self._buses[bus_id] = _Bus(scl_gpio, sda_gpio)

    def add_chip(self, bus_id: int, chip: Chip) -> None:
        """Solder a chip to a bus; ValueError when its address is taken, KeyError when there is no such bus."""
        chips = self._buses[bus_id].chips
        if chip.address in chips:
            raise ValueError(f"i2c {bus_id}: address {chip.address:#04x} is taken")
        chips[chip.address] = chip
        self._chips.append(chip)

    def input_pin(self, gpio: int, level: int | None = None) -> Callable[[int | None], None]:
        """Drive a pin from outside; returns the function that sets its level (None lets go), now at `level`."""

        def drive(new_level: int | None) -> None:
            self._change(gpio, lambda pin: setattr(pin, "driven", new_level))

        drive(level)
        return drive

    def watch_pin(self, gpio: int, callback: Callable[[int, int], None]) -> None:
        """Call callback(level, now_us) at each change of a pin, whoever drives it."""
        self._pins[gpio].watchers.append(callback)

    def at(self, time_us: int, action: Callable[[], None]) -> None:
        """Do action() when virtual time reaches time_us; actions of one time run in the order given."""
        self._order += 1
        heapq.heappush(self._timeline, (time_us, self._order, action))

    def stop(self, reason: str) -> None:
        """End the run at the next request of the firmware; VirtualPod.run() returns with this reason."""
        self.stopped = reason

    # ---- time

    @property
    def now_us(self) -> int:
        return self.clock.now_us

    def next_due_us(self) -> int | None:
        """Return when something happens by itself next: a chip, the timeline or the watchdog; None for never."""
        due = [self._timeline[0][0]] if self._timeline else []
        if self._watchdog_us is not None:
            due.append(self._watchdog_due_us)
        for chip in self._chips:
            event_us = chip.next_event_us()
            if event_us is not None:
                due.append(event_us)
        return min(due) if due else None

    def advance_to(self, until_us: int, stop_early: bool = False) -> bool:
        """Let everything happen up to until_us [us]; with stop_early only to the first thing the firmware must learn.

        Returns True when stopped early. AssertionError for a chip whose next event is not in the future.
        """
        while True:
            due = self.next_due_us()
            step_us = until_us if due is None else min(due, until_us)
            self._run_models(max(step_us, self.now_us))
            if stop_early and (self.fired or self.reset_due or self.stopped):
                return True
            if step_us >= until_us:
                return False

    def _run_models(self, now_us: int) -> None:
        self.clock.advance(now_us)
        for chip in self._chips:
            chip.advance(now_us)
            event_us = chip.next_event_us()
            assert event_us is None or event_us > now_us, f"{chip}: next event {event_us} is not after {now_us} us"
        while self._timeline and self._timeline[0][0] <= now_us:
            heapq.heappop(self._timeline)[2]()
        if self._watchdog_us is not None and now_us >= self._watchdog_due_us:
            self._watchdog_us = None
            self.reset_due = WATCHDOG_RESET

    # ---- what the firmware asks for, by wire.py

    def reset(self, cause: int) -> None:
        """Bring the MCU's peripherals to their state after a reset; the watchdog outlives only a soft one."""
        for observer in self.on_reset:
            observer(cause, self.now_us)
        self.fired = 0
        self.reset_due = None
        self._controllers.clear()
        for gpio, pin in self._pins.items():
            pin.trigger = 0
            if cause != SOFT_RESET:
                self._change(gpio, self._float)
        if cause != SOFT_RESET:
            self._watchdog_us = None

    @staticmethod
    def _float(pin: _Gpio) -> None:
        pin.output = None
        pin.pull = 0

    def _change(self, gpio: int, action: Callable[[_Gpio], None]) -> None:
        pin = self._pins[gpio]
        before = pin.level()
        action(pin)
        after = pin.level()
        if before == after:
            return
        if pin.trigger & (RISING if after else FALLING):
            self.fired |= 1 << gpio
        for watcher in pin.watchers:
            watcher(after, self.now_us)
