"""How often properties are tried whose every example costs a good part of a second."""

import os

from hypothesis import settings


def dear(examples: int) -> settings:
    """Return settings that try a third of so many examples, and thirty times as many in `make soak`."""
    soak = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
    return settings(max_examples=30 * examples if soak else -(-examples // 3))
