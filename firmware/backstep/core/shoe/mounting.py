"""How a pod on a shoe is mounted, as the settings know it."""

from .stride_heading import Heading

PASSING = True  # see app/passing.py


def heading(settings: dict, frame: str) -> Heading:
    """Return what is forward: as a calibration kept it, else by the frame.  settings: full.  frame: of samples."""
    mount = settings["mount_x"], settings["mount_y"], settings["mount_z"]
    known = frame == "sensor" and any(mount)
    found = Heading(True, *mount) if known else Heading(frame == "body")
    found.grade_zero_permille = settings["grade_zero"]
    return found


def put_bias(strapdown, settings: dict) -> None:
    """Begin with the gyro's bias as a calibration kept it.  strapdown: takes it.  settings: full."""
    strapdown.set_bias(settings["bias_x"], settings["bias_y"], settings["bias_z"])
