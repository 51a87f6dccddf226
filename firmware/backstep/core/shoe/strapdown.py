"""Integer strapdown: velocity and displacement of the sensor since its last moment at rest.

Velocity is [mg * sample], displacement [mg * sample^2], in the axes heading, left of it, up.
(Foxlin, Pedestrian tracking with shoe-mounted inertial sensors, IEEE Comput. Graph. Appl. 25(6), 2005.)
"""

from ..compat import const
from ..fixed import mul_q14, saturate
from .attitude import Attitude
from .strapdown_kernel import (
    BX,
    BY,
    BZ,
    COUNT,
    GRAVITY,
    GRAVITY2,
    LEVEL,
    LONGEST,
    MCOUNT,
    MPF,
    MPL,
    MPU,
    MRF,
    MRL,
    MVF,
    MVL,
    MVU,
    PF,
    PL,
    PU,
    UX,
    UY,
    UZ,
    VF,
    VL,
    VU,
    mark,
    zero,
)  # fmt: skip

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
        self.state[LONGEST] = _LONGEST_S2 * rate_hz // 2
        self.set_gravity(1000)
        mark(self.state)
        self.begun_rf = self.begun_rl = 0

    def set_gravity(self, gravity_mg: int) -> None:
        """Say what the accelerometer reads at rest [mg]."""
        self.state[GRAVITY] = gravity_mg
        self.state[GRAVITY2] = (gravity_mg >> 2) * (gravity_mg >> 2)

    def set_bias(self, x: int, y: int, z: int) -> None:
        """Say what the gyro reads at rest [0.1 deg/s / 16]."""
        p = self.state
        p[BX] = x
        p[BY] = y
        p[BZ] = z

    def restart(self) -> None:
        """Start at rest, and not know what is level."""
        self.state[LEVEL] = 0
        zero(self.state)

    def rise_q14(self, axis) -> int:
        """Return the sine of how far an axis of the sensor rises above the horizon now [Q14]."""
        p = self.state
        return ((p[UX] >> 14) * axis[0] + (p[UY] >> 14) * axis[1] + (p[UZ] >> 14) * axis[2]) >> 14

    def rebase(self) -> None:
        """Start the next stride at the mark, its heading where `point` found the forward axis."""
        p = self.state
        cos = self.turn_cos
        sin = self.turn_sin
        since = p[COUNT] - p[MCOUNT]
        vf = p[VF] - p[MVF]
        vl = p[VL] - p[MVL]
        pf = _way(p[PF] - p[MPF], p[MVF] * since)
        pl = _way(p[PL] - p[MPL], p[MVL] * since)
        p[PU] = _way(p[PU] - p[MPU], p[MVU] * since)
        p[VU] -= p[MVU]
        p[VF] = mul_q14(vf, cos) + mul_q14(vl, sin)
        p[VL] = mul_q14(vl, cos) - mul_q14(vf, sin)
        p[PF] = mul_q14(pf, cos) + mul_q14(pl, sin)
        p[PL] = mul_q14(pl, cos) - mul_q14(pf, sin)
        p[COUNT] = since
        self.begun_rf = mul_q14(p[MRF], cos) + mul_q14(p[MRL], sin)
        self.begun_rl = mul_q14(p[MRL], cos) - mul_q14(p[MRF], sin)
        self.turn_heading(cos, sin)

    def set_up(self, x: int, y: int, z: int, axis) -> None:
        """Level to a mean acceleration at rest, as Attitude.set_level does; displacements have a meaning now."""
        self.set_level(x, y, z, axis)
        self.state[LEVEL] = 1
