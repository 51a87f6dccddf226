"""What a voltage says of a lithium-polymer cell: how full it is, and whether it is a cell's voltage at all."""

from .compat import const

PASSING = True  # see app/passing.py

LOW_MV = const(3500)  # at rest; under load some 5 % are left, and nothing to start the motor with
FLAT_MV = const(3300)  # from here it falls away
MEASURED_MV = const(2500)  # a protected cell never shows less: no divider is wired, and the pin floats near 0.3 V
USB_MV = const(4400)  # a cell never shows more: this is the supply
NOT_MEASURED = const(-1)

# Open-circuit voltages [mV] of one cell [https://blog.ampow.com/lipo-voltage-chart/]. Under a pod's load a cell
# shows some 20 mV less, and reads 2 to 5 % too empty in the flat middle.
_CURVE = (
    (3270, 0),
    (3610, 5),
    (3690, 10),
    (3730, 20),
    (3770, 30),
    (3800, 40),
    (3840, 50),
    (3870, 60),
    (3950, 70),
    (4020, 80),
    (4110, 90),
    (4200, 100),
)


def percent(voltage_mv: int) -> int:
    """Return how full a cell is [%], -1 where this voltage [mV] is none of a cell: not measured, or USB's."""
    if not MEASURED_MV <= voltage_mv <= USB_MV:
        return -1
    mv_0, pct_0 = _CURVE[0]
    if voltage_mv <= mv_0:
        return pct_0
    for mv, pct in _CURVE:
        if voltage_mv <= mv:
            return pct_0 + (voltage_mv - mv_0) * (pct - pct_0) // (mv - mv_0)
        mv_0, pct_0 = mv, pct
    return 100


def is_low(voltage_mv: int) -> bool:
    """Return whether a voltage [mV] is that of a cell that is nearly empty."""
    return MEASURED_MV <= voltage_mv < LOW_MV
