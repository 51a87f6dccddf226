"""Starting the radio, before the heap is cut up; forgotten once that is done."""

import gc

PASSING = True  # see app/passing.py


def begin(parts, settings: dict, kept, faults, say):
    """Return Radio as the settings want it, on; None where it cannot be, which is said.

    parts: from board.load.  settings: from settings.check, `radio` not off.  kept: Kept.  faults: counters.
    say: takes a line for the console.
    """
    if not parts.bluetooth:
        say("radio: this MicroPython has no Bluetooth; it stays off")
        return None
    from .air import Air
    from .radio import Radio

    gc.collect()
    radio = Radio(Air(parts.bluetooth, settings["pod_name"], faults, say))
    if settings["radio"] in ("pods", "both"):
        radio.band = _band(radio.air, parts, settings, kept, say)
        if radio.band:
            radio.others.append(radio.band)
        elif settings["radio"] == "pods":
            return None
    gc.collect()
    return radio if radio.air.start() else None


def _band(*made_of):
    from .band_start import begin as begin_band

    return begin_band(*made_of)
