"""From a path to what an ideal inertial sensor on it measures, and back."""

import numpy as np

from .track import Path

GRAVITY_MPS2 = 9.80665


def rotation(euler_rad: np.ndarray) -> np.ndarray:
    """Return body-to-world matrices (n, 3, 3) of roll, pitch, yaw (n, 3) [rad]: Rz(yaw) Ry(pitch) Rx(roll)."""
    (cr, cp, cy), (sr, sp, sy) = np.cos(euler_rad.T), np.sin(euler_rad.T)
    rows = [
        [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
        [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
        [-sp, cp * sr, cp * cr],
    ]
    return np.moveaxis(np.array(rows), 2, 0)


def ideal_imu(path: Path) -> np.ndarray:
    """Return specific force [mg] and body rates [0.1 deg/s] as floats (n, 6) along a path.

    Specific force is acceleration minus gravity, seen from the body (Titterton & Weston 2004, chapter 3).
    Both come from the same path by central differences on its fine grid.
    """
    dt = 1 / path.rate_hz
    acceleration = np.zeros_like(path.position_m)
    acceleration[1:-1] = np.diff(path.position_m, 2, axis=0) / dt**2
    acceleration[:, 2] += GRAVITY_MPS2
    force = np.einsum("nij,ni->nj", rotation(path.euler_rad), acceleration)
    roll_rate, pitch_rate, yaw_rate = np.gradient(path.euler_rad, dt, axis=0).T
    roll, pitch = path.euler_rad[:, 0], path.euler_rad[:, 1]
    (cr, cp), (sr, sp) = (np.cos(roll), np.cos(pitch)), (np.sin(roll), np.sin(pitch))
    rates = np.stack(
        [
            roll_rate - yaw_rate * sp,
            pitch_rate * cr + yaw_rate * sr * cp,
            -pitch_rate * sr + yaw_rate * cr * cp,
        ],
        axis=1,
    )
    return np.hstack([force * (1000 / GRAVITY_MPS2), np.degrees(rates) * 10])


def rotation_vector_matrix(angle_rad: np.ndarray) -> np.ndarray:
    """Return the rotation matrix (3, 3) of a rotation vector (3,) [rad] (Rodrigues)."""
    size = float(np.linalg.norm(angle_rad))
    x, y, z = angle_rad / size if size else angle_rad
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(size) * cross + (1 - np.cos(size)) * cross @ cross


def strapdown(
    samples: np.ndarray, rate_hz: float, start: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return positions (n, 3) [m] and body-to-world matrices (n, 3, 3) by integrating samples in float.

    samples: (n, 6), [mg], [0.1 deg/s].  rate_hz: [Hz].  start: attitude (3, 3) of sample 0, level if None.
    Starts from rest; rates and forces are taken as trapezoids; nothing is corrected on the way.
    """
    dt = 1 / rate_hz
    rates = np.radians(samples[:, 3:] / 10)
    attitude = np.eye(3) if start is None else np.asarray(start, float)
    attitudes = np.empty((len(samples), 3, 3))
    attitudes[0] = attitude
    for k, step in enumerate((rates[1:] + rates[:-1]) * (dt / 2), 1):
        attitude = attitude @ rotation_vector_matrix(step)
        attitudes[k] = attitude
    force = samples[:, :3] * (GRAVITY_MPS2 / 1000)
    acceleration = np.einsum("nij,nj->ni", attitudes, force) - np.array([0, 0, GRAVITY_MPS2])
    velocity = np.cumsum((acceleration + np.vstack([acceleration[:1] * 0, acceleration[:-1]])) * (dt / 2), axis=0)
    position = np.cumsum((velocity + np.vstack([velocity[:1] * 0, velocity[:-1]])) * (dt / 2), axis=0)
    return position, attitudes
