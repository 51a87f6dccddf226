"""Bias and level are learnt at true standstill and nowhere else."""

from backstep.core.still import BIAS, LEVEL, Still

RATE = 208


def fed(still, count, gyro=(12, -7, 3), accel=(10, -20, 1000), shake=0):
    found = []
    for n in range(count):
        wave = shake if n % 2 else -shake
        code = still.feed(*accel, gyro[0] + wave, gyro[1], gyro[2])
        if code:
            found.append((code, still.rate_q4(0) >> 4))
    return found


def test_level_comes_first_and_bias_after_a_second():
    found = fed(Still(RATE), RATE)
    assert [code for code, _ in found] == [LEVEL, BIAS]
    assert found[1][1] == 12


def test_a_slow_roll_is_no_standstill():
    still = Still(RATE)
    codes = [still.feed(0, 0, 1000, n // 2, 0, 0) for n in range(RATE)]
    assert BIAS not in codes


def test_shaking_is_no_standstill():
    assert fed(Still(RATE), 2 * RATE, shake=40) == []


def test_a_turning_platform_is_no_bias():
    assert fed(Still(RATE), 2 * RATE, gyro=(400, 0, 0)) == []


def test_free_fall_is_no_level():
    assert fed(Still(RATE), 2 * RATE, accel=(0, 0, 300)) == []


def test_the_same_time_at_another_rate():
    assert len(fed(Still(104), 104)) == 2


def test_restart_forgets():
    still = Still(RATE)
    fed(still, 40)
    still.restart()
    assert fed(still, 40) == []
