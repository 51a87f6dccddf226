"""An LSM6DSOX model on a bench, started as the driver starts it."""

from chip_bench import Bench, Counting

from host_tools.virtual_pod.chips.lsm6dso import Lsm6dsox

PERIOD_US = 4_800  # 6667 Hz / 32


def bench(**source) -> Bench:
    return Bench(Lsm6dsox(0x6A, Counting(**source)))


def started(watermark=8, mode=6, int1=0x08, rate=0x50) -> Bench:
    """16 g, 2000 dps, both sensors into the FIFO at 208 Hz, threshold on INT1."""
    b = bench()
    b.write(0x07, watermark & 0xFF, watermark >> 8)
    b.write(0x09, rate | rate >> 4)
    b.write(0x0D, int1)
    b.write(0x10, rate | 0x04, rate | 0x0C)
    b.write(0x0A, mode)
    return b


def fifo_count(b: Bench) -> int:
    low, high = b.read(0x3A, 2)
    return low | (high & 3) << 8
