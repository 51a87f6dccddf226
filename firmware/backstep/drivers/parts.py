"""The parts of a pod, as the app is handed them; what made them need not stay in memory."""

from ..core.charge import MEASURED_MV, NOT_MEASURED
from ..core.compat import const

_HZ_PER_MHZ = const(1000000)


class Parts:
    """Drivers, and the pins and clocks of the MCU.

    name, mcu: from the board file.  uid: of the MCU, in hexadecimal.  imu, haptic: drivers, not yet started.
    one_shot: OneShot, for the haptic driver.
    reset: start the pod anew, as its reset pin does; it does not return.
    esp32, bluetooth: MicroPython's modules; the latter None where there is none.
    radio: Radio where it runs, else None.  radio_why: why it, or its part for a band, is off against the settings,
    "" where it is not.
    battery_why: why the battery could not be measured when that was last tried, "" where it could.
    """

    def __init__(self, whose: tuple, imu, motor: tuple, data_ready, button, battery, of_mcu: tuple, cause: str):
        """Take what the board file says and what was made from it.

        whose: name, mcu and uid.  motor: its driver, and a OneShot.
        data_ready, button: machine.Pin; button may be None.
        battery: (machine.ADC, numerator, denominator of its divider, what a diode before it takes [mV]) or None.
        of_mcu: MicroPython's modules machine, esp32 and bluetooth, which may be None; and no function of board.py,
        which would stay in memory.
        cause: of the last reset, in words.
        """
        self.name, self.mcu, self.uid = whose
        self._machine, self.esp32, self.bluetooth = of_mcu
        self.radio = None
        self.radio_why = ""
        self.reset = self._machine.reset
        self._mcu_sleep: object = None
        self.imu = imu
        self.haptic, self.one_shot = motor
        self._data_ready = data_ready
        self._button = button
        self._battery = battery
        self.battery_why = ""
        self._reset_cause = cause

    @property
    def mcu_sleep(self):
        """What sleeps and is woken, Mcu; loaded when it is first asked for: not every pod sleeps.

        From then on INT1 and the button wake the MCU.
        """
        if self._mcu_sleep is None:
            from .mcu import Mcu

            self._mcu_sleep = Mcu(self._machine, self.esp32, self.mcu, self._data_ready, self._button)
        return self._mcu_sleep

    @property
    def hears_usb(self) -> bool:
        """Whether the MCU can tell that a USB host is there; one behind a bridge cannot."""
        return self.mcu != "esp32"

    def on_data_ready(self, callback) -> None:
        """Call callback(pin) at each rising edge of the IMU's INT1; None detaches it."""
        self._data_ready.irq(handler=callback, trigger=self._data_ready.IRQ_RISING)

    def on_button(self, callback) -> None:
        """Call callback(pin) when the button is pressed (it pulls its pin low); nothing without a button."""
        if self._button is not None:
            self._button.irq(handler=callback, trigger=self._button.IRQ_FALLING)

    @property
    def has_button(self) -> bool:
        """Whether there is a button."""
        return self._button is not None

    def button_down(self) -> bool:
        """Return whether the button is down; never without a button."""
        return self._button is not None and not self._button.value()

    def battery_mv(self) -> int:
        """Return the battery's voltage [mV], NOT_MEASURED where that cannot be or is none; see battery_why.

        A chip without burnt calibration raises instead of reading [MicroPython ports/esp32/adc.c]; a pin to which
        nobody has wired a divider floats.
        """
        self.battery_why = ""
        if self._battery is None:
            return NOT_MEASURED
        adc, numerator, denominator, offset_mv = self._battery
        try:
            voltage_mv = adc.read_uv() // 1000 * numerator // denominator + offset_mv
        except (OSError, ValueError) as error:
            self.battery_why = "the ADC refuses: %s" % (error,)
            return NOT_MEASURED
        if voltage_mv < MEASURED_MV:
            self.battery_why = "%d mV are no battery's, is its divider wired?" % voltage_mv
            return NOT_MEASURED
        return voltage_mv

    def watchdog(self, timeout_ms: int):
        """Start the watchdog: an object with feed(); the pod resets `timeout_ms` after the last feed."""
        return self._machine.WDT(timeout=timeout_ms)

    def set_mhz(self, mhz: int) -> None:
        """Set the MCU's clock [MHz]; one that has none such keeps its own.  main.py starts with the fastest."""
        try:
            self._machine.freq(mhz * _HZ_PER_MHZ)
        except ValueError:
            pass

    def reset_cause(self) -> str:
        """Return why the pod started, in words."""
        return self._reset_cause
