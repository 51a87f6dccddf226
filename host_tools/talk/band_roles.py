"""What each pod of a band does, by where it is worn: one rule for `pair` and for virtual pods."""

from collections.abc import Sequence
from typing import NamedTuple

SENSES = ("belt", "shoe")  # the first of these that is worn is the hub
_NOTICED_AT = ("wrist", "belt", "shoe")  # where a buzz is felt best first


class Place(NamedTuple):
    """A pod to be.  placement: shoe, belt or wrist.  spots: it is somebody else's."""

    name: str
    uid: str
    placement: str
    spots: bool = False


def rows(pods: Sequence[Place]) -> list[dict]:
    """Return what the pods keep of each other: name, uid, placement, senses, buzzes, spots."""
    best = noticed_at([pod.placement for pod in pods if not pod.spots])
    return [
        {
            "name": pod.name,
            "uid": pod.uid,
            "placement": pod.placement,
            "senses": pod.placement in SENSES and not pod.spots,
            "buzzes": pod.placement == best and not pod.spots,
            "spots": pod.spots,
        }
        for pod in pods
    ]


def noticed_at(placements: Sequence[str]) -> str:
    """Return where a buzz is felt best of these placements; all pods there buzz for all."""
    return min(placements, key=_NOTICED_AT.index)


def hub(pods: Sequence[Place]) -> int:
    """Return the index of the pod that speaks with all others; the first where nobody senses."""
    worn = ["" if pod.spots else pod.placement for pod in pods]
    return next((worn.index(where) for where in SENSES if where in worn), 0)
