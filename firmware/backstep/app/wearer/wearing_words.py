"""How the pod is worn, in words and by cue; and what is hung on Detecting for a time, and taken off again."""

from array import array

PASSING = True  # see passing.py


def watch(running, settings: dict, detector) -> None:
    """Have a pod watch how it is worn.

    running: Running, with its Detecting.  settings: full.  detector: of the placement.
    """
    running.calibrated_day = settings["calibrated_day"]
    running.detecting.rested += (running.look,)
    upright = [settings["upright_" + axis] for axis in "xyz"]
    lean = getattr(detector, "lean", None) if running.frame == "body" else None
    if any(upright) and (running.heading or lean):
        follow(running, upright, lean)


def follow(running, upright, lean=None) -> None:
    """Go by a calibration from now on.

    upright: world-up as the sensor saw it [Q14].  lean: a belt's.
    """
    from ...core.wearing.wearing import Wearing  # stays, where there is a calibration to go by

    known = running.wearing
    if known:
        drop(running.detecting, hear=known.hear)
    known = running.wearing = Wearing(array("i", upright), running.heading, lean)
    running.detecting.hears += (known.hear,)
    if running.worn == "turned":
        running.worn = "unknown"


def tell_worn(running) -> None:
    """Tell what is new; begin the check of the placement once the pod has moved, end it when that is over."""
    worn, check = running.wearing, running.check
    if worn and worn.is_new:
        worn.is_new = False
        _tell_turned(running, worn.found)
    if check is None:
        _begin_check(running)
    elif check and check.seen:
        running.check = False
        drop(running.detecting, tap=check)
        _tell_placement(running, running.kind[0], check.seen)


def _begin_check(running):
    from ...core.wearing.placement_check import PlacementCheck

    running.check = PlacementCheck(running.kind[1])
    running.detecting.taps += (running.check,)


def _tell_turned(running, found):
    from ...core.wearing import wearing

    running.worn = "turned" if found == wearing.TURNED else "well"
    if running.worn == "turned":
        off_deg = wearing.SHOE_DEG if running.heading else wearing.BELT_DEG
        _warn(running, "more than %d deg off how it was calibrated; put it back, or calibrate" % off_deg)


def _tell_placement(running, placement, code):
    from ...core.wearing.placement_check import NAMES

    seen = NAMES[code]
    still_arm = placement == "wrist" and seen == "belt"
    if seen != placement and not still_arm:
        running.worn = seen
        _warn(running, "it moves like a pod at the %s, and is set to %s" % (seen, placement))


def drop(detecting, tap=None, hear=None, rested=None) -> None:
    """Take one each off what is hung on Detecting, those that are given."""
    detecting.taps = tuple([other for other in detecting.taps if other != tap])
    detecting.hears = tuple([other for other in detecting.hears if other != hear])
    detecting.rested = tuple([other for other in detecting.rested if other != rested])


def _warn(running, why):
    running.writer.say("WORN WRONG: " + why)
    running.notifying.cue("worn")
