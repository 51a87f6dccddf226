"""Integer strapdown: velocity and displacement of the sensor since its last moment at rest.

Velocity is [mg * sample], displacement [mg * sample^2], in the axes heading, left of it, up.
(Foxlin, Pedestrian tracking with shoe-mounted inertial sensors, IEEE Comput. Graph. Appl. 25(6), 2005.)
"""

from ..compat import const
from ..fixed import mul_q14, saturate
from .attitude import Attitude

_HALF_Q14 = const(1 << 13)
_MOTION2_LIMIT = const(1 << 24)
_SPEED_LIMIT = const(1 << 19)
_SPEED2_LIMIT = const(1 << 26)
_FAR = const((1 << 29) - 1)
_LONGEST_S2 = const(5)  # half seconds: a displacement integrated for longer says nothing


def _way(displacement, coasted) -> int:
    """Return a displacement less what the speed at its start alone would have made of it."""
    return saturate(saturate(displacement, _FAR) - saturate(coasted, _FAR), _FAR)


def speed2_of(mm_s: int, rate_hz: int) -> int:
    """Return a speed [mm/s, up to 8000] as Strapdown.speed2 counts it."""
    speed = mm_s * rate_hz // 1255  # 9.80665 * 128: [mg sample / 128]
    return speed * speed


class Strapdown(Attitude):
    """Turns samples into orientation, velocity and displacement; see the module for units."""

    def __init__(self, rate_hz: int):
        super().__init__(rate_hz)
        self._longest = _LONGEST_S2 * rate_hz // 2
        self.level = False
        self.calm2 = 0
        self.set_gravity(1000)
        self.zero()
        self.mark()
        self.begun_rf = self.begun_rl = 0

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
        spin2 = self.turn(gx, gy, gz)
        hx = self.hx >> 14
        hy = self.hy >> 14
        hz = self.hz >> 14
        ux = self.ux >> 14
        uy = self.uy >> 14
        uz = self.uz >> 14
        lx, ly, lz = (uy * hz - uz * hy) >> 14, (uz * hx - ux * hz) >> 14, (ux * hy - uy * hx) >> 14
        af = (ax * hx + ay * hy + az * hz + _HALF_Q14) >> 14
        al = (ax * lx + ay * ly + az * lz + _HALF_Q14) >> 14
        au = ((ax * ux + ay * uy + az * uz + _HALF_Q14) >> 14) - self.gravity_mg
        if self.count < self._longest:
            self._integrate(af, al, au)
        motion2 = spin2 + (af >> 2) * (af >> 2) + (al >> 2) * (al >> 2) + (au >> 2) * (au >> 2)
        x = ((ax >> 2) * (ax >> 2) + (ay >> 2) * (ay >> 2) + (az >> 2) * (az >> 2) - self._gravity2) >> 9
        calm2 = spin2 + (x * x if -4096 < x < 4096 else _MOTION2_LIMIT)
        self.calm2 = calm2 if calm2 < _MOTION2_LIMIT else _MOTION2_LIMIT
        return motion2 if motion2 < _MOTION2_LIMIT else _MOTION2_LIMIT

    def _integrate(self, af, al, au) -> None:
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

    def square_up(self) -> None:
        """Bring the attitude's vectors back to unit length, and the speed into bounds."""
        super().square_up()
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
        self.mark_attitude()
        self._mark_roll()

    def _mark_roll(self) -> None:
        """Remember how the foot rolls on the ground: rates [0.1 deg/s], + moves its upper side ahead, left."""
        gx = self._gx - (self.bias_x >> 4)
        gy = self._gy - (self.bias_y >> 4)
        gz = self._gz - (self.bias_z >> 4)
        hx = self._mhx
        hy = self._mhy
        hz = self._mhz
        lx = (self._muy * hz - self._muz * hy) >> 16
        ly = (self._muz * hx - self._mux * hz) >> 16
        lz = (self._mux * hy - self._muy * hx) >> 16
        self.marked_rf = (gx * lx + gy * ly + gz * lz) >> 12
        self.marked_rl = -(gx * (hx >> 2) + gy * (hy >> 2) + gz * (hz >> 2)) >> 12

    def rise_q14(self, axis) -> int:
        """Return the sine of how far an axis of the sensor rises above the horizon now [Q14]."""
        return ((self.ux >> 14) * axis[0] + (self.uy >> 14) * axis[1] + (self.uz >> 14) * axis[2]) >> 14

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
        self.begun_rf = mul_q14(self.marked_rf, cos) + mul_q14(self.marked_rl, sin)
        self.begun_rl = mul_q14(self.marked_rl, cos) - mul_q14(self.marked_rf, sin)
        self.turn_heading(cos, sin)

    def set_up(self, x: int, y: int, z: int, axis) -> None:
        """Level to a mean acceleration at rest, as Attitude.set_level does; displacements have a meaning now."""
        self.set_level(x, y, z, axis)
        self.level = True
