"""TI's DRV2605L haptic driver for ERM and LRA motors: real-time playback, ROM effects, auto-calibration.

Section numbers in brackets are of the datasheet SLOS854D; its section 8.6 has the registers, by address. The
motor runs closed-loop: the chip overdrives it until its back-EMF says that it is up to speed, and brakes as hard.
"""

from ..core.compat import const
from .registers import Registers

_STATUS = const(0x00)  # DEVICE_ID[7:5]
_MODE = const(0x01)  # STANDBY[6] MODE[2:0]
_RTP_INPUT = const(0x02)  # signed
_LIBRARY = const(0x03)  # LIBRARY_SEL[2:0]
_RATED_VOLTAGE = const(0x16)
_OD_CLAMP = const(0x17)
_A_CAL_COMP = const(0x18)
_FEEDBACK = const(0x1A)  # N_ERM_LRA[7] FB_BRAKE_FACTOR[6:4] LOOP_GAIN[3:2] BEMF_GAIN[1:0]
_CONTROL1 = const(0x1B)  # STARTUP_BOOST[7] DRIVE_TIME[4:0]
_CONTROL2 = const(0x1C)  # BIDIR[7] BRAKE_STABILIZER[6] SAMPLE[5:4] BLANKING[3:2] IDISS[1:0]
_CONTROL3 = const(0x1D)  # NG_THRESH[7:6] ERM_OPEN_LOOP[5]
_CONTROL4 = const(0x1E)  # AUTO_CAL_TIME[5:4]

_DEVICE_ID = const(7)
_MODE_ROM = const(0)
_MODE_RTP = const(5)
_LEVEL_MAX = const(127)

_FEEDBACK_VALUE = const(0x2A)  # brake factor 3x, loop gain high, as calibration wants [8.5.6]; BEMF gain default
_LRA = const(0x80)
_STARTUP_BOOST = const(0x80)
_CONTROL2_VALUE = const(0xF5)  # sample 300 us, blanking 75 us, dissipation 75 us
_CLOSED_LOOP = const(0x80)
_CONTROL4_VALUE = const(0x30)  # calibrate for 1000..1200 ms

# actuator -> rated [mV], overdrive clamp [mV], resonance [Hz] (0 = ERM), LIBRARY_SEL
_ACTUATORS = {
    "erm": (3000, 3300, 0, 3),  # 3 V coin motor on a 3.3 V supply, 60-80 ms rise [table 1]
    "lra": (2000, 3000, 175, 6),  # 2 V RMS, 10 mm
}


def _levels(rated_mv, clamp_mv, resonance_hz):
    """Return RATED_VOLTAGE, OD_CLAMP and DRIVE_TIME codes [8.5.2.1, 8.5.2.2, 8.5.1.1].

    Sample time 300 us, blanking and dissipation 75 us each, as in CONTROL2.
    """
    if resonance_hz:
        rated = rated_mv * (1 - (4 * 300e-6 + 300e-6) * resonance_hz) ** 0.5 / 20.58
        half_period_us = 500000 // resonance_hz
        return int(rated + 0.5), int(clamp_mv / 21.22 + 0.5), (half_period_us - 500) // 100
    drive_time = 19
    drive_us = 200 * drive_time + 1000
    clamp = clamp_mv * (drive_us + 75 + 75) / ((drive_us - 300) * 21.64)
    return int(rated_mv / 21.18 + 0.5), int(clamp + 0.5), drive_time


class Drv2605l:
    """One motor on a DRV2605L; level 0..127 is a share of its rated voltage."""

    def __init__(self, i2c, address: int, sleep_ms, actuator: str = "erm"):
        """Prepare buffers; the bus is not touched.

        i2c: machine.I2C.  address: 0x5a.  sleep_ms: waits [ms].  actuator: "erm" or "lra", else ValueError.
        """
        if actuator not in _ACTUATORS:
            names = ", ".join(sorted(_ACTUATORS))
            raise ValueError("haptic.actuator: %s is unknown, want one of %s" % (actuator, names))
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
        rated_mv, clamp_mv, resonance_hz, library = _ACTUATORS[self._actuator]
        rated, clamp, drive_time = _levels(rated_mv, clamp_mv, resonance_hz)
        write = self._registers.write
        write(_MODE, _MODE_ROM)
        write(_RATED_VOLTAGE, rated)
        write(_OD_CLAMP, clamp)
        write(_FEEDBACK, _FEEDBACK_VALUE | (_LRA if resonance_hz else 0))
        write(_CONTROL1, _STARTUP_BOOST | drive_time)
        write(_CONTROL2, _CONTROL2_VALUE)
        write(_CONTROL3, _CLOSED_LOOP)
        write(_CONTROL4, _CONTROL4_VALUE)
        write(_LIBRARY, library)
        if calibration:
            for k in range(3):
                write(_A_CAL_COMP + k, calibration[k])
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
