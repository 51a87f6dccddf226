"""The slot whose firmware runs, as main.py reads it: a new firmware that has lasted counts its starts no more."""

PASSING = True  # see passing.py


def lasted(path: str) -> None:
    """Note that the firmware has come through a start; another slot's turn is put off until it fails again.

    path: of the settings; the slot's file is fw/slot, in the folder above theirs.
    """
    pointer = path[: path.rfind("/", 0, path.rfind("/")) + 1] + "fw/slot"
    try:
        with open(pointer) as file:
            words = file.read(8).split()
        if len(words) > 1:
            with open(pointer, "w") as file:
                file.write(words[0])
    except OSError:
        pass  # it was not deployed as a slot, or the flash refuses: it is tried again at the next start
