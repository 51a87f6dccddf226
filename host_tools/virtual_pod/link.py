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

import errno
import heapq
from collections.abc import Callable, Iterable

from host_tools.virtual_pod.clock import Clock
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.fitted import Chip, Radio
from host_tools.virtual_pod.pins import Pins
from host_tools.virtual_pod.sleep import Sleep

# machine.reset_cause() on an ESP32
POWER_ON, HARD_RESET, WATCHDOG_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5
USB_RESET = 0  # a cause that MicroPython has no name for
# [ports/esp32/modmachine.c] what befalls a pod, and the cause it then reads
UPSETS = {"panic": HARD_RESET, "brownout": POWER_ON, "usb": USB_RESET, "watchdog": WATCHDOG_RESET}


class Nack(Exception):  # noqa: N818 - the bus's own word
    """A chip does not acknowledge; the firmware sees OSError(ENODEV), as on an ESP32."""


class UnknownAccess(Exception):  # noqa: N818 - says what was accessed
    """The firmware did what the model does not know; the run ends with this message."""


class _Bus:
    def __init__(self, scl_gpio: int, sda_gpio: int) -> None:
        self.pins = (scl_gpio, sda_gpio)
        self.chips: dict[int, Chip] = {}
        self.clocks_owed = 0  # until a chip that was left amid a read lets SDA go


class Hardware:
    """Everything on the other side of `machine`; the module's page shows how to wire it.

    gpios: the numbers of the pins this MCU has; another one raises ValueError("invalid pin") in the firmware.
    wake_gpios: those of them that may wake it, by default all.  registers: see Sleep.
    realtime: pace virtual time to the wall clock.  native_usb: the console is the MCU's own USB, not a UART behind
    a bridge.  unique_id: what machine.unique_id() returns, 6 bytes.
    epoch_s: what the pod's clock shows at power-on, seconds since 1970.

    Lists of observers to append to:
      on_pwm(gpio, freq_hz, duty_u16, now_us)      freq_hz 0 when the PWM is off
      on_transfer(bus_id, address, written, read_count, now_us)   after each I2C transfer that was acknowledged
      on_reset(cause, now_us)                      before the VM starts anew
    Hooks to set: adc_mv[gpio] = function(now_us) -> mV at the pin;
      i2c_fault = function(bus_id, address, now_us) -> errno or 0.
    """

    def __init__(
        self,
        *,
        gpios: Iterable[int] = range(49),
        wake_gpios: Iterable[int] | None = None,
        registers: tuple[int, ...] = (),
        realtime: bool = False,
        native_usb: bool = True,
        unique_id: bytes = b"\x02\x00\x00\x00\x00\x01",
        epoch_s: int = 1_735_689_600,
    ) -> None:
        self.costs = Costs.FREE  # set by the pod that this is the hardware of
        self.mhz = 0
        self.native_usb = native_usb
        self.usb_read = True  # whether somebody reads the console of a native USB
        self.clock = Clock(realtime)
        self.pins = Pins(gpios, lambda: self.clock.now_us)
        self.sleep = Sleep(self, range(49) if wake_gpios is None else wake_gpios, registers)
        self.unique_id = unique_id
        self.epoch_us = epoch_s * 1_000_000
        self.adc_mv: dict[int, Callable[[int], int]] = {}
        self.i2c_fault: Callable[[int, int, int], int] | None = None
        self.on_pwm = self.pins.on_pwm
        self.on_transfer: list[Callable[[int, int, bytes, int, int], None]] = []
        self.on_reset: list[Callable[[int, int], None]] = []
        self.reset_due: int | None = None
        self.stopped: str | None = None
        self._buses: dict[int, _Bus] = {}
        self._controllers: dict[int, tuple[tuple[int, int], int]] = {}  # I2C id: its pins, its clock [Hz]
        self._chips: list[Chip | Radio] = []
        self.radio: Radio | None = None
        self._timeline: list[tuple[int, int, Callable[[], None]]] = []
        self._order = 0
        self._watchdog_us: int | None = None
        self._watchdog_due_us = 0

    # ---- wiring, by the board model

    def add_bus(self, bus_id: int, scl_gpio: int, sda_gpio: int) -> None:
        """Lay an I2C bus on two pins; I2C(bus_id) on other pins meets nobody."""
        bus = self._buses[bus_id] = _Bus(scl_gpio, sda_gpio)
        for gpio in bus.pins:
            self.pins.solder_pull_up(gpio)
        self.pins.watch(scl_gpio, lambda level, now_us: self._clock(bus, level))

    def hold_bus(self, bus_id: int, clocks: int) -> None:
        """Have a chip hold SDA low until SCL has risen so many times; every transfer meanwhile is ETIMEDOUT."""
        bus = self._buses[bus_id]
        bus.clocks_owed = clocks
        self.pins.hold_low(bus.pins[1], True)

    def _clock(self, bus: _Bus, level: int) -> None:
        if level and bus.clocks_owed:
            bus.clocks_owed -= 1
            self.pins.hold_low(bus.pins[1], bus.clocks_owed > 0)

    def add_chip(self, bus_id: int, chip: Chip) -> None:
        """Solder a chip to a bus; ValueError when its address is taken, KeyError when there is no such bus."""
        chips = self._buses[bus_id].chips
        if chip.address in chips:
            raise ValueError(f"i2c {bus_id}: address {chip.address:#04x} is taken")
        chips[chip.address] = chip
        self._chips.append(chip)

    def fit_radio(self, radio: Radio) -> None:
        """Give the MCU a radio; without one `bluetooth` raises OSError(ENODEV)."""
        self.radio = radio
        self._chips.append(radio)

    def input_pin(self, gpio: int, level: int | None = None) -> Callable[[int | None], None]:
        """Drive a pin from outside; returns the function that sets its level (None lets go), now at `level`."""
        self.pins.drive(gpio, level)
        return lambda new_level: self.pins.drive(gpio, new_level)

    def watch_pin(self, gpio: int, callback: Callable[[int, int], None]) -> None:
        """Call callback(level, now_us) at each change of a pin, whoever drives it."""
        self.pins.watch(gpio, callback)

    def at(self, time_us: int, action: Callable[[], None]) -> None:
        """Do action() when virtual time reaches time_us; actions of one time run in the order given."""
        self._order += 1
        heapq.heappush(self._timeline, (time_us, self._order, action))

    def upset(self, what: str) -> None:
        """Have the chip reset itself: what is a word of UPSETS."""
        self.reset_due = UPSETS[what]

    def stop(self, reason: str) -> None:
        """End the run at once; VirtualPod.run() returns with this reason."""
        self.stopped = reason

    # ---- time

    @property
    def now_us(self) -> int:
        return self.clock.now_us

    def next_due_us(self) -> int | None:
        """Return when something happens by itself next: a chip, the timeline or the watchdog; None for never."""
        due_us = self._timeline[0][0] if self._timeline else None
        if self._watchdog_us is not None and (due_us is None or self._watchdog_due_us < due_us):
            due_us = self._watchdog_due_us
        for chip in self._chips:
            event_us = chip.next_event_us()
            if event_us is not None and (due_us is None or event_us < due_us):
                due_us = event_us
        return due_us

    def needs_firmware(self) -> bool:
        """Return whether the firmware has to learn of something: an interrupt, a reset, the end of the run."""
        if self.sleep.asleep:
            return bool(self.sleep.wakes_now() or self.reset_due is not None or self.stopped)
        return bool(self.has_interrupt() or self.reset_due is not None or self.stopped)

    def has_interrupt(self) -> bool:
        """Return whether a pin or the radio has something for the firmware's handlers."""
        return bool(self.pins.fired or (self.radio and self.radio.has_news()))

    def advance_to(self, until_us: int, stop_early: bool = False) -> bool:
        """Let everything happen up to until_us [us]; with stop_early only to the first needs_firmware().

        Returns True when stopped early. AssertionError for a chip whose next event is not in the future.
        """
        due_us = self.next_due_us()
        while True:
            step_us = until_us if due_us is None else min(due_us, until_us)
            self._run_models(max(step_us, self.now_us))
            if stop_early and self.needs_firmware():
                return True
            if step_us >= until_us:
                return False
            due_us = self.next_due_us()
            assert due_us is None or due_us > self.now_us, f"next event {due_us} is not after {self.now_us} us"

    def _run_models(self, now_us: int) -> None:
        self.clock.advance(now_us)
        for chip in self._chips:
            chip.advance(now_us)
        while self._timeline and self._timeline[0][0] <= now_us:
            heapq.heappop(self._timeline)[2]()
        if self._watchdog_us is not None and now_us >= self._watchdog_due_us:
            self._watchdog_us = None
            self.reset_due = WATCHDOG_RESET

    # ---- what the firmware asks for, through wire.py

    def reset(self, cause: int) -> None:
        """Bring the MCU's peripherals to their state after a reset; the watchdog outlives only a soft one."""
        for observer in self.on_reset:
            observer(cause, self.now_us)
        self.reset_due = None
        self._controllers.clear()
        self.sleep.reset()
        self.pins.reset(soft=cause == SOFT_RESET)
        if cause != SOFT_RESET:
            self._watchdog_us = None

    def start_watchdog(self, timeout_ms: int) -> None:
        """Start the watchdog, or start it anew with another timeout [ms]."""
        self._watchdog_us = timeout_ms * 1000
        self.feed_watchdog()

    def feed_watchdog(self) -> None:
        """Give the firmware another timeout's time."""
        if self._watchdog_us is not None:
            self._watchdog_due_us = self.now_us + self._watchdog_us

    def open_i2c(self, bus_id: int, scl_gpio: int, sda_gpio: int, freq_hz: int) -> None:
        """Set an I2C peripheral to two pins and a clock [Hz]."""
        self._controllers[bus_id] = ((scl_gpio, sda_gpio), freq_hz)

    def transfer(self, bus_id: int, address: int, written: bytes | None, read_count: int | None) -> bytes | int:
        """Do one I2C transfer; returns the bytes read, or minus an errno.

        written: bytes of the write part, None without one.  read_count: bytes of the read part, None without one.
        UnknownAccess from the chip's model passes through.
        """
        pins, freq_hz = self._controllers[bus_id]
        bus = self._buses.get(bus_id)
        chip = bus.chips.get(address) if bus and bus.pins == pins else None
        fault = self.i2c_fault(bus_id, address, self.now_us) if self.i2c_fault else 0
        if bus and bus.clocks_owed:
            fault = errno.ETIMEDOUT
        self.advance_to(self.now_us + self.costs.i2c_call_us(self.mhz))
        if fault or chip is None:
            self._pass_bytes(1, freq_hz)
            return -(fault or errno.ENODEV)
        try:
            data = self._talk(chip, written, read_count, freq_hz)
        except Nack:
            return -errno.ENODEV
        for observer in self.on_transfer:
            observer(bus_id, address, written or b"", read_count or 0, self.now_us)
        return data

    def _talk(self, chip: Chip, written: bytes | None, read_count: int | None, freq_hz: int) -> bytes:
        data = b""
        if written is not None:
            self._pass_bytes(1 + len(written), freq_hz)
            if written:
                chip.write(written, self.now_us)
        if read_count is not None:
            data = chip.read(read_count, self.now_us)
            assert len(data) == read_count, f"{chip}: {len(data)} bytes read, wanted {read_count}"
            self._pass_bytes(1 + read_count, freq_hz)
        return data

    def _pass_bytes(self, count: int, freq_hz: int) -> None:
        """[I2C specification, 3.1] nine clocks a byte, one each for start and stop; the driver's pauses."""
        gaps_us = count * self.costs.i2c_gap_ns // 1000
        self.advance_to(self.now_us + gaps_us - (-(9 * count + 2) * 1_000_000 // freq_hz))
