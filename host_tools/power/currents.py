"""Currents of the parts [uA], from their data sheets; an estimate says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Current:
    """A current [uA] and where it is from; sure: the figure was read there."""

    ua: float
    source: str
    sure: bool = True


_S3 = "ESP32-S3 Series Datasheet, table 5-9: clocks of peripherals disabled"
_S3_ASLEEP = "ESP32-S3 Series Datasheet, table 5-10"
_ESP32 = "ESP32 Series Datasheet v5.2, table 4-2"
_C3 = "ESP32-C3 Series Datasheet, current consumption in other modes"

# (mcu, what it does, MHz): of a chip with its radio off. computing: one core; waiting: WAITI.
MCU: dict[tuple[str, str, int], Current] = {
    ("esp32s3", "computing", 240): Current(51_200, _S3),
    ("esp32s3", "computing", 160): Current(39_900, _S3),
    ("esp32s3", "computing", 80): Current(28_400, _S3),
    ("esp32s3", "waiting", 240): Current(32_900, _S3),
    ("esp32s3", "waiting", 160): Current(27_600, _S3),
    ("esp32s3", "waiting", 80): Current(22_000, _S3),
    ("esp32s3", "light sleep", 0): Current(240, _S3_ASLEEP + "; boards measure up to 0.8 mA"),
    ("esp32s3", "deep sleep", 0): Current(8, _S3_ASLEEP + ": RTC memory and peripherals on"),
    ("esp32", "computing", 240): Current(50_000, _ESP32 + ": middle of 30..68 mA"),
    ("esp32", "computing", 160): Current(34_000, _ESP32 + ": one core at most, 27..34 mA"),
    ("esp32", "computing", 80): Current(25_000, _ESP32 + ": one core at most, 20..25 mA"),
    ("esp32", "waiting", 240): Current(30_000, _ESP32),
    ("esp32", "waiting", 160): Current(27_000, _ESP32),
    ("esp32", "waiting", 80): Current(20_000, _ESP32),
    ("esp32", "light sleep", 0): Current(800, _ESP32),
    ("esp32", "deep sleep", 0): Current(10, _ESP32 + ": RTC timer and memory"),
    ("esp32c3", "computing", 160): Current(23_000, _C3, sure=False),
    ("esp32c3", "computing", 80): Current(17_000, _C3, sure=False),
    ("esp32c3", "waiting", 160): Current(16_000, _C3, sure=False),
    ("esp32c3", "waiting", 80): Current(13_000, _C3, sure=False),
    ("esp32c3", "light sleep", 0): Current(130, _C3, sure=False),
    ("esp32c3", "deep sleep", 0): Current(5, _C3, sure=False),
}

# (part, what it does)
IMU = {
    ("lsm6dsox", "both"): Current(550, "LSM6DSOX datasheet DS12814: combo high-performance mode"),
    ("lsm6dso", "both"): Current(550, "LSM6DSO datasheet DS12140: combo high-performance mode"),
    ("lsm6ds3trc", "both"): Current(900, "LSM6DS3TR-C datasheet: combo high-performance mode", sure=False),
    ("lsm6dsox", "watching"): Current(26, "LSM6DSOX datasheet, table 4: low-power, at 52 Hz; here 26", sure=False),
    ("lsm6dso", "watching"): Current(26, "LSM6DSO datasheet, table 4: low-power, at 52 Hz; here 26", sure=False),
    ("lsm6ds3trc", "watching"): Current(25, "LSM6DS3TR-C datasheet, table 4: low-power, at 52 Hz", sure=False),
}
HAPTIC = {
    ("drv2605l", "ready"): Current(600, "DRV2605L datasheet SLOS854, 6.5: quiescent", sure=False),
    ("drv2605l", "stands by"): Current(4, "DRV2605L datasheet SLOS854, 6.5: standby", sure=False),
    ("erm_pwm", "ready"): Current(0, "a transistor that is off"),
    ("erm_pwm", "stands by"): Current(0, "a transistor that is off"),
}
MOTOR = Current(75_000, "a 10 mm coin motor at 3.3 V, 60-80 mA in most data sheets", sure=False)


def mcu(name: str, doing: str, mhz: int) -> Current:
    """Return what an MCU takes.  mhz: ignored in a sleep; without 240 MHz it stays at the 160 it starts with."""
    clock = 0 if "sleep" in doing else mhz
    return MCU.get((name, doing, clock)) or MCU[name, doing, 160]
