"""Making this pod one of its band, before the radio is on; forgotten once that is done."""

from binascii import unhexlify

from ...core.patterns import PATTERNS
from .band import Band
from .band_kept import load

PASSING = True  # see app/passing.py


def begin(air, parts, settings: dict, kept, say):
    """Return Band, None where this pod is in none, which is said and left in parts.radio_why.

    air: Air, not yet started.  parts: from board.load.  settings: from settings.check.  kept: Kept.
    say: takes a line for the console.
    """
    table = load(kept, say)
    if not table["pods"]:
        parts.radio_why = "radio: this pod is in no band; make one: backstep pair"
        say(parts.radio_why)
        return None
    me = table["pods"][table["me"]]
    if (me["uid"], me["placement"]) != (parts.uid, settings["placement"]):
        was, now = (me["placement"], me["uid"]), (settings["placement"], parts.uid)
        parts.radio_why = "radio: paired as %s %s, this is %s %s; it stays alone; pair it again: backstep pair" % (
            was + now
        )
        say(parts.radio_why)
        return None
    names = tuple([row[0] for row in PATTERNS])
    if table["me"] == table["hub"]:
        from .band_hub import Hub

        def carry(band):
            return Hub(band, air)
    else:
        from .band_member import Member

        def carry(band):
            return Member(band, air, settings["radio"] == "pods")

    return Band(table, unhexlify(table["key"]), unhexlify(table["band"]), names, carry)
