"""Integer attitude: where world-up and the reference heading point, seen from the sensor.

Two unit vectors are turned against each sample's rotation to second order, held as Q28 with their upper Q14
part multiplied: no product leaves +-2^30, and rounding does not add up.
(Savage, Strapdown inertial navigation integration algorithm design, J. Guid. Control Dyn. 21(1), 1998.)
"""

from ..compat import const
from ..fixed import ONE_Q14, isqrt, saturate

_HALF_Q14 = const(1 << 13)
_ONE_Q28 = const(1 << 28)
_TURN_Q26 = const(117128)  # pi / 1800 * 2^26: 0.1 deg/s to rad/s
_SPIN_LIMIT = const(23000 * 16)  # past the full scale of any +-2000 deg/s gyro
_SPIN2_LIMIT = const(100000000)
_LEVEL_MS = const(400)  # in stance the level follows gravity this fast


class Attitude:
    """World-up (ux, uy, uz) and heading (hx, hy, hz), Q28; a mark of both; the forward axis against them."""

    def __init__(self, rate_hz: int):
        self._pull = (1000 << 14) // (_LEVEL_MS * rate_hz)
        self._turn = (_TURN_Q26 + rate_hz // 2) // rate_hz
        self.bias_x = self.bias_y = self.bias_z = 0  # gyro bias [0.1 deg/s / 16]
        self.ux = self.uy = 0
        self.uz = _ONE_Q28
        self.hx = _ONE_Q28
        self.hy = self.hz = 0
        self._gx = self._gy = self._gz = 0
        self._turns = 0
        self.turn_cos = ONE_Q14
        self.turn_sin = 0

    def turn(self, gx: int, gy: int, gz: int) -> int:
        """Turn by the mean of this rate and the last one [0.1 deg/s]; return it squared [(0.4 deg/s)^2]."""
        sx = ((gx + self._gx) << 3) - self.bias_x
        sy = ((gy + self._gy) << 3) - self.bias_y
        sz = ((gz + self._gz) << 3) - self.bias_z
        self._gx = gx
        self._gy = gy
        self._gz = gz
        spin2 = (sx >> 6) * (sx >> 6) + (sy >> 6) * (sy >> 6) + (sz >> 6) * (sz >> 6)
        if spin2 > _SPIN2_LIMIT:
            sx = saturate(sx, _SPIN_LIMIT)
            sy = saturate(sy, _SPIN_LIMIT)
            sz = saturate(sz, _SPIN_LIMIT)
            self._turns = 15
        turn = self._turn
        tx = (sx * turn + _HALF_Q14) >> 14
        ty = (sy * turn + _HALF_Q14) >> 14
        tz = (sz * turn + _HALF_Q14) >> 14
        x = self.ux >> 14
        y = self.uy >> 14
        z = self.uz >> 14
        cx, cy, cz = y * tz - z * ty, z * tx - x * tz, x * ty - y * tx
        self.ux += (cx >> 2) + (((cy >> 16) * tz - (cz >> 16) * ty) >> 3)
        self.uy += (cy >> 2) + (((cz >> 16) * tx - (cx >> 16) * tz) >> 3)
        self.uz += (cz >> 2) + (((cx >> 16) * ty - (cy >> 16) * tx) >> 3)
        x = self.hx >> 14
        y = self.hy >> 14
        z = self.hz >> 14
        cx, cy, cz = y * tz - z * ty, z * tx - x * tz, x * ty - y * tx
        self.hx += (cx >> 2) + (((cy >> 16) * tz - (cz >> 16) * ty) >> 3)
        self.hy += (cy >> 2) + (((cz >> 16) * tx - (cx >> 16) * tz) >> 3)
        self.hz += (cz >> 2) + (((cx >> 16) * ty - (cy >> 16) * tx) >> 3)
        self._turns += 1
        if self._turns & 15 == 0:
            self.square_up()
        return spin2

    def square_up(self) -> None:
        """Bring both vectors back to unit length and the heading back to level."""
        x = self.ux >> 14
        y = self.uy >> 14
        z = self.uz >> 14
        error = (_ONE_Q28 - (x * x + y * y + z * z)) >> 15
        self.ux += x * error
        self.uy += y * error
        self.uz += z * error
        hx = self.hx >> 14
        hy = self.hy >> 14
        hz = self.hz >> 14
        error = (_ONE_Q28 - (hx * hx + hy * hy + hz * hz)) >> 15
        tilt = (x * hx + y * hy + z * hz) >> 14
        self.hx += hx * error - x * tilt
        self.hy += hy * error - y * tilt
        self.hz += hz * error - z * tilt

    def mark_attitude(self) -> None:
        """Remember where both point now."""
        self._mux = self.ux >> 14
        self._muy = self.uy >> 14
        self._muz = self.uz >> 14
        self._mhx = self.hx >> 14
        self._mhy = self.hy >> 14
        self._mhz = self.hz >> 14

    def marked_up_into(self, out) -> None:
        """Put world-up at the mark into out, a Q14 unit vector."""
        out[0] = self._mux
        out[1] = self._muy
        out[2] = self._muz

    def point(self, axis) -> bool:
        """Set turn_cos, turn_sin [Q14]: how the forward axis pointed at the mark, against the reference heading.

        axis: the forward axis seen from the sensor, a Q14 unit vector.
        False (and no turn) when it stood too steep to have a heading.
        """
        fx = axis[0]
        fy = axis[1]
        fz = axis[2]
        x = self._mhx
        y = self._mhy
        z = self._mhz
        along = (fx * x + fy * y + fz * z) >> 14
        lx = (self._muy * z - self._muz * y) >> 14
        ly = (self._muz * x - self._mux * z) >> 14
        lz = (self._mux * y - self._muy * x) >> 14
        across = (fx * lx + fy * ly + fz * lz) >> 14
        length = isqrt(along * along + across * across)
        if length < 1 << 12:
            self.turn_cos = ONE_Q14
            self.turn_sin = 0
            return False
        self.turn_cos = (along << 14) // length
        self.turn_sin = (across << 14) // length
        return True

    def horizontal_into(self, out, forward: int, left: int, length: int) -> None:
        """Put the level direction (forward, left) of the pointed heading at the mark into out, a Q14 unit vector.

        forward, left: its parts, |each| <= length.  length: their hypotenuse, 1 .. 2^15.
        """
        cos = self.turn_cos
        sin = self.turn_sin
        along = (forward * cos - left * sin) // length
        across = (forward * sin + left * cos) // length
        x = self._mhx
        y = self._mhy
        z = self._mhz
        out[0] = (x * along + ((self._muy * z - self._muz * y) >> 14) * across) >> 14
        out[1] = (y * along + ((self._muz * x - self._mux * z) >> 14) * across) >> 14
        out[2] = (z * along + ((self._mux * y - self._muy * x) >> 14) * across) >> 14

    def turn_heading(self, cos: int, sin: int) -> None:
        """Turn the reference heading to the left by an angle, given as Q14."""
        x = self.hx >> 14
        y = self.hy >> 14
        z = self.hz >> 14
        ux = self.ux >> 14
        uy = self.uy >> 14
        uz = self.uz >> 14
        self.hx = x * cos + ((uy * z - uz * y) >> 14) * sin
        self.hy = y * cos + ((uz * x - ux * z) >> 14) * sin
        self.hz = z * cos + ((ux * y - uy * x) >> 14) * sin

    def tilt(self, forward_q14: int, left_q14: int) -> None:
        """Lean world-up by small angles [rad Q14] towards the heading and left of it."""
        x = self.hx >> 14
        y = self.hy >> 14
        z = self.hz >> 14
        ux = self.ux >> 14
        uy = self.uy >> 14
        uz = self.uz >> 14
        self.ux += forward_q14 * x + left_q14 * ((uy * z - uz * y) >> 14)
        self.uy += forward_q14 * y + left_q14 * ((uz * x - ux * z) >> 14)
        self.uz += forward_q14 * z + left_q14 * ((ux * y - uy * x) >> 14)
        self.square_up()

    def follow(self, ax: int, ay: int, az: int) -> None:
        """Draw world-up towards the acceleration [mg] of a sample at rest."""
        pull = self._pull
        self.ux += ((ax << 4) - (self.ux >> 14)) * pull
        self.uy += ((ay << 4) - (self.uy >> 14)) * pull
        self.uz += ((az << 4) - (self.uz >> 14)) * pull

    def set_level(self, x: int, y: int, z: int, axis) -> None:
        """Level to a mean acceleration at rest and point the reference heading along the forward axis.

        x, y, z: a sum of accelerations, of any length, |each| < 2^29.  axis: a Q14 unit vector.
        """
        while max(abs(x), abs(y), abs(z)) >= 1 << 14:
            x >>= 1
            y >>= 1
            z >>= 1
        length = max(1, isqrt(x * x + y * y + z * z))
        x = (x << 14) // length
        y = (y << 14) // length
        z = (z << 14) // length
        self.ux = x << 14
        self.uy = y << 14
        self.uz = z << 14
        self._set_heading(x, y, z, axis[0], axis[1], axis[2])

    def _set_heading(self, x, y, z, fx, fy, fz) -> None:
        steep = (x * fx + y * fy + z * fz) >> 14
        fx -= (x * steep) >> 14
        fy -= (y * steep) >> 14
        fz -= (z * steep) >> 14
        length = isqrt(fx * fx + fy * fy + fz * fz)
        if length < 1 << 10:
            return
        self.hx = ((fx << 14) // length) << 14
        self.hy = ((fy << 14) // length) << 14
        self.hz = ((fz << 14) // length) << 14
