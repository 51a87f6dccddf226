"""How the pod is worn, in words and by cue; and what is hung on Detecting for a time, and taken off again."""

from array import array

PASSING = True  # see passing.py


def watch(wearer, settings: dict) -> None:
    """Have a pod watch how it is worn.  wearer: Wearer.  settings: full."""
    wearer.detecting.rested += (wearer.rest,)
    upright = [settings["upright_" + axis] for axis in "xyz"]
    if any(upright) and (wearer.heading or wearer.lean):
        follow(wearer, upright)


def follow(wearer, upright) -> None:
    """Go by a calibration from now on.  upright: world-up as the sensor saw it [Q14]."""
    from ...core.wearing.wearing import Wearing  # stays, where there is a calibration to go by

    known = wearer.wearing
    if known:
        drop(wearer.detecting, hear=known.hear)
    known = wearer.wearing = Wearing(array("i", upright), wearer.heading, wearer.lean)
    wearer.detecting.hears += (known.hear,)
    if wearer.worn == "turned":
        wearer.worn = "unknown"


def tell_worn(wearer) -> None:
    """Tell what is new; begin the check of the placement once the pod has moved, end it when that is over."""
    worn, check = wearer.wearing, wearer.check
    if worn and worn.is_new:
        worn.is_new = False
        _tell_turned(wearer, worn.found)
    if check is None:
        _begin_check(wearer)
    elif check and check.seen:
        wearer.check = False
        drop(wearer.detecting, tap=check)
        _tell_placement(wearer, wearer.pod.placement, check.seen)


def _begin_check(wearer):
    from ...core.wearing.placement_check import PlacementCheck

    wearer.check = PlacementCheck(wearer.pod.rate_hz)
    wearer.detecting.taps += (wearer.check,)


def _tell_turned(wearer, found):
    from ...core.wearing import wearing

    wearer.worn = "turned" if found == wearing.TURNED else "well"
    if wearer.worn == "turned":
        off_deg = wearing.SHOE_DEG if wearer.heading else wearing.BELT_DEG
        _warn(wearer, "more than %d deg off how it was calibrated; put it back, or calibrate" % off_deg)


def _tell_placement(wearer, placement, code):
    from ...core.wearing.placement_check import NAMES

    seen = NAMES[code]
    still_arm = placement == "wrist" and seen == "belt"
    if seen != placement and not still_arm:
        wearer.worn = seen
        _warn(wearer, "it moves like a pod at the %s, and is set to %s" % (seen, placement))


def drop(detecting, tap=None, hear=None, rested=None) -> None:
    """Take one each off what is hung on Detecting, those that are given."""
    detecting.taps = tuple([other for other in detecting.taps if other != tap])
    detecting.hears = tuple([other for other in detecting.hears if other != hear])
    detecting.rested = tuple([other for other in detecting.rested if other != rested])


def _warn(wearer, why):
    wearer.say("WORN WRONG: " + why)
    wearer.cue("worn")
