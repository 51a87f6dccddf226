"""The parts of a pod, as the app is handed them; what made them need not stay in memory."""


class Parts:
    """Drivers, and the pins and clocks of the MCU.

    name, mcu: from the board file.  uid: of the MCU, in hexadecimal.  imu, haptic: drivers, not yet started.
    reset: start the pod anew, as its reset pin does; it does not return.
    """

    def __init__(self, whose: tuple, imu, haptic, data_ready, button, battery, watchdog, reset, reset_cause: str):
        """Take what the board file says and what was made from it.

        whose: name, mcu and uid.  data_ready, button: machine.Pin; button may be None.
        battery: (machine.ADC, numerator, denominator of its divider, what a diode before it takes [mV]) or None.
        watchdog: machine.WDT.  reset: machine.reset.  reset_cause: in words.
        """
        self.name, self.mcu, self.uid = whose
        self.reset = reset
        self.imu = imu
        self.haptic = haptic
        self._data_ready = data_ready
        self._button = button
        self._battery = battery
        self._watchdog = watchdog
        self._reset_cause = reset_cause

    def sleep_by(self, mcu_sleep) -> None:
        """Take what sleeps and is woken: Mcu, from now on mcu_sleep."""
        self.mcu_sleep = mcu_sleep

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
        """Return the battery's voltage [mV], -1 when the board cannot measure it."""
        if self._battery is None:
            return -1
        adc, numerator, denominator, offset_mv = self._battery
        return adc.read_uv() // 1000 * numerator // denominator + offset_mv

    def watchdog(self, timeout_ms: int):
        """Start the watchdog: an object with feed(); the pod resets `timeout_ms` after the last feed."""
        return self._watchdog(timeout=timeout_ms)

    def reset_cause(self) -> str:
        """Return why the pod started, in words."""
        return self._reset_cause
