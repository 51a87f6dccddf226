"""Starting the radio, before the heap is cut up; forgotten once that is done."""

import gc
from binascii import unhexlify

from ..passing import once

PASSING = True  # see app/passing.py


def begin(parts, settings: dict, kept, faults, say):
    """Return Radio as the settings want it, on; None where it cannot be: said, and left in parts.radio_why.

    parts: from board.load.  settings: from settings.check, `radio` not off.  kept: Kept.  faults: counters.
    say: takes a line for the console.
    """
    parts.radio_why = once(_lack, parts, settings)
    if parts.radio_why:
        say(parts.radio_why)
        return None
    from .air import Air
    from .radio import Radio

    gc.collect()
    radio = Radio(Air(parts.bluetooth, settings["pod_name"], faults, say))
    if not radio.air.power():  # before all else is loaded: a heap that has grown for that leaves it no room
        parts.radio_why = radio.air.why
        return None
    if settings["radio"] in ("phone", "both"):
        _phone(radio, parts, settings, say)
    if settings["radio"] in ("pods", "both"):
        radio.band = _band(radio.air, parts, settings, kept, say)
        if radio.band:
            radio.others.append(radio.band)
    _strap(radio, kept, say)
    gc.collect()
    if radio.others and radio.air.start():
        return radio
    radio.air.stop()
    parts.radio_why = parts.radio_why or radio.air.why
    return None


def _lack(parts, settings):
    if not parts.bluetooth:
        return "radio: this MicroPython has no Bluetooth; it stays off"
    from .radio_room import lack

    return lack(parts, settings["placement"], settings["radio"])


def _phone(radio, parts, settings, say):
    from ...core.radio.adverts import BASE
    from .phone import Phone
    from .phone_clock import PhoneClock

    gc.collect()
    radio.phone = Phone(radio.air, parts, settings, BASE, PhoneClock(radio.air, say))
    radio.others.append(radio.phone)
    gc.collect()


def _strap(radio, kept, say):
    """Have the heart strap looked for that was chosen, if one was."""
    address = once(_strap_address, kept, say)
    if not address:
        return
    from .strap import Strap

    radio.strap = Strap(radio.air, unhexlify(address.replace(":", "")), say)
    radio.air.clients.append(radio.strap)
    radio.others.append(radio.strap)
    gc.collect()


def _strap_address(kept, say):
    from .band_kept import load

    return load(kept, say)["strap"]


def _band(*made_of):
    from .band_start import begin as begin_band

    return begin_band(*made_of)
