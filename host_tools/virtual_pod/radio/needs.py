"""Whether bumble is here, the stack at the other end of a virtual pod's radio; an extra, as few need it."""

import importlib.util

from host_tools.errors import UserError


def check(who: str) -> None:
    """UserError where it is missing.  who: what wants it, as its sentence begins."""
    if importlib.util.find_spec("bumble") is None:
        raise UserError(
            f"{who}: pods speak to each other through bumble, which is not here: pip install 'backstep-pod[radio]'"
        )
