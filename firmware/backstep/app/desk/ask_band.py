"""Requests about the pods worn together, and about the heart strap."""

import asyncio
from binascii import hexlify

from ...core.compat import const
from ..kept import twin
from ..radio import band_kept
from ..running import calm

PASSING = True  # see passing.py

_BETWEEN_MS = const(20)  # two steps of a write: samples are drained there
_RADIO = "pods", "both"


async def pair(running, asked):
    """Make this pod one of a band; it holds from the next start on, where the setting `radio` is pods or both.

    values: `band`, 8 hexadecimal digits; `key`, 32; `me` and `hub`, places in `pods`, 2..4 tables of `name`,
    `uid`, `placement`, `senses`, `buzzes`, `spots`; `strap`, "" or the address of a heart strap, by default the
    one there is.
    Refused with every fault there is, and where the uid at `me` is another pod's.
    """
    values = dict(asked["values"])
    before = band_kept.load(running.kept, running.writer.say)
    values["strap"] = values.get("strap", before["strap"])
    table = band_kept.check(values)
    if not table["pods"]:
        raise ValueError("pair: pods: missing; unpair takes a pod out of its band")
    me = table["pods"][table["me"]]
    if me["uid"] != running.pod.parts.uid:
        raise ValueError("pair: me: %d is %s, this pod is %s" % (table["me"], me["uid"], running.pod.parts.uid))
    if me["placement"] != running.pod.placement:
        told = table["me"], me["placement"], running.pod.placement
        raise ValueError("pair: me: %d is worn as %s, this pod as %s" % told)
    return await _keep(running, table)


async def unpair(running, asked):
    """Take this pod out of its band, from the next start on; its strap stays.  Refused where there is no band."""
    table = band_kept.load(running.kept, running.writer.say)
    if not table["pods"]:
        raise ValueError("unpair: this pod is in no band")
    strap = table["strap"]
    table = band_kept.empty()
    table["strap"] = strap
    return await _keep(running, table)


async def paired(running, asked):
    """Return the band as it is kept, all but its key, and how its links are.

    `links`: of every pod that this one is linked to [place in `pods`, up, ms since it was last heard, its battery
    in %, -1 = not known]; [] where the radio is off.  `hub_up`: whether the hub's clock is known;
    `clock_spread_ms`: how far what the tens of seconds of the last minute told of it are apart.
    `dropped`: frames that were not from this band, or came twice.  `waits`: it holds from the next start on.
    `phones`: how many have connected that are not of the band, -1 = the radio is off.  `bpm`: the strap's heart
    rate now, 0 = it tells none, -1 = it is not here.
    `why`: why the radio, or its part for a band, is off against the settings, "" where it is not.
    """
    found = band_kept.load(running.kept, running.writer.say)
    radio = running.pod.parts.radio
    band = radio.band if radio else None
    key = found.pop("key")
    found["why"] = running.pod.parts.radio_why
    found["links"], found["hub_up"], found["clock_spread_ms"], found["dropped"] = [], False, -1, 0
    if band:
        found["links"], found["dropped"] = band.links(), band.dropped
        found["hub_up"], found["clock_spread_ms"] = band.clock.known, band.clock.spread_ms
    found["waits"] = key != (hexlify(band.key).decode() if band else "")
    found["phones"] = _phones(radio, band) if radio else -1
    found["bpm"] = radio.strap.bpm if radio and radio.strap and radio.strap.is_here else -1
    return found


def _phones(radio, band):
    of_band = [link.conn for link in band.way_to.links()] if band else []
    return len([conn for conn in radio.air.centrals if conn not in of_band])


async def strap(running, asked):
    """Choose the heart strap, from the next start on; address: aa:bb:cc:dd:ee:ff, "" = none."""
    if asked["address"] and not band_kept.is_address(asked["address"]):
        raise ValueError("strap: address: %s is none such as aa:bb:cc:dd:ee:ff" % asked["address"][:40])
    table = band_kept.load(running.kept, running.writer.say)
    table["strap"] = asked["address"]
    return await _keep(running, table)


async def _keep(running, table):
    await calm(running)
    for _ in twin.pieces(band_kept.place(running.kept), table):
        await asyncio.sleep_ms(_BETWEEN_MS)
    running.pod.parts.radio_why = ""  # of what was kept at the start
    return {"waits": True}


HANDLERS = {"pair": pair, "unpair": unpair, "paired": paired, "strap": strap}
