"""Axis remap: from the axes a chip is mounted with to the pod's, proper rotations only."""

PASSING = True  # see app/passing.py


def parse_axes(names) -> tuple:
    """Return ((chip axis 0..2, sign), ...) for pod x, y, z.

    names: three of "+x" "-x" "+y" ... : which chip axis points along pod x, y, z.
    ValueError for anything that is no right-handed set of three different axes.
    """
    if isinstance(names, str) or len(names) != 3:
        raise ValueError("axes: %r, want three like +x -y +z" % (names,))
    axes = tuple(_parse_axis(name) for name in names)
    if len({axis for axis, _ in axes}) != 3:
        raise ValueError("axes: %s names an axis twice" % " ".join(names))
    if _handedness(axes) != 1:
        raise ValueError("axes: %s is a mirror image, want a rotation" % " ".join(names))
    return axes


def _parse_axis(name):
    known = isinstance(name, str) and len(name) == 2 and name[0] in "+-" and name[1] in "xyz"
    if not known:
        raise ValueError("axes: %r is none of +x -x +y -y +z -z" % (name,))
    return "xyz".index(name[1]), 1 if name[0] == "+" else -1


def _handedness(axes) -> int:
    (i, a), (j, b), (k, c) = axes
    cyclic = (j - i) % 3 == 1 and (k - j) % 3 == 1
    return a * b * c * (1 if cyclic else -1)
