"""A float filter of the usual kind, to compare the pod's integers with; the pod has none of it.

Madgwick's filter for a 6-axis IMU: the gyro's quaternion derivative, less a step down the gradient of how far
measured gravity is from where the quaternion has it.
Madgwick 2010: An efficient orientation filter for inertial and inertial/magnetic sensor arrays, report, Bristol.
Madgwick, Harrison & Vaidyanathan 2011: Estimation of IMU and MARG orientation using a gradient descent algorithm,
IEEE ICORR. Written from its equations; plain Python that MicroPython runs too.
"""

from math import atan2, pi, sqrt

GYRO_ERROR_DPS = 5.0
_RAD_PER_DDEG = pi / 1800


class Madgwick:
    """Takes samples as core does; q0..q3 turns from the earth's frame to the sensor's."""

    def __init__(self, rate_hz: int, gyro_error_dps: float = GYRO_ERROR_DPS):
        self._dt_s = 1 / rate_hz
        self._beta = sqrt(3 / 4) * gyro_error_dps * pi / 180  # [2011] eq. 34
        self.q0, self.q1, self.q2, self.q3 = 1.0, 0.0, 0.0, 0.0

    def feed(self, ax, ay, az, gx, gy, gz):
        """Take a sample: acceleration [mg], angular rate [0.1 deg/s]."""
        q0, q1, q2, q3 = self.q0, self.q1, self.q2, self.q3
        wx, wy, wz = gx * _RAD_PER_DDEG, gy * _RAD_PER_DDEG, gz * _RAD_PER_DDEG
        d0 = 0.5 * (-q1 * wx - q2 * wy - q3 * wz)  # [2011] eq. 11
        d1 = 0.5 * (q0 * wx + q2 * wz - q3 * wy)
        d2 = 0.5 * (q0 * wy - q1 * wz + q3 * wx)
        d3 = 0.5 * (q0 * wz + q1 * wy - q2 * wx)
        force = sqrt(ax * ax + ay * ay + az * az)
        if force > 0:
            fx = 2 * (q1 * q3 - q0 * q2) - ax / force  # [2011] eq. 25
            fy = 2 * (q0 * q1 + q2 * q3) - ay / force
            fz = 1 - 2 * (q1 * q1 + q2 * q2) - az / force
            s0 = 2 * (q1 * fy - q2 * fx)  # its Jacobian, eq. 26, transposed, times it
            s1 = 2 * (q3 * fx + q0 * fy) - 4 * q1 * fz
            s2 = 2 * (q3 * fy - q0 * fx) - 4 * q2 * fz
            s3 = 2 * (q1 * fx + q2 * fy)
            size = sqrt(s0 * s0 + s1 * s1 + s2 * s2 + s3 * s3)
            if size > 0:
                step = self._beta / size
                d0 -= step * s0
                d1 -= step * s1
                d2 -= step * s2
                d3 -= step * s3
        dt_s = self._dt_s
        q0 += d0 * dt_s
        q1 += d1 * dt_s
        q2 += d2 * dt_s
        q3 += d3 * dt_s
        size = sqrt(q0 * q0 + q1 * q1 + q2 * q2 + q3 * q3)
        self.q0, self.q1, self.q2, self.q3 = q0 / size, q1 / size, q2 / size, q3 / size
        return 0

    def roll_pitch_yaw_deg(self) -> tuple[float, float, float]:
        """Return the sensor's attitude: turned by yaw about z, then pitch about y, then roll about x."""
        q0, q1, q2, q3 = self.q0, self.q1, self.q2, self.q3
        up_x, up_y, up_z = 2 * (q1 * q3 - q0 * q2), 2 * (q0 * q1 + q2 * q3), 1 - 2 * (q1 * q1 + q2 * q2)
        roll = atan2(up_y, up_z)
        pitch = atan2(-up_x, sqrt(up_y * up_y + up_z * up_z))
        yaw = atan2(2 * (q1 * q2 + q0 * q3), 1 - 2 * (q2 * q2 + q3 * q3))
        return roll * 180 / pi, pitch * 180 / pi, yaw * 180 / pi


def make(rate_hz: int) -> Madgwick:
    """Return a filter for `backstep bench --beside`."""
    return Madgwick(rate_hz)
