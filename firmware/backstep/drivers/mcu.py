"""The MCU's sleep, and whether a host is at its USB port; modules machine and esp32 are handed in."""

# Registers with the number of the last frame that a USB host began, one a millisecond; without one they rest.
# ESP32-S3: USB OTG's DSTS and USB-Serial-JTAG's FRAM_NUM [technical reference manual, chapters 32 and 33];
# ESP32-C3: USB-Serial-JTAG's [chapter 30]. An ESP32 has none: its bridge tells it nothing.
_FRAMES = {"esp32s3": (0x60080808, 0x60038024), "esp32c3": (0x60043024,)}


class Mcu:
    """Sleeps until INT1 is high, the button is down or the time is over.

    why: why it cannot sleep, "" where it can.
    """

    def __init__(self, machine, esp32, mcu: str, data_ready, button):
        """Choose the pins that wake it.

        machine, esp32: MicroPython's modules.  mcu: from the board file.
        data_ready: Pin at INT1.  button: Pin or None.
        """
        self.why = ""
        self._machine = machine
        self._data_ready = data_ready
        self._button = button
        self._frames = _FRAMES.get(mcu, ())
        self._frame = -1
        try:
            esp32.wake_on_ext0(pin=data_ready, level=esp32.WAKEUP_ANY_HIGH)
            if button is not None:
                esp32.wake_on_ext1(pins=(button,), level=esp32.WAKEUP_ALL_LOW)
        except (AttributeError, ValueError) as error:
            self.why = "no pin can wake it: %s" % error

    def usb_heard(self) -> bool:
        """Return whether a USB host has begun a frame since the last call; False where the MCU cannot tell."""
        frame = 0
        for address in self._frames:
            frame += self._machine.mem32[address]
        moved = frame != self._frame and self._frame >= 0
        self._frame = frame
        return moved

    def light_sleep(self, longest_ms: int) -> None:
        """Sleep so long at most [ms]; memory, pins and time stay, edges and USB are missed.

        Afterwards the pins belong to the RTC, that of ext1 held in its state, until they are set up anew
        [ESP-IDF, sleep_modes.c, ext1_wakeup_prepare()].
        """
        self._machine.lightsleep(longest_ms)
        pin = self._data_ready
        pin.init(pin.IN)
        pin = self._button
        if pin is not None:
            pin.init(pin.IN, pin.PULL_UP, hold=False)

    def is_ready(self) -> bool:
        """Return whether INT1 is high."""
        return self._data_ready.value() == 1

    def switch_off(self) -> None:
        """Sleep deeply: the next start comes by INT1 or the button.  It does not return."""
        self._machine.deepsleep()

    def woken_by(self) -> str:
        """Return what ended a deep sleep, in words."""
        machine = self._machine
        return "the button" if machine.wake_reason() == machine.EXT1_WAKE else "movement"
