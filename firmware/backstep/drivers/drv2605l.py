"""TI's DRV2605L haptic driver for ERM and LRA motors: real-time playback, ROM effects, auto-calibration.

Section numbers in brackets are of the datasheet SLOS854D; its section 8.6 has the registers, by address. The
motor runs closed-loop: the chip overdrives it until its back-EMF says that it is up to speed, and brakes as hard.
"""

from ..core.compat import const
from .registers import Registers

_STATUS = const(0x00)  # DEVICE_ID[7:5]
_MODE = const(0x01)  # STANDBY[6] MODE[2:0]
_RTP_INPUT = const(0x02)  # signed
_CONTROL3 = const(0x1D)  # NG_THRESH[7:6] ERM_OPEN_LOOP[5]

_DEVICE_ID = const(7)
_MODE_RTP = const(5)
_LEVEL_MAX = const(127)
_CLOSED_LOOP = const(0x80)


class Drv2605l:
    """One motor on a DRV2605L; level 0..127 is a share of its rated voltage."""

    def __init__(self, i2c, address: int, sleep_ms, actuator: str = "erm"):
        """Prepare buffers; the bus is not touched.

        i2c: machine.I2C.  address: 0x5a.  sleep_ms: waits [ms].  actuator: "erm" or "lra", else ValueError.
        """
        from .drv2605l_start import check_actuator

        check_actuator(actuator)
        self._registers = Registers(i2c, address, "drv2605l")
        self._sleep_ms = sleep_ms
        self._actuator = actuator

    def probe(self) -> None:
        """Raise OSError(ENODEV) unless a DRV2605L answers."""
        self._registers.expect(_STATUS, 5, _DEVICE_ID, "device id")

    def start(self, calibration=None) -> None:
        """Leave standby, configure for the actuator and stand ready for drive(), motor off.

        calibration: what auto_calibrate() returned once for this motor, or None for the chip's defaults.
        OSError when the chip is absent or another one.
        """
        self.probe()
        from .drv2605l_start import configure

        configure(self._registers, self._actuator, calibration)
        self.stand_ready()

    def drive(self, level: int) -> None:
        """Turn with level 0..127 (levels outside count as the nearest): one bus write, nothing allocated."""
        self._registers.write(_RTP_INPUT, max(0, min(_LEVEL_MAX, level)))

    def stop(self) -> None:
        """Brake the motor and leave it off."""
        self.drive(0)

    def effect(self, number: int) -> None:
        """Play ROM effect 1..123 to its end, at most two seconds, waiting; for the bench, not beside a session.

        ValueError for another number; OSError when the chip fails.
        """
        from .drv2605l_bench import play

        try:
            play(self._registers, self._sleep_ms, number, self._actuator == "erm")
        finally:
            self._registers.write(_CONTROL3, _CLOSED_LOOP)
            self.stand_ready()

    def auto_calibrate(self) -> bytes:
        """Measure the motor, firmly mounted, for about a second, and use the result [8.5.6]; start() comes first.

        Returns three bytes for start().  OSError with the chip's diagnosis when it does not converge.
        """
        from .drv2605l_bench import calibrate

        try:
            return calibrate(self._registers, self._sleep_ms)
        finally:
            self.stand_ready()

    def stand_ready(self) -> None:
        """Enter real-time playback with the motor off, so that drive() takes effect."""
        self.stop()
        self._registers.write(_MODE, _MODE_RTP)
