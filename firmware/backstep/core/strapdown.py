"""Integer strapdown: orientation, velocity and displacement of the sensor since its last moment at rest.

Orientation is two unit vectors seen from the sensor, world-up and the reference heading, turned against each
sample's rotation to second order and held as Q28 with their upper Q14 part multiplied. Velocity is
[mg * sample], displacement [mg * sample^2], in the axes heading, left of it, up.
(Savage, Strapdown inertial navigation integration algorithm design, 1998; Foxlin, Pedestrian tracking with
shoe-mounted inertial sensors, 2005.)
"""

from .compat import const
from .fixed import ONE_Q14, isqrt, mul_q14, saturate

_HALF_Q14 = const(1 << 13)
_ONE_Q28 = const(1 << 28)
_TURN_Q26 = const(117128)  # pi / 1800 * 2^26: 0.1 deg/s to rad/s
_SPIN_LIMIT = const(23000 * 16)  # past the full scale of any +-2000 deg/s gyro
_SPIN2_LIMIT = const(100000000)
_MOTION2_LIMIT = const(1 << 24)
_SPEED_LIMIT = const(1 << 19)
_SPEED2_LIMIT = const(1 << 26)
_FAR = const((1 << 29) - 1)
_LEVEL_MS = const(400)  # in stance the level follows gravity this fast
_LONGEST_S2 = const(5)  # half seconds: a displacement integrated for longer says nothing


def _way(displacement, coasted) -> int:
    """Return a displacement less what the speed at its start alone would have made of it."""
    return saturate(saturate(displacement, _FAR) - saturate(coasted, _FAR), _FAR)


def speed2_of(mm_s: int, rate_hz: int) -> int:
    """Return a speed [mm/s, up to 8000] as Strapdown.speed2 counts it."""
    speed = mm_s * rate_hz // 1255  # 9.80665 * 128: [mg sample / 128]
    return speed * speed


class Strapdown:
    """Turns samples into orientation, velocity and displacement; see the module for units."""

    def __init__(self, rate_hz: int):
        self._pull = (1000 << 14) // (_LEVEL_MS * rate_hz)
        self._turn = (_TURN_Q26 + rate_hz // 2) // rate_hz
        self._longest = _LONGEST_S2 * rate_hz // 2
        self.bias_x = self.bias_y = self.bias_z = 0  # gyro bias [0.1 deg/s / 16]
        self.set_gravity(1000)
        self.ux = self.uy = 0
        self.uz = _ONE_Q28
        self.hx = _ONE_Q28
        self.hy = self.hz = 0
        self._gx = self._gy = self._gz = 0
        self.level = False
        self._turns = 0
        self.calm2 = 0
        self.zero()
        self.mark()

    def set_gravity(self, gravity_mg: int) -> None:
        """Say what the accelerometer reads at rest [mg]."""
        self.gravity_mg = gravity_mg
        self._gravity2 = (gravity_mg >> 2) * (gravity_mg >> 2)

    def zero(self) -> None:
        """Start at rest, here and now."""
        self.vf = self.vl = self.vu = 0
        self.pf = self.pl = self.pu = 0
        self.count = 0
        self.speed2 = 0

    def feed(self, ax, ay, az, gx, gy, gz) -> int:
        """Take one sample; return its motion energy in (0.4 deg/s)^2 or (4 mg)^2.

        That is angular rate squared and, by the level as known, acceleration without gravity squared; calm2 is
        the same by the acceleration's size alone, which a wrong level cannot spoil.
        """
        # One function, locals only: this is the cost of a sample on the pod.
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
        cx = y * tz - z * ty
        cy = z * tx - x * tz
        cz = x * ty - y * tx
        self.ux += (cx >> 2) + (((cy >> 16) * tz - (cz >> 16) * ty) >> 3)
        self.uy += (cy >> 2) + (((cz >> 16) * tx - (cx >> 16) * tz) >> 3)
        self.uz += (cz >> 2) + (((cx >> 16) * ty - (cy >> 16) * tx) >> 3)
        x = self.hx >> 14
        y = self.hy >> 14
        z = self.hz >> 14
        cx = y * tz - z * ty
        cy = z * tx - x * tz
        cz = x * ty - y * tx
        self.hx += (cx >> 2) + (((cy >> 16) * tz - (cz >> 16) * ty) >> 3)
        self.hy += (cy >> 2) + (((cz >> 16) * tx - (cx >> 16) * tz) >> 3)
        self.hz += (cz >> 2) + (((cx >> 16) * ty - (cy >> 16) * tx) >> 3)
        self._turns += 1
        if self._turns & 15 == 0:
            self._square_up()
        x = self.hx >> 14
        y = self.hy >> 14
        z = self.hz >> 14
        ux = self.ux >> 14
        uy = self.uy >> 14
        uz = self.uz >> 14
        af = (ax * x + ay * y + az * z + _HALF_Q14) >> 14
        au = ((ax * ux + ay * uy + az * uz + _HALF_Q14) >> 14) - self.gravity_mg
        # left = up x heading
        tx = (uy * z - uz * y) >> 14
        ty = (uz * x - ux * z) >> 14
        tz = (ux * y - uy * x) >> 14
        al = (ax * tx + ay * ty + az * tz + _HALF_Q14) >> 14
        if self.count < self._longest:
            self.count += 1
            self.vf += af
            self.vl += al
            self.vu += au
            self.pf += self.vf
            self.pl += self.vl
            self.pu += self.vu
            x = self.vf >> 7
            y = self.vl >> 7
            speed2 = x * x + y * y
            self.speed2 = speed2 if speed2 < _SPEED2_LIMIT else _SPEED2_LIMIT
        motion2 = spin2 + (af >> 2) * (af >> 2) + (al >> 2) * (al >> 2) + (au >> 2) * (au >> 2)
        x = ((ax >> 2) * (ax >> 2) + (ay >> 2) * (ay >> 2) + (az >> 2) * (az >> 2) - self._gravity2) >> 9
        calm2 = spin2 + (x * x if -4096 < x < 4096 else _MOTION2_LIMIT)
        self.calm2 = calm2 if calm2 < _MOTION2_LIMIT else _MOTION2_LIMIT
        return motion2 if motion2 < _MOTION2_LIMIT else _MOTION2_LIMIT

    def _square_up(self) -> None:
        """Bring both vectors back to unit length and the heading back to level; keep the speed in bounds."""
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
        self.vf = saturate(self.vf, _SPEED_LIMIT)
        self.vl = saturate(self.vl, _SPEED_LIMIT)
        self.vu = saturate(self.vu, _SPEED_LIMIT)

    def mark(self) -> None:
        """Remember this sample as the moment at rest, should no quieter one follow."""
        self.marked_vf = self.vf
        self.marked_vl = self.vl
        self.marked_vu = self.vu
        self.marked_pf = self.pf
        self.marked_pl = self.pl
        self.marked_pu = self.pu
        self.marked_count = self.count
        self._mux = self.ux >> 14
        self._muy = self.uy >> 14
        self._muz = self.uz >> 14
        self._mhx = self.hx >> 14
        self._mhy = self.hy >> 14
        self._mhz = self.hz >> 14

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

    def rebase(self) -> None:
        """Start the next stride at the mark, its heading where `point` found the forward axis."""
        cos = self.turn_cos
        sin = self.turn_sin
        since = self.count - self.marked_count
        vf = self.vf - self.marked_vf
        vl = self.vl - self.marked_vl
        pf = _way(self.pf - self.marked_pf, self.marked_vf * since)
        pl = _way(self.pl - self.marked_pl, self.marked_vl * since)
        self.pu = _way(self.pu - self.marked_pu, self.marked_vu * since)
        self.vu -= self.marked_vu
        self.vf = mul_q14(vf, cos) + mul_q14(vl, sin)
        self.vl = mul_q14(vl, cos) - mul_q14(vf, sin)
        self.pf = mul_q14(pf, cos) + mul_q14(pl, sin)
        self.pl = mul_q14(pl, cos) - mul_q14(pf, sin)
        self.count = since
        self._turn_heading(cos, sin)

    def _turn_heading(self, cos, sin) -> None:
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
        self._square_up()

    def follow(self, ax: int, ay: int, az: int) -> None:
        """Draw world-up towards the acceleration [mg] of a sample at rest."""
        pull = self._pull
        self.ux += ((ax << 4) - (self.ux >> 14)) * pull
        self.uy += ((ay << 4) - (self.uy >> 14)) * pull
        self.uz += ((az << 4) - (self.uz >> 14)) * pull

    def set_up(self, x: int, y: int, z: int, axis) -> None:
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
        self.level = True
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
