"""TI's DRV2605L haptic driver for ERM and LRA motors: real-time playback, ROM effects, auto-calibration.

Section numbers in brackets are of the datasheet SLOS854D; its section 8.6 has the registers, by address.

An LRA runs closed-loop: the chip finds its resonance, overdrives and brakes it. An ERM runs open-loop, on purpose:
a closed loop's full scale is right only after a calibration of this very motor [8.5.8.1.3], and it drives 4.50 of
each 4.95 ms, to sense the back-EMF in the rest [8.5.2.2]: 3.0 V of a 3.3 V supply, just the rated voltage, no
overdrive. Open loop gives all 3.3 V from the first moment [8.5.8.1.1]; overdrive and brake are in the levels that
core/haptic.py gives.
"""

from ..core.compat import const
from .registers import Registers

_STATUS = const(0x00)  # DEVICE_ID[7:5]
_MODE = const(0x01)  # STANDBY[6] MODE[2:0]
_RTP_INPUT = const(0x02)  # signed

_DEVICE_ID = const(7)
_MODE_RTP = const(5)
_STANDBY = const(0x40)
_LEVEL_MAX = const(127)


class Drv2605l:
    """One motor on a DRV2605L; level 0..127 is a share of an ERM's supply or an LRA's rated voltage, < 0 brakes.

    rise_ms: see core/haptic.py.
    """

    def __init__(self, i2c, address: int, sleep_ms, actuator: str = "erm"):
        """Prepare buffers; the bus is not touched.

        i2c: machine.I2C.  address: 0x5a.  sleep_ms: waits [ms].  actuator: "erm" or "lra", else ValueError.
        """
        from .drv2605l_start import rise_ms

        self.rise_ms = rise_ms(actuator)
        self.registers = Registers(i2c, address, "drv2605l")
        self.sleep_ms = sleep_ms
        self._actuator = actuator
        self._rests = False

    def probe(self) -> None:
        """Raise OSError unless a DRV2605L answers."""
        self.registers.expect(_STATUS, 5, _DEVICE_ID, "device id")

    def start(self, calibration=None) -> None:
        """Leave standby, configure for the actuator and stand ready for drive(), motor off.

        calibration: of this motor, from drv2605l_bench.auto_calibrate(), or None for the chip's defaults.
        OSError when the chip is absent or another one.
        """
        self.probe()
        from .drv2605l_start import configure

        configure(self.registers, self._actuator, calibration)
        self.stand_ready()

    def drive(self, level: int) -> None:
        """Drive with level -127..127 (levels outside count as the nearest), nothing allocated.

        One bus write; one more out of rest().
        """
        if self._rests and level:
            self.registers.write(_MODE, _MODE_RTP)
            self._rests = False
        self.registers.write(_RTP_INPUT, max(-_LEVEL_MAX, min(_LEVEL_MAX, level)) & 0xFF)

    def stop(self) -> None:
        """Switch the motor off."""
        self.drive(0)

    def stand_ready(self) -> None:
        """Enter real-time playback with the motor off, so that drive() takes effect."""
        self.stop()
        self.registers.write(_MODE, _MODE_RTP)
        self._rests = False

    def rest(self) -> None:
        """Stand by until the next drive(), which wakes the chip: it takes little current meanwhile [8.4.2]."""
        if not self._rests:
            self.registers.write(_MODE, _STANDBY | _MODE_RTP)
            self._rests = True
