"""What keeps a belt from warning: it has to know its arrow."""


def is_mute(told: dict) -> bool:
    """Return whether a pod warns of no sway though it is a belt.  told: its placement, its frame where known."""
    return told["placement"] == "belt" and told.get("frame") == "sensor"


def unwarned(told: dict) -> list[str]:
    """Return why a belt warns of no sway, [] where it does; told: as of is_mute."""
    if not is_mute(told):
        return []
    return ["NO SWAY IS WARNED OF: with frame=sensor it does not know its arrow; backstep config reset frame"]
