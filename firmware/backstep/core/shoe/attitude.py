"""Integer attitude: where world-up and the reference heading point, seen from the sensor.

strapdown_kernel.py turns both, sample by sample; what happens once a stride or in rest is here.
"""

from array import array

from ..compat import const
from ..fixed import ONE_Q14, isqrt
from .strapdown_kernel import HX, HY, HZ, MHX, MUX, PULL, SIZE, TURN, UX, UY, UZ, square_up

_ONE_Q28 = const(1 << 28)
_TURN_Q26 = const(117128)  # pi / 1800 * 2^26: 0.1 deg/s to rad/s
_LEVEL_MS = const(400)  # in stance the level follows gravity this fast


class Attitude:
    """World-up and heading in `state`, a mark of both; the forward axis against them."""

    def __init__(self, rate_hz: int):
        self.state = array("i", bytearray(4 * SIZE))
        self.state[PULL] = (1000 << 14) // (_LEVEL_MS * rate_hz)
        self.pace(1000 * rate_hz)
        self.state[UZ] = self.state[HX] = _ONE_Q28
        self.turn_cos = ONE_Q14
        self.turn_sin = 0

    def pace(self, rate_mhz: int) -> None:
        """Take samples for that far apart: their true rate [mHz]."""
        self.state[TURN] = (_TURN_Q26 * 1000 + rate_mhz // 2) // rate_mhz

    def marked_up_into(self, out) -> None:
        """Put world-up at the mark into out, a Q14 unit vector."""
        for i in range(3):
            out[i] = self.state[MUX + i]

    def point(self, axis) -> bool:
        """Set turn_cos, turn_sin [Q14]: how the forward axis pointed at the mark, against the reference heading.

        axis: the forward axis seen from the sensor, a Q14 unit vector.
        False (and no turn) when it stood too steep to have a heading.
        """
        fx = axis[0]
        fy = axis[1]
        fz = axis[2]
        p = self.state
        x = p[MHX]
        y = p[MHX + 1]
        z = p[MHX + 2]
        along = (fx * x + fy * y + fz * z) >> 14
        lx = (p[MUX + 1] * z - p[MUX + 2] * y) >> 14
        ly = (p[MUX + 2] * x - p[MUX] * z) >> 14
        lz = (p[MUX] * y - p[MUX + 1] * x) >> 14
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
        p = self.state
        x = p[MHX]
        y = p[MHX + 1]
        z = p[MHX + 2]
        out[0] = (x * along + ((p[MUX + 1] * z - p[MUX + 2] * y) >> 14) * across) >> 14
        out[1] = (y * along + ((p[MUX + 2] * x - p[MUX] * z) >> 14) * across) >> 14
        out[2] = (z * along + ((p[MUX] * y - p[MUX + 1] * x) >> 14) * across) >> 14

    def turn_heading(self, cos: int, sin: int) -> None:
        """Turn the reference heading to the left by an angle, given as Q14."""
        p = self.state
        x = p[HX] >> 14
        y = p[HY] >> 14
        z = p[HZ] >> 14
        ux = p[UX] >> 14
        uy = p[UY] >> 14
        uz = p[UZ] >> 14
        p[HX] = x * cos + ((uy * z - uz * y) >> 14) * sin
        p[HY] = y * cos + ((uz * x - ux * z) >> 14) * sin
        p[HZ] = z * cos + ((ux * y - uy * x) >> 14) * sin

    def tilt(self, forward_q14: int, left_q14: int) -> None:
        """Lean world-up by small angles [rad Q14] towards the heading and left of it."""
        p = self.state
        x = p[HX] >> 14
        y = p[HY] >> 14
        z = p[HZ] >> 14
        ux = p[UX] >> 14
        uy = p[UY] >> 14
        uz = p[UZ] >> 14
        p[UX] += forward_q14 * x + left_q14 * ((uy * z - uz * y) >> 14)
        p[UY] += forward_q14 * y + left_q14 * ((uz * x - ux * z) >> 14)
        p[UZ] += forward_q14 * z + left_q14 * ((ux * y - uy * x) >> 14)
        square_up(p)

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
        p = self.state
        p[UX] = x << 14
        p[UY] = y << 14
        p[UZ] = z << 14
        self._set_heading(x, y, z, axis[0], axis[1], axis[2])

    def level_again(self, x: int, y: int, z: int, axis) -> None:
        """Level anew and keep the heading, as far as it is level then; else point it along the forward axis.

        Arguments: of set_level.
        """
        p = self.state
        hx = p[HX] >> 14
        hy = p[HY] >> 14
        hz = p[HZ] >> 14
        self.set_level(x, y, z, axis)
        self._set_heading(p[UX] >> 14, p[UY] >> 14, p[UZ] >> 14, hx, hy, hz)

    def _set_heading(self, x, y, z, fx, fy, fz) -> None:
        steep = (x * fx + y * fy + z * fz) >> 14
        fx -= (x * steep) >> 14
        fy -= (y * steep) >> 14
        fz -= (z * steep) >> 14
        length = isqrt(fx * fx + fy * fy + fz * fz)
        if length < 1 << 10:
            return
        p = self.state
        p[HX] = ((fx << 14) // length) << 14
        p[HY] = ((fy << 14) // length) << 14
        p[HZ] = ((fz << 14) // length) << 14
