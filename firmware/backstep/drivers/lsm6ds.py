"""ST's LSM6DSO, LSM6DSOX and LSM6DS3TR-C six-axis IMUs on I2C: start, stop, drain the FIFO.

Section numbers in brackets are of the LSM6DSO datasheet DS12140 (the LSM6DSOX has the same registers) or, after
a slash, of the LSM6DS3TR-C datasheet DocID030071.
"""

from ..core.compat import const
from .registers import Registers

_WHO_AM_I = const(0x0F)  # [9.11 / 9.12]
_CTRL1_XL = const(0x10)  # [9.12 / 9.13]
_CTRL2_G = const(0x11)  # [9.13 / 9.14]
_TAP_CFG2 = const(0x58)  # [9.56 / TAP_CFG 9.75] INTERRUPTS_ENABLE[7]
_WAKE_UP_THS = const(0x5B)  # [9.59 / 9.78] WK_THS[5:0]
_WAKE_UP_DUR = const(0x5C)  # [9.60 / 9.79] WAKE_THS_W[4] / TIMER_HR[4]
_MD1_CFG = const(0x5E)  # [9.62 / 9.81] INT1_WU[5]

_INTERRUPTS_ENABLE = const(0x80)
# Steps of full scale / 256, or / 64 in the LSM6DS3TR-C, that half the change from one sample to the next exceeds:
# 62 mg or 250 mg of 16 g.
_ONE_STEP = const(1)
_FINE_OR_HR = const(0x10)  # what bit 4 of WAKE_UP_DUR is to be in either part
_WAKE_UP = const(0x20)


class Lsm6ds:
    """One IMU; samples come in body axes, mg and 0.1 deg/s.

    rate_permille: the true sample rate over the nominal one [0.1 %], from start() on; 0 = not known.
    """

    def __init__(self, i2c, address: int, part: str, axes, sleep_ms, free_bus=None):
        """Prepare buffers; the bus is not touched.

        i2c: machine.I2C.  address: 0x6a or 0x6b.  part: "lsm6dso", "lsm6dsox" or "lsm6ds3trc", else ValueError.
        axes: three pairs (chip axis 0..2, +1 or -1) giving body x, y, z.  sleep_ms: waits [ms].
        free_bus: frees a bus that a chip holds, and returns whether one did; see drivers/bus.py.
        """
        from .lsm6ds_start import identity, make_fifo

        self._identity = identity(part)
        self.registers = Registers(i2c, address, part)
        self.sleep_ms = sleep_ms
        self._free_bus = free_bus
        self.rate_permille = 0
        self.is_tagged = part != "lsm6ds3trc"
        self.fifo = make_fifo(self, axes)
        self.drain_into = self.fifo.drain_into

    @property
    def overflows(self) -> int:
        """How often the FIFO was full before it was drained."""
        return self.fifo.overflows

    def probe(self) -> None:
        """Raise OSError unless the part named answers, asked again where the bus was held and could be freed."""
        try:
            self._ask()
        except OSError:
            if not (self._free_bus and self._free_bus()):
                raise
            self._ask()

    def _ask(self):
        self.registers.expect(_WHO_AM_I, 0, self._identity, "who_am_i")

    def start(self, rate_hz: int, watermark: int) -> None:
        """Reset the IMU and stream into the FIFO; the first sample drained is the first settled one.

        rate_hz: 26, 52, 104, 208, 416 or 833 [Hz].  watermark: samples in the FIFO that raise INT1.
        ValueError for values that are not offered; OSError when the IMU is absent, another one or stuck.
        """
        from .lsm6ds_start import start

        start(self, rate_hz, watermark)

    def set_watermark(self, watermark: int) -> int:
        """Set how many samples raise INT1, while it runs; OSError as the bus has it.

        watermark: cut to three quarters of the FIFO, or what is sensed while the pod wakes finds no room.
        Return what it became.
        """
        watermark = min(watermark, self.fifo.watermark_max * 3 // 4)
        self.fifo.set_watermark(watermark)
        return watermark

    def notice_movement(self, on: bool) -> None:
        """Raise INT1 at a sudden movement too, for one sample's time each, or no longer [AN5192, AN5130 5.3]."""
        write = self.registers.write
        if on:
            write(_WAKE_UP_THS, _ONE_STEP)
            write(_WAKE_UP_DUR, _FINE_OR_HR)
            write(_TAP_CFG2, _INTERRUPTS_ENABLE)
        write(_MD1_CFG, _WAKE_UP if on else 0)

    def watch(self) -> None:
        """Raise INT1 at a movement and keep it up, at as little current as that takes; OSError as probe()."""
        from .lsm6ds_watch import watch

        watch(self)

    def stop(self) -> None:
        """Empty the FIFO and power both sensors down."""
        self.fifo.stop()
        self.registers.write(_CTRL2_G, 0)
        self.registers.write(_CTRL1_XL, 0)
