"""Requests about the settings."""

from ..core import settings as rules
from . import settings_store
from .desk import calm

PASSING = True  # see passing.py

# What holds at once; all others from the next start on.
_AT_ONCE = ("pod_name", "haptic_strength_pct", "cue_every_steps", "snooze_min")
_MOUNT = ("mount_x", "mount_y", "mount_z")


async def get(running, asked):
    """Return every setting as it is stored, and in `waits` the names of those that hold from the next start on."""
    return {"settings": settings_store.stored(running.path, running.writer.say), "waits": running.waits}


async def put(running, asked):
    """Change some settings, all of them or none.

    values: by name.  Returns `changed`, their names, and `waits`: names of those that hold from the next start on.
    Refused with every fault there is.
    """
    return await _change(running, asked["values"])


async def reset(running, asked):
    """Set settings to their defaults; names: which, by default all.  Returns what set returns."""
    defaults = rules.defaults()
    names = asked.get("names", list(defaults))
    unknown = ["reset: %s: no such setting" % name for name in names if name not in defaults]
    if unknown:
        raise ValueError("\n".join(unknown))
    return await _change(running, {name: defaults[name] for name in names})


async def calibrate(running, asked):
    """Keep how the pod is mounted on a shoe, as the forward strides since the start have shown; then none are
    needed at the next start.

    forget: true = learn it anew.  Refused unless frame is sensor and a forward stride was judged.
    """
    axis = (0, 0, 0)
    if not asked.get("forget"):
        heading = running.heading
        if not heading:
            raise ValueError("calibrate: only a shoe pod with frame = sensor learns its mounting")
        if not heading.known:
            raise ValueError("calibrate: the mounting is not known yet: walk forward first")
        axis = tuple(heading.axis)
    return await _change(running, {_MOUNT[i]: axis[i] for i in range(len(_MOUNT))})


async def _change(running, values):
    before = settings_store.stored(running.path, running.writer.say)
    wanted = dict(before)
    wanted.update(values)
    wanted = rules.check(wanted)
    changed = sorted([name for name in wanted if wanted[name] != before[name]])
    if changed:
        await calm(running)
        settings_store.save(running.path, wanted)
        _apply(running, wanted)
    waits = [name for name in changed if name not in _AT_ONCE]
    running.waits += [name for name in waits if name not in running.waits]
    return {"changed": changed, "waits": running.waits}


def _apply(running, settings):
    running.name = settings["pod_name"]
    if not running.safe:
        running.keeper.adopt(settings)
        running.notifying.set_strength(settings["haptic_strength_pct"])


HANDLERS = {"get": get, "set": put, "reset": reset, "calibrate": calibrate}
