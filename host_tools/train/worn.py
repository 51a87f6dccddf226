"""The same recording as another pod, worn otherwise, would have sensed it: simulated, to learn from.

Sets differ in how their sensor sat more than in how people fall: decision trees learnt from one set alone gave 39
false alarms per hour of walking and running on another, with simulated wearings beside it 8, and warned of more
falls (learnt from kfall, tested on sisfall at the score 92, 2026-11-26).
"""

from dataclasses import replace

import numpy as np

from host_tools.gait.physics import rotation
from host_tools.recordings import Recording

TURNED_DEG = (8.0, 12.0, 15.0)  # about x, y, z at most: where on the belt, over which clothes
WOBBLE_HZ = (3.0, 8.0)  # a belt's pod on soft tissue, pitching after the trunk's rise and fall
WOBBLE_DAMPING = (0.1, 0.4)
WOBBLE_DEG_PER_G = 4.0
_WOBBLE_LIMIT_G = 3.0
ACCEL_GAIN, GYRO_GAIN = 0.02, 0.03
ACCEL_ZERO_MG, GYRO_ZERO_DDPS = 20.0, 25.0
CLOCK = 0.03  # an IMU's, which nobody has measured
ACCEL_NOISE_MG, GYRO_NOISE_DDPS = (2.0, 30.0), (1.0, 30.0)


def otherwise(recording: Recording, seed: int) -> Recording:
    """Return the recording with another mounting, looseness, gain, zero level and noise, drawn by a seed."""
    rng = np.random.default_rng(seed)
    rows = _wobbling(recording.samples.astype(float), recording.rate_hz, rng)
    turned = rotation(np.radians([[rng.uniform(-most, most) for most in TURNED_DEG]]))[0]
    accel, gyro = rows[:, :3] @ turned.T, rows[:, 3:] @ turned.T
    accel = accel * (1 + rng.uniform(-ACCEL_GAIN, ACCEL_GAIN)) + rng.normal(0, ACCEL_ZERO_MG, 3)
    gyro = gyro * (1 + rng.uniform(-GYRO_GAIN, GYRO_GAIN)) + rng.uniform(-GYRO_ZERO_DDPS, GYRO_ZERO_DDPS, 3)
    accel += rng.normal(0, rng.uniform(*ACCEL_NOISE_MG), accel.shape)
    gyro += rng.normal(0, rng.uniform(*GYRO_NOISE_DDPS), gyro.shape)
    sensed = np.clip(np.rint(np.hstack([accel, gyro])), -32768, 32767).astype(np.int16)
    return replace(recording, samples=sensed)


def by_another_clock(recording: Recording, seed: int) -> Recording:
    """Return the same rows by a pod whose clock is off, drawn by a seed: taken for so much slower or faster."""
    stretch = float(np.random.default_rng(seed).uniform(1 - CLOCK, 1 + CLOCK))
    return replace(recording, rate_hz=recording.rate_hz * stretch)


def _wobbling(rows: np.ndarray, rate_hz: float, rng: np.random.Generator) -> np.ndarray:
    """Return the rows as sensed by a pod that pitches as a damped pendulum driven along its z axis."""
    from scipy import signal  # takes longer to import than all else that is here

    natural, damping = 2 * np.pi * rng.uniform(*WOBBLE_HZ), rng.uniform(*WOBBLE_DAMPING)
    most = np.radians(rng.uniform(-WOBBLE_DEG_PER_G, WOBBLE_DEG_PER_G))
    lift_g = np.clip((rows[:, 2] - np.median(rows[:, 2])) / 1000, -_WOBBLE_LIMIT_G, _WOBBLE_LIMIT_G)
    pendulum = signal.bilinear([most * natural**2], [1, 2 * damping * natural, natural**2], rate_hz)
    pitch = signal.lfilter(*pendulum, lift_g)
    cosine, sine = np.cos(pitch), np.sin(pitch)
    found = rows.copy()
    for x, z in ((0, 2), (3, 5)):
        found[:, x] = cosine * rows[:, x] - sine * rows[:, z]
        found[:, z] = sine * rows[:, x] + cosine * rows[:, z]
    found[:, 4] += np.degrees(np.gradient(pitch)) * rate_hz * 10
    return found
