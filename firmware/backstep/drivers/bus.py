"""An I2C bus on two pins, and how to free it from a chip that was interrupted while it sent."""

from ..core.compat import const

_CLOCKS = const(9)  # [I2C specification UM10204, 3.1.16]: the chip lets SDA go by the ninth at the latest
_HALF_US = const(5)  # of a clock of 100 kHz, which every chip knows


class Bus:
    """Two pins with their I2C peripheral.

    An MCU that was reset amid a read leaves the chip waiting for clocks, SDA low: nobody can talk, and neither a
    watchdog's reset nor the next start helps.
    """

    def __init__(self, make, scl, sda, freq_hz: int, sleep_us):
        """Take machine.I2C, a machine.Pin each, the clock [Hz] and what waits [us]; no pin is touched."""
        self._sleep_us = sleep_us
        self._make = make
        self._scl = scl
        self._sda = sda
        self._freq_hz = freq_hz

    def open(self):
        """Return the machine.I2C, the bus freed before where a chip holds it."""
        self._take_pin(self._sda)
        self._take_pin(self._scl)
        self._clock_free()
        return self._attach()

    def free(self) -> bool:
        """Free the bus where a chip holds it, and return whether one did; the machine.I2C goes on as it is."""
        if self._sda.value():
            return False
        self._take_pin(self._sda)
        self._take_pin(self._scl)
        self._clock_free()
        self._attach()
        return True

    def _attach(self):
        return self._make(0, scl=self._scl, sda=self._sda, freq=self._freq_hz)

    def _take_pin(self, pin):
        pin.init(pin.OPEN_DRAIN, pin.PULL_UP, value=1)

    def _clock_free(self):
        """Where SDA is low, clock until it is high, then say STOP."""
        scl, sda, clocks = self._scl, self._sda, 0
        self._sleep_us(_HALF_US)
        while not sda.value():
            if clocks == _CLOCKS:
                return
            clocks += 1
            self._put(scl, 0)
            self._put(scl, 1)
        if clocks:
            self._put(scl, 0)
            self._put(sda, 0)
            self._put(scl, 1)
            self._put(sda, 1)

    def _put(self, pin, level):
        pin.value(level)
        self._sleep_us(_HALF_US)
