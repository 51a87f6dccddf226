"""What a calibration leaves in the settings."""

from ...core import settings as rules
from ...core.compat import const
from ..kept import settings_store
from .wearing_words import follow

PASSING = True  # see passing.py

KEPT = (
    "upright_x",
    "upright_y",
    "upright_z",
    "bias_x",
    "bias_y",
    "bias_z",
    "calibrated_day",
    "grade_zero",
    "mount_x",
    "mount_y",
    "mount_z",
)
_DAY_MAX = const(65535)


def keeping(running, made):
    """Keep what a core Calibration has found and go by it, yielding where samples may be drained.

    running: Running.  OSError: the flash refuses, and nothing changed.
    """
    values = _values(made, running.clock.day)
    settings = settings_store.stored(running.kept.path, running.writer.say)
    settings.update(values)
    settings = rules.check(settings)
    yield
    yield from settings_store.saving(running.kept.path, settings)
    wearer = running.sensing.wearer
    wearer.calibrated_day = values["calibrated_day"]
    wearer.is_level = True
    if made.heading:  # a shoe's holds already
        follow(wearer, made.up)
    else:
        waits = running.kept.waits
        waits += [name for name in values if name not in waits]


def _values(made, day):
    values = {"calibrated_day": min(day, _DAY_MAX)}
    for i in range(3):
        axis = "xyz"[i]
        values["upright_" + axis] = made.up[i]
        values["bias_" + axis] = made.bias[i]
        if made.heading:
            values["mount_" + axis] = made.heading.axis[i]
    if made.heading:
        values["frame"] = "sensor"
        values["grade_zero"] = made.heading.grade_zero_permille
    return values
