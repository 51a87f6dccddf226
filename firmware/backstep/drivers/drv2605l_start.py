"""What a DRV2605L needs once: its configuration for an actuator.  For the brackets see drv2605l.py."""

from ..core.compat import const
from ..core.haptic import ERM_RISE_MS

PASSING = True  # see app/passing.py

_MODE = const(0x01)  # STANDBY[6] MODE[2:0]
_LIBRARY = const(0x03)  # LIBRARY_SEL[2:0]
_RATED_VOLTAGE = const(0x16)
_OD_CLAMP = const(0x17)
_A_CAL_COMP = const(0x18)
_FEEDBACK = const(0x1A)  # N_ERM_LRA[7] FB_BRAKE_FACTOR[6:4] LOOP_GAIN[3:2] BEMF_GAIN[1:0]
_CONTROL1 = const(0x1B)  # STARTUP_BOOST[7] DRIVE_TIME[4:0]
_CONTROL2 = const(0x1C)  # BIDIR[7] BRAKE_STABILIZER[6] SAMPLE[5:4] BLANKING[3:2] IDISS[1:0]
_CONTROL3 = const(0x1D)  # NG_THRESH[7:6] ERM_OPEN_LOOP[5]
_CONTROL4 = const(0x1E)  # AUTO_CAL_TIME[5:4]

_MODE_ROM = const(0)
_FEEDBACK_VALUE = const(0x2A)  # brake factor 3x, loop gain high, as calibration wants [8.5.6]; BEMF gain default
_LRA = const(0x80)
_STARTUP_BOOST = const(0x80)
_CONTROL2_VALUE = const(0xF5)  # sample 300 us; blanking and dissipation 75 us each for an ERM, 25 us for an LRA
_CLOSED_LOOP = const(0x80)
_ERM_OPEN_LOOP = const(0xA0)
_ERM_DRIVE_TIME = const(19)  # 4.8 ms between two looks at the back-EMF, as a reset leaves it
_CONTROL4_VALUE = const(0x30)  # calibrate for 1000..1200 ms

# actuator -> rated [mV], overdrive clamp [mV], resonance [Hz] (0 = ERM), LIBRARY_SEL, Player's rise [ms]
_ACTUATORS = {
    "erm": (3000, 3300, 0, 3, ERM_RISE_MS),  # 3 V coin motor on a 3.3 V supply, 60-80 ms rise [table 1]
    "lra": (2000, 3000, 175, 6, 0),  # 2 V RMS, 10 mm; the closed loop overdrives and brakes
}


def _levels(rated_mv, clamp_mv, resonance_hz):
    """Return RATED_VOLTAGE, OD_CLAMP and DRIVE_TIME codes [8.5.2.1, 8.5.2.2, 8.5.1.1].

    Times are those of CONTROL2.  The clamp is the full scale of an ERM's open loop, the overdrive of an LRA's
    closed one; revision C of the datasheet has the closed loops' two clamp equations swapped.
    """
    if resonance_hz:
        rated = rated_mv * (1 - (4 * 300e-6 + 300e-6) * resonance_hz) ** 0.5 / 20.58
        half_period_us = 500000 // resonance_hz
        return int(rated + 0.5), int(clamp_mv / 21.22 + 0.5), (half_period_us - 500) // 100
    return int(rated_mv / 21.18 + 0.5), int(clamp_mv / 21.59 + 0.5), _ERM_DRIVE_TIME


def rise_ms(actuator: str) -> int:
    """Return how long the actuator takes to turn, for core/haptic.py [ms]; ValueError for an unknown one."""
    if actuator not in _ACTUATORS:
        names = ", ".join(sorted(_ACTUATORS))
        raise ValueError("haptic.actuator: %s is unknown, want one of %s" % (actuator, names))
    return _ACTUATORS[actuator][4]


def configure(registers, actuator: str, calibration) -> None:
    """Leave standby and configure; see Drv2605l.start."""
    rated_mv, clamp_mv, resonance_hz, library, _ = _ACTUATORS[actuator]
    rated, clamp, drive_time = _levels(rated_mv, clamp_mv, resonance_hz)
    write = registers.write
    write(_MODE, _MODE_ROM)
    write(_RATED_VOLTAGE, rated)
    write(_OD_CLAMP, clamp)
    write(_FEEDBACK, _FEEDBACK_VALUE | (_LRA if resonance_hz else 0))
    write(_CONTROL1, _STARTUP_BOOST | drive_time)
    write(_CONTROL2, _CONTROL2_VALUE)
    write(_CONTROL3, _CLOSED_LOOP if resonance_hz else _ERM_OPEN_LOOP)
    write(_CONTROL4, _CONTROL4_VALUE)
    write(_LIBRARY, library)
    if calibration:
        for k in range(3):
            write(_A_CAL_COMP + k, calibration[k])
