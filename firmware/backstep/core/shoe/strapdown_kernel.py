"""Kernels of attitude and strapdown, over one array("i") of the state that the indices below name.

Two unit vectors are turned against each sample's rotation to second order, held as Q28 with their upper Q14
part multiplied: no product leaves +-2^30, and rounding does not add up.
(Savage, Strapdown inertial navigation integration algorithm design, J. Guid. Control Dyn. 21(1), 1998.)
"""

from ..compat import const, ptr32, viper
from ..fixed import saturate

UX = const(0)  # world-up seen from the sensor [Q28]
UY = const(1)
UZ = const(2)
HX = const(3)  # the reference heading, level [Q28]
HY = const(4)
HZ = const(5)
GX = const(6)  # the last rate [0.1 deg/s]
GY = const(7)
GZ = const(8)
BX = const(9)  # gyro bias [0.1 deg/s / 16]
BY = const(10)
BZ = const(11)
_TURNS = const(12)
TURN = const(13)  # 0.1 deg/s / 16 to the angle of one sample [rad Q16], as Q14
PULL = const(14)  # of a sample at rest on world-up [Q28 per Q14]
GRAVITY = const(15)  # [mg]
GRAVITY2 = const(16)  # its square [(4 mg)^2]
LEVEL = const(17)  # 1: which way is up is known
COUNT = const(18)  # samples since rest
LONGEST = const(19)
VF = const(20)  # velocity [mg sample]: ahead, left, up
VL = const(21)
VU = const(22)
PF = const(23)  # displacement [mg sample^2]
PL = const(24)
PU = const(25)
SPEED2 = const(26)  # level speed squared [(mg sample / 128)^2], 0 while nobody knows what is level
CALM2 = const(27)  # motion energy by the acceleration's size alone
MUX = const(28)  # at the mark: up, heading [Q14], velocity, displacement, count
MHX = const(31)
MVF = const(34)
MVL = const(35)
MVU = const(36)
MPF = const(37)
MPL = const(38)
MPU = const(39)
MCOUNT = const(40)
MRF = const(41)  # how the foot rolls: rates [0.1 deg/s], + moves its upper side ahead, left
MRL = const(42)
SIZE = const(43)

_HALF_Q14 = const(1 << 13)
_ONE_Q28 = const(1 << 28)
_SPIN_LIMIT = const(23000 * 16)  # past the full scale of any +-2000 deg/s gyro
_SPIN2_LIMIT = const(100000000)
_SPEED_LIMIT = const(1 << 19)
_SPEED2_LIMIT = const(1 << 26)
_MOTION2_LIMIT = const(1 << 24)


@viper
def turn(state, gx: int, gy: int, gz: int) -> int:
    """Turn by the mean of this rate and the last one [0.1 deg/s]; return it squared [(0.4 deg/s)^2]."""
    p = ptr32(state)
    tx = ((gx + p[GX]) << 3) - p[BX]
    ty = ((gy + p[GY]) << 3) - p[BY]
    tz = ((gz + p[GZ]) << 3) - p[BZ]
    p[GX] = gx
    p[GY] = gy
    p[GZ] = gz
    spin2 = (tx >> 6) * (tx >> 6) + (ty >> 6) * (ty >> 6) + (tz >> 6) * (tz >> 6)
    p[_TURNS] += 1
    if spin2 > _SPIN2_LIMIT:
        tx = _SPIN_LIMIT if tx > _SPIN_LIMIT else -_SPIN_LIMIT if tx < -_SPIN_LIMIT else tx
        ty = _SPIN_LIMIT if ty > _SPIN_LIMIT else -_SPIN_LIMIT if ty < -_SPIN_LIMIT else ty
        tz = _SPIN_LIMIT if tz > _SPIN_LIMIT else -_SPIN_LIMIT if tz < -_SPIN_LIMIT else tz
        p[_TURNS] = 16
    tx = (tx * p[TURN] + _HALF_Q14) >> 14
    ty = (ty * p[TURN] + _HALF_Q14) >> 14
    tz = (tz * p[TURN] + _HALF_Q14) >> 14
    i = 0
    while i < 6:  # up, then heading
        x = p[i] >> 14
        y = p[i + 1] >> 14
        z = p[i + 2] >> 14
        cx = y * tz - z * ty
        cy = z * tx - x * tz
        cz = x * ty - y * tx
        p[i] += (cx >> 2) + (((cy >> 16) * tz - (cz >> 16) * ty) >> 3)
        p[i + 1] += (cy >> 2) + (((cz >> 16) * tx - (cx >> 16) * tz) >> 3)
        p[i + 2] += (cz >> 2) + (((cx >> 16) * ty - (cy >> 16) * tx) >> 3)
        i += 3
    if p[_TURNS] >= 16:
        p[_TURNS] = 0
        square_up(state)
    return spin2


def square_up(p):
    """Bring both vectors in a state back to unit length, the heading back to level, the speed into bounds.

    Bytecode: once in 16 samples it costs little, and machine code would take 1.1 KB.
    """
    x = p[UX] >> 14
    y = p[UY] >> 14
    z = p[UZ] >> 14
    error = (_ONE_Q28 - (x * x + y * y + z * z)) >> 15
    p[UX] += x * error
    p[UY] += y * error
    p[UZ] += z * error
    hx = p[HX] >> 14
    hy = p[HY] >> 14
    hz = p[HZ] >> 14
    error = (_ONE_Q28 - (hx * hx + hy * hy + hz * hz)) >> 15
    tilt = (x * hx + y * hy + z * hz) >> 14
    p[HX] += hx * error - x * tilt
    p[HY] += hy * error - y * tilt
    p[HZ] += hz * error - z * tilt
    for i in range(VF, VU + 1):
        p[i] = saturate(p[i], _SPEED_LIMIT)


@viper
def move(state, ax: int, ay: int, az: int, spin2: int) -> int:
    """Move by an acceleration [mg]; return the motion energy [(0.4 deg/s)^2, (4 mg)^2], spin2 being turn()'s.

    CALM2 is the same by the acceleration's size alone, which a wrong level cannot spoil.
    """
    p = ptr32(state)
    hx = p[HX] >> 14
    hy = p[HY] >> 14
    hz = p[HZ] >> 14
    ux = p[UX] >> 14
    uy = p[UY] >> 14
    uz = p[UZ] >> 14
    lx = (uy * hz - uz * hy) >> 14
    ly = (uz * hx - ux * hz) >> 14
    lz = (ux * hy - uy * hx) >> 14
    af = (ax * hx + ay * hy + az * hz + _HALF_Q14) >> 14
    al = (ax * lx + ay * ly + az * lz + _HALF_Q14) >> 14
    au = ((ax * ux + ay * uy + az * uz + _HALF_Q14) >> 14) - p[GRAVITY]
    if p[COUNT] < p[LONGEST]:
        p[COUNT] += 1
        p[VF] += af
        p[VL] += al
        p[VU] += au
        p[PF] += p[VF]
        p[PL] += p[VL]
        p[PU] += p[VU]
        if p[LEVEL]:
            hx = p[VF] >> 7
            hy = p[VL] >> 7
            hz = hx * hx + hy * hy
            p[SPEED2] = hz if hz < _SPEED2_LIMIT else _SPEED2_LIMIT
    motion2 = spin2 + (af >> 2) * (af >> 2) + (al >> 2) * (al >> 2) + (au >> 2) * (au >> 2)
    off = ((ax >> 2) * (ax >> 2) + (ay >> 2) * (ay >> 2) + (az >> 2) * (az >> 2) - p[GRAVITY2]) >> 9
    calm2 = spin2 + (off * off if -4096 < off < 4096 else _MOTION2_LIMIT)
    p[CALM2] = calm2 if calm2 < _MOTION2_LIMIT else _MOTION2_LIMIT
    return motion2 if motion2 < _MOTION2_LIMIT else _MOTION2_LIMIT


@viper
def follow(state, ax: int, ay: int, az: int):
    """Draw world-up towards the acceleration [mg] of a sample at rest."""
    p = ptr32(state)
    pull = p[PULL]
    p[UX] += ((ax << 4) - (p[UX] >> 14)) * pull
    p[UY] += ((ay << 4) - (p[UY] >> 14)) * pull
    p[UZ] += ((az << 4) - (p[UZ] >> 14)) * pull


@viper
def zero(state):
    """Start at rest, here and now."""
    p = ptr32(state)
    p[COUNT] = 0
    p[SPEED2] = 0
    i = VF
    while i <= PU:
        p[i] = 0
        i += 1


@viper
def mark(state):
    """Remember this sample as the moment at rest, should no quieter one follow, and how the foot rolls in it."""
    p = ptr32(state)
    i = 0
    while i < 6:
        p[MUX + i] = p[i] >> 14
        p[MVF + i] = p[VF + i]
        i += 1
    p[MCOUNT] = p[COUNT]
    gx = p[GX] - (p[BX] >> 4)
    gy = p[GY] - (p[BY] >> 4)
    gz = p[GZ] - (p[BZ] >> 4)
    lx = (p[MUX + 1] * p[MHX + 2] - p[MUX + 2] * p[MHX + 1]) >> 16
    ly = (p[MUX + 2] * p[MHX] - p[MUX] * p[MHX + 2]) >> 16
    lz = (p[MUX] * p[MHX + 1] - p[MUX + 1] * p[MHX]) >> 16
    p[MRF] = (gx * lx + gy * ly + gz * lz) >> 12
    p[MRL] = -(gx * (p[MHX] >> 2) + gy * (p[MHX + 1] >> 2) + gz * (p[MHX + 2] >> 2)) >> 12
