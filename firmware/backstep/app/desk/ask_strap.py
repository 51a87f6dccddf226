"""The request that looks for heart straps nearby; loaded for that alone."""

import asyncio

from ...core.compat import const
from ..radio.survey import Survey, shown

PASSING = True  # see passing.py

_SECONDS_MAX = const(10)


async def straps(running, asked):
    """Listen to what advertises a heart rate, for so long; seconds: 1..10.

    Returns `straps`: of each of the eight nearest [address, kind of address: 0 public, 1 random, its strongest
    signal [dBm], name].  One that is connected, to this pod or a phone, advertises nothing.  Meanwhile the pod
    looks for nobody else.  Refused where the radio is off.
    """
    seconds = asked["seconds"]
    if not 1 <= seconds <= _SECONDS_MAX:
        raise ValueError("straps: seconds: %d is outside 1..%d" % (seconds, _SECONDS_MAX))
    radio = running.pod.parts.radio
    if not radio:
        why = running.pod.parts.radio_why
        raise ValueError(why or "straps: the radio is off: backstep config set radio=phone, then backstep reboot")
    survey = Survey()
    radio.air.survey(survey)
    try:
        await asyncio.sleep_ms(1000 * seconds)
    finally:
        radio.air.survey(None)
    return {"straps": [[shown(address), kind, dbm, name] for address, kind, dbm, name in survey.found]}


HANDLERS = {"straps": straps}
