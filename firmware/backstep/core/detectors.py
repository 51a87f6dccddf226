"""Which detector serves which placement, and at what sample rate."""

PASSING = True  # see app/passing.py

RATES_HZ = (("shoe", 208), ("belt", 104), ("wrist", 52))


def rate_hz(placement: str) -> int:
    """Return the IMU's sample rate [Hz] for a placement; ValueError when there is no such placement."""
    for name, rate in RATES_HZ:
        if name == placement:
            return rate
    raise ValueError("placement: %r is none of shoe, belt, wrist" % (placement,))


def make(placement: str, settings: dict, frame: str):
    """Return a new detector, with the fall alarm where the settings want one; only what it needs is loaded.

    placement: "shoe", "belt" or "wrist".  settings: a full dict from settings.check.
    frame: "body" (x forward, y left, z up) or "sensor" (axes as the sensor lay).
    ValueError for another placement or frame.
    """
    rate = rate_hz(placement)
    if frame not in ("body", "sensor"):
        raise ValueError("frame: %r is none of body, sensor" % (frame,))
    detector = _placed(placement, rate, settings, frame)
    if settings["fall_alarm"]:
        from .wearing.fall import Fall
        from .wearing.worn import Worn

        detector = Worn(detector, Fall(rate, placement, frame, settings["fall_countdown_s"]))
    upright = [settings["upright_" + axis] for axis in "xyz"]
    if placement == "belt" and frame == "body" and upright[2] > 0:
        from .wearing.upright import Upright

        return Upright(detector, *upright)
    return detector


def _placed(placement, rate, settings, frame):
    if placement == "shoe":
        from .shoe.shoe import Shoe

        return Shoe(rate, settings, frame)
    if placement == "belt":
        from .belt.belt import Belt

        return Belt(rate, settings, frame)
    from .wrist.wrist import Wrist

    return Wrist(rate, settings, frame)
