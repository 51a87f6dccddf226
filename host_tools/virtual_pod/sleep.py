"""Light and deep sleep of the pod's MCU: what wakes it, what it does not see meanwhile, and where its time goes.

As ESP-IDF's sleep_modes.c and MicroPython's modmachine.c have it: the CPU, PWM, USB and the edges of pins stop;
time goes on; a wake-up pin belongs to the RTC until it is set up anew, and that of ext1 is held besides, until
Pin.init(hold=False). A pod that forgets either reads 0 from it. Kinder than the real thing: the time of a sleep is
exact, where an ESP32 counts it with an RC oscillator that it calibrates as it falls asleep. Stricter: the watchdog
goes on counting. A host on USB has to find the pod awake for ENUMERATED_US before it sends it a frame.
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from host_tools.virtual_pod.pins import Pins

EXT0, EXT1, TIMER = 2, 3, 4  # machine.wake_reason()

# [sleep_modes.c: DEFAULT_SLEEP_OUT_OVERHEAD_US is 212 on an ESP32, 382 on an S3] and the way in, rounded up.
LIGHT_US = 1000
FRAME_US = 1000  # a host on USB begins a frame every millisecond
# [USB 2.0, 7.1.7.3] a host lets a device settle for 100 ms, resets it for 10, lets it recover: frames come then.
# One that is away before, as between two light sleeps, sees none.
ENUMERATED_US = 250_000

# Registers with the last frame's number: of USB OTG [DWC2's DSTS, SOFFN in bits 8..21] and of USB-Serial-JTAG.
OTG_DSTS = 0x6008_0808
FRAME_NUMBERS = {"esp32s3": (OTG_DSTS, 0x6003_8024), "esp32c3": (0x6004_3024,)}

COMPUTING, WAITING, BUS, LIGHT, DEEP = "computing", "waiting", "bus", "light sleep", "deep sleep"


class Stage(Protocol):
    """Of Hardware, what sleeping touches."""

    pins: Pins

    @property
    def now_us(self) -> int: ...

    def advance_to(self, until_us: int, stop_early: bool = False) -> bool: ...


class Sleep:
    """Where the MCU is between two requests.

    wake_gpios: pins that may wake it.  registers: addresses that hold the number of the last USB frame.
    usb: whether a host is at the other end of a cable; to be set at any time.
    spent_us: virtual time by what the MCU did; wakes: how often a light sleep ended; reason: as wake_reason().
    """

    def __init__(self, stage: Stage, wake_gpios: Iterable[int], registers: tuple[int, ...]) -> None:
        self.usb = True
        self.spent_us: Counter[str] = Counter()
        self.wakes = 0
        self.reason = 0
        self.asleep = ""
        self._stage = stage
        self._wake_gpios = frozenset(wake_gpios)
        self._registers = registers
        self._high = self._low = 0
        self._ext0 = -1
        self._end_us = 0
        self._awake_us = -ENUMERATED_US  # since when; a pod is switched on with its cable in

    def may_wake(self, gpio: int) -> int:
        """Return 0 for a pin that may wake the MCU, else minus an errno."""
        return 0 if gpio in self._wake_gpios else -errno.EINVAL

    def register(self, address: int) -> bytes:
        """Return a register's 32 bits; the frame's number stands still while no host has found the pod."""
        if address not in self._registers:
            return bytes(4)
        found = self.usb and not self.asleep and self._stage.now_us - self._awake_us >= ENUMERATED_US
        frame = self._stage.now_us // FRAME_US & 0x7FF if found else 0
        return (frame << 8 if address == OTG_DSTS else frame).to_bytes(4, "little")

    def begin(self, deep: bool, ext0: int, end_us: int, high: int, low: int) -> None:
        """Fall asleep until end_us [us] or a pin has its level; high, low: masks of pins."""
        self.asleep = DEEP if deep else LIGHT
        self._high, self._low, self._ext0, self._end_us = high, low, ext0, end_us
        self._stage.pins.deaf = True

    def wakes_now(self) -> bool:
        """Return whether what it waits for is there."""
        return bool(self.asleep) and (self._stage.now_us >= self._end_us or self._woken_by() >= 0)

    def end(self) -> None:
        """Wake: takes its time, and hands the wake-up pins over as they are then."""
        pins, gpio = self._stage.pins, self._woken_by()
        self.reason = TIMER if gpio < 0 else EXT0 if gpio == self._ext0 else EXT1
        self._stage.advance_to(self._stage.now_us + LIGHT_US)
        for woken in self._wakers():
            pins.give_to_rtc(woken, held=woken != self._ext0)
        self.wakes += self.asleep == LIGHT
        self.asleep = ""
        self._awake_us = self._stage.now_us
        pins.deaf = False

    def reset(self) -> None:
        """Forget a sleep under way: the MCU was reset."""
        self.asleep = ""
        self._stage.pins.deaf = False

    def _wakers(self) -> list[int]:
        return [gpio for gpio in range(64) if (self._high | self._low) >> gpio & 1]

    def _woken_by(self) -> int:
        """Return the pin that wakes, -1 for none; those of `low` beside ext0 wake all together [EXT1, ALL_LOW]."""
        level = self._stage.pins.level
        for gpio in self._wakers():
            if self._high >> gpio & 1 and level(gpio):
                return gpio
            if gpio == self._ext0 and self._low >> gpio & 1 and not level(gpio):
                return gpio
        low = [gpio for gpio in self._wakers() if self._low >> gpio & 1 and gpio != self._ext0]
        return low[0] if low and not any(level(gpio) for gpio in low) else -1
