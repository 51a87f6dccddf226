"""Starts the firmware in the slot that /slot.txt names, or in the other one when that is missing."""

import gc
import os
import sys

# Bytes between two collections while the pod starts: what a module leaves behind is gone before the next one is
# loaded, and the heap gets no holes that are too small to load requests into later on.
_STARTING = 1024


def _slot():
    # A slot's manifest is written last and removed first: with it the slot is whole.
    try:
        with open("/slot.txt") as file:
            slots = ("/fw_b", "/fw_a") if file.read().strip() == "fw_b" else ("/fw_a", "/fw_b")
    except OSError:
        slots = ("/fw_a", "/fw_b")
    for slot in slots:
        try:
            os.stat(slot + "/manifest.json")
            return slot
        except OSError:
            pass
    raise OSError("no firmware on this pod: run `backstep deploy`")


def _parts(slot):
    from backstep.board import load  # here, where it is forgotten afterwards

    return load(slot + "/board.json")


def start(slot):
    gc.threshold(_STARTING)
    sys.path.insert(0, slot)
    from backstep.app.pod import run

    run(_parts(slot), "/settings.json")


start(_slot())
