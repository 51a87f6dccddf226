"""The LSM6DS self-test: outputs with and without an electrical deflection, five each.

The procedure is ST's [AN5130 10], as lsm6dso_self_test.c and lsm6ds3tr_c_self_test.c of its Standard C drivers go.
"""

from errno import EIO

from ..core.compat import const
from .lsm6ds_start import reset

PASSING = True  # see app/passing.py

_CTRL1_XL = const(0x10)  # [9.12 / 9.13]
_CTRL2_G = const(0x11)  # [9.13 / 9.14]
_CTRL5_C = const(0x14)  # [9.16 / 9.17] ST_G[3:2] ST_XL[1:0], 01 = positive
_STATUS_REG = const(0x1E)  # [9.26 / 9.27] GDA[1] XLDA[0]
_OUTX_L_G = const(0x22)  # [9.28 / 9.29]
_OUTX_L_A = const(0x28)  # [9.31 / 9.35]

_ACCEL_POSITIVE = const(0x01)
_GYRO_POSITIVE = const(0x04)
_XLDA = const(0x01)
_GDA = const(0x02)
_ACCEL_52_HZ_4_G = const(0x38)
_UG_PER_LSB = const(122)  # at +-4 g [table 2 / 3]
_GYRO_208_HZ_2000_DPS = const(0x5C)
_MDPS_PER_LSB = const(70)  # at +-2000 deg/s [table 2 / 3]
_SETTLE_MS = const(150)  # 100 for the accelerometer, up to 150 for the gyroscope
_READY_TRIES = const(100)  # of 1 ms
_AVERAGED = const(5)

_ACCEL_LIMITS_MG = ((90, 1700), (50, 1700))  # LSM6DS3TR-C [/ table 3], LSM6DSO and LSM6DSOX [table 2]
_GYRO_LIMITS_DPS = (150, 700)  # [table 2 / 3]


def self_test(imu) -> dict:
    """Deflect both sensors of an Lsm6ds and compare; the pod must lie still; ends in power-down.

    Returns accel_mg and gyro_dps, each three changes in chip axes, their limits, and passed.
    OSError when the chip fails or gives no data.
    """
    reset(imu)
    registers, sleep_ms = imu.registers, imu.sleep_ms
    limits_mg = _ACCEL_LIMITS_MG[imu.is_tagged]
    registers.write(_CTRL1_XL, _ACCEL_52_HZ_4_G)
    accel_lsb = _deflection(registers, sleep_ms, _ACCEL_POSITIVE, _XLDA, _OUTX_L_A)
    registers.write(_CTRL1_XL, 0)
    registers.write(_CTRL2_G, _GYRO_208_HZ_2000_DPS)
    gyro_lsb = _deflection(registers, sleep_ms, _GYRO_POSITIVE, _GDA, _OUTX_L_G)
    registers.write(_CTRL2_G, 0)
    registers.write(_CTRL1_XL, 0)
    accel_mg = tuple([lsb * _UG_PER_LSB // (1000 * _AVERAGED) for lsb in accel_lsb])
    gyro_dps = tuple([lsb * _MDPS_PER_LSB // (1000 * _AVERAGED) for lsb in gyro_lsb])
    return {
        "accel_mg": accel_mg,
        "accel_limits_mg": limits_mg,
        "gyro_dps": gyro_dps,
        "gyro_limits_dps": _GYRO_LIMITS_DPS,
        "passed": _inside(accel_mg, limits_mg) and _inside(gyro_dps, _GYRO_LIMITS_DPS),
    }


def _inside(values, limits):
    return all([limits[0] <= value <= limits[1] for value in values])


def _deflection(registers, sleep_ms, positive, ready, first):
    """Return what the self-test changes on three axes, absolute, summed over the averaged samples [LSB]."""
    sleep_ms(_SETTLE_MS)
    plain = _summed(registers, sleep_ms, ready, first)
    registers.write(_CTRL5_C, positive)
    sleep_ms(_SETTLE_MS)
    deflected = _summed(registers, sleep_ms, ready, first)
    registers.write(_CTRL5_C, 0)
    return [abs(deflected[k] - plain[k]) for k in range(3)]


def _summed(registers, sleep_ms, ready, first):
    buffer = bytearray(6)
    total = [0, 0, 0]
    for n in range(_AVERAGED + 1):
        _await(registers, sleep_ms, ready)
        registers.read_into(first, buffer)
        for k in range(3 if n else 0):  # the first one may be from before
            raw = buffer[2 * k] | buffer[2 * k + 1] << 8
            total[k] += raw - 0x10000 if raw & 0x8000 else raw
    return total


def _await(registers, sleep_ms, ready):
    for _ in range(_READY_TRIES):
        if registers.read(_STATUS_REG) & ready:
            return
        sleep_ms(1)
    raise registers.failure(EIO, "no new data within %d ms" % _READY_TRIES)
