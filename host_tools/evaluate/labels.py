"""True strides from the labels of a set's index; each kind of labels is told by the keys of its events."""

import math

from .scoring import LONGEST_STRIDE_S, MARGIN_S, Window

_NAMES = {"side_left": "left", "side_right": "right"}


def swing_windows(entry: dict) -> list[Window]:
    """Return the true strides of the foot a recording was taken at, from its index entry.

    Known labels: t_off, t_on, direction (every stride of that foot); t_start, t_end, foot (both feet);
    t_start, t_end, kind "stride_border" (whole strides of that foot), with kind "mocap_initial_contact".
    """
    events = entry.get("events") or ()
    contacts_s = sorted(e["t_start"] for e in events if e.get("kind") == "mocap_initial_contact")
    windows = _swings([event for event in events if "t_off" in event])
    for event in events:
        if event.get("kind") == "stride_border":
            start_s, end_s = event["t_start"], event["t_end"]
            contact_s = next((t for t in contacts_s if start_s <= t <= end_s), None)
            windows.append(Window(start_s, end_s, _label(entry), contact_s))
        elif "t_start" in event and "foot" in event and _same_foot(event["foot"], entry["position"]):
            end_s = event["t_end"]
            windows.append(Window(event["t_start"] - MARGIN_S, end_s + MARGIN_S, _label(entry), end_s))
    return sorted(windows, key=lambda window: window.start_s)


def _swings(events: list[dict]) -> list[Window]:
    windows = []
    for number, event in enumerate(events):
        direction = _NAMES.get(event["direction"], event["direction"])
        start_s, end_s = event["t_off"] - MARGIN_S, event["t_on"] + MARGIN_S
        windows.append(Window(start_s, end_s, direction, event["t_on"], _speed_mps(events, number)))
    return windows


def _speed_mps(events: list[dict], number: int) -> float | None:
    """Return the labelled displacement over the time from the contact before; of a first stride, to the next."""
    event = events[number]
    if "disp_fwd_m" not in event:
        return None
    times = [e["t_on"] for e in events[max(0, number - 1) : number + 2]]
    lasting = [b - a for a, b in zip(times, times[1:], strict=False) if 0 < b - a <= LONGEST_STRIDE_S]
    return math.hypot(event["disp_fwd_m"], event["disp_left_m"]) / lasting[0] if lasting else None


def _label(entry: dict) -> str:
    return entry.get("direction", "unknown").split()[0]


def _same_foot(foot: str, position: str) -> bool:
    return str(foot).lower() in position.lower().split()
