"""What a real pod makes of ideal measurements: band limit, mounting, bias, noise, clipping, lost samples."""

import numpy as np

from .params import ImuParams
from .physics import rotation, rotation_vector_matrix

_PASS_SHARE = 0.45  # of the output rate; the LSM6DS family's own low-pass ends near half the rate
_HALF_LENGTHS = 4  # of the filter, in output samples


def decimated(fine: np.ndarray, factor: int) -> np.ndarray:
    """Return every factor-th row of fine (n, 6) after a linear-phase low-pass (windowed sinc)."""
    return low_passed(fine, factor, slice(None, None, factor))


def low_passed(fine: np.ndarray, factor: int, rows: slice | np.ndarray) -> np.ndarray:
    """Return some rows of fine (n, 6) after the low-pass of a sensor whose rate is a factor-th of its own."""
    half = _HALF_LENGTHS * factor
    t = np.arange(-half, half + 1) / factor
    taps = np.sinc(2 * _PASS_SHARE * t) * np.hamming(len(t))
    padded = np.pad(fine, ((half, half), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(t), axis=0)[rows]
    return np.einsum("nck,k->nc", windows, taps / taps.sum())


def mounting(params: ImuParams) -> np.ndarray:
    """Return the body-to-sensor rotation (3, 3) of the mounting angles."""
    angles = np.radians([[params.mount_roll_deg, params.mount_pitch_deg, params.mount_yaw_deg]])
    return rotation(angles)[0].T


def is_mounted(params: ImuParams) -> bool:
    """Return whether the sensor's axes are turned away from the body's."""
    return any((params.mount_roll_deg, params.mount_pitch_deg, params.mount_yaw_deg))


def sensed(ideal: np.ndarray, params: ImuParams, rng: np.random.Generator) -> np.ndarray:
    """Return int16 samples (n, 6) [mg, 0.1 deg/s] of ideal ones: turned, biased, noisy, clipped, rounded."""
    skew = rotation_vector_matrix(np.radians(params.misalignment_deg) * rng.standard_normal(3) / np.sqrt(3))
    turn = mounting(params) @ skew
    force, rates = ideal[:, :3] @ turn.T, ideal[:, 3:] @ turn.T
    force = force + params.accel_bias_mg * rng.standard_normal(3)
    rates = rates + 10 * params.gyro_bias_dps * rng.standard_normal(3)
    force += params.accel_noise_mg * rng.standard_normal(force.shape)
    rates += 10 * params.gyro_noise_dps * rng.standard_normal(rates.shape)
    limit = np.array([params.full_scale_mg] * 3 + [params.full_scale_dps * 10] * 3)
    return np.rint(np.clip(np.hstack([force, rates]), -limit, limit)).astype(np.int16)


def drop(count: int, rate_hz: float, params: ImuParams, rng: np.random.Generator) -> tuple[np.ndarray, tuple]:
    """Return which of `count` samples are kept (bool), and the gaps: (kept row after it, samples missing)."""
    keep = np.ones(count, bool)
    for _ in range(rng.poisson(params.drops_per_min * count / rate_hz / 60)):
        first = int(rng.integers(1, max(2, count - 1)))
        keep[first : min(count - 1, first + int(rng.integers(1, params.drop_max_samples + 1)))] = False
    edges = np.diff(keep.astype(int))
    starts, ends = np.flatnonzero(edges == -1) + 1, np.flatnonzero(edges == 1) + 1
    kept_before = np.cumsum(keep)
    return keep, tuple((int(kept_before[a - 1]), int(b - a)) for a, b in zip(starts, ends, strict=True))
