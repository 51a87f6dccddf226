"""What went wrong since the start, counted in one place, in the words a person reads."""


def counted(faults: dict) -> dict:
    """Return those counters that are not zero."""
    return {name: count for name, count in faults.items() if count}


def reason(error) -> str:
    """Return what an exception says: a driver's own words as they are, anything else with its type."""
    if error.args and isinstance(error, OSError) and isinstance(error.args[-1], str):
        return error.args[-1]
    return ("%s: %s" % (type(error).__name__, error)).rstrip(": ")


def ignore(*args, **named) -> None:
    """Do nothing: who listens is wired later."""
