"""A pod's parts for CPython, strict and in virtual time."""

import asyncio

MARK = 9000  # a row with ax = MARK + code makes the marking detector emit that event


class OneShot:
    """Calls once, as the driver does; dead: the timer's interrupt never comes."""

    def __init__(self, world):
        self.world = world
        self.dead = False
        self.calls = 0
        self._call = None
        self._order = 0

    def begin(self, delay_ms, call):
        assert isinstance(delay_ms, int) and delay_ms > 0
        self._order += 1
        self._call, order = call, self._order
        if not self.dead:
            self.world.at_us(self.world.now_us + 1000 * delay_ms, lambda: self._come(order))

    @property
    def is_set(self):
        return self._call is not None

    def cancel(self):
        self._call = None

    def _come(self, order):
        call = self._call
        if order == self._order and call:
            self._call = None
            self.calls += 1
            call()


class WatchdogReset(BaseException):
    """The pod was reset: the run is over, whatever it was doing."""


class Watchdog:
    def __init__(self, world, timeout_ms):
        self.timeout_ms = timeout_ms
        self.world = world
        self.fed_us = world.now_us
        self.off = False
        self._guard()

    def feed(self):
        self.fed_us = self.world.now_us

    def _guard(self):
        due_us = self.fed_us + 1000 * self.timeout_ms
        if self.off:
            return
        if self.world.now_us >= due_us:
            raise WatchdogReset
        self.world.at_us(due_us, self._guard)


class McuSleep:
    """An MCU with a host at its USB port, unless told otherwise; says what it was told to do.

    It sleeps until something happens in the world, and where there is none not at all.
    """

    why = ""

    def __init__(self, world=None):
        self.world = world
        self.usb = True
        self.told = []

    def usb_heard(self):
        return self.usb

    def light_sleep(self, longest_ms):
        self.told.append(("sleep", longest_ms))
        if self.world:
            self.world.wait(1000 * longest_ms)

    def is_ready(self):
        return False

    def switch_off(self):
        self.told.append("off")

    def woken_by(self):
        return "movement"


class Parts:
    has_button = hears_usb = True
    name, mcu, uid = "test_board", "esp32s3", "020000000001"
    bluetooth = radio = None
    radio_why = ""

    def __init__(self, world, imu, haptic):
        self.world, self.imu, self.haptic = world, imu, haptic
        self.one_shot = OneShot(world)
        self.mcu_sleep = McuSleep(world)
        self.watchdogs = []
        self.on_press = None
        self.down = False
        self.resets = 0
        self.cause = "power on"
        self.millivolts, self.battery_why = 3912, ""
        self.clocks = []

    def set_mhz(self, mhz):
        self.clocks.append(mhz)

    def on_data_ready(self, callback):
        self.imu.on_edge = callback

    def on_button(self, callback):
        self.on_press = callback

    def button_down(self):
        return self.down

    def press_at(self, at_ms, length_ms=100):
        """Press the button; its contact bounces at both ends."""
        for change_ms, down in ((0, True), (2, False), (5, True), (length_ms, False), (length_ms + 3, True)):
            self.world.at(at_ms + change_ms, lambda down=down: self._level(down))
        self.world.at(at_ms + length_ms + 6, lambda: self._level(False))

    def _level(self, down):
        falls = down and not self.down
        self.down = down
        if falls and self.on_press:
            self.on_press(None)

    def battery_mv(self):
        return self.millivolts

    def reset_cause(self):
        return self.cause

    def reset(self):
        self.resets += 1

    def watchdog(self, timeout_ms):
        for dog in self.watchdogs:
            dog.off = True
        self.watchdogs.append(Watchdog(self.world, timeout_ms))
        return self.watchdogs[-1]


class Reader:
    """A stream whose bytes come when the test feeds them."""

    def __init__(self):
        self._bytes = bytearray()
        self._come = asyncio.Event()

    def feed(self, data):
        self._bytes += data
        self._come.set()

    async def readinto(self, buffer):
        while not self._bytes:
            self._come.clear()
            await self._come.wait()
        buffer[0] = self._bytes.pop(0)
        return 1


class Stdout:
    """Keeps what was written, and can take its time over it."""

    def __init__(self, world):
        self.world = world
        self.pieces = []
        self.takes_us = 0

    def write(self, text):
        self.world.now_us += self.takes_us
        self.pieces.append(text)
        return len(text)

    @property
    def data(self):
        return b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in self.pieces)

    @property
    def lines(self):
        return self.data.decode(errors="replace").splitlines()
