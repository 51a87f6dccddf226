"""Heart rate of a session, as a strap told it: a value holds until the next one, and not for long."""

import numpy as np

from host_tools.sessions.session_log import SessionLog

HOLD_S = 7.0  # a pod logs what its strap tells every 5 s and at changes; after that it was out of reach


def spans(found: SessionLog) -> list[tuple[float, float, int]]:
    """Return (begin, end, beats a minute) of what was told [s since the first record], in its order."""
    if not found.records:
        return []
    first, last = found.records[0]["sample"], found.records[-1]["sample"]
    told = [record for record in found.records if record["event"] == "heart"]
    ends = [*(record["sample"] for record in told), last][1:]
    held = []
    for record, end in zip(told, ends, strict=False):
        begin_s = (record["sample"] - first) / found.true_rate_hz
        end_s = min((end - first) / found.true_rate_hz, begin_s + HOLD_S)
        if record["bpm"] > 0 and end_s > begin_s:
            held.append((begin_s, end_s, record["bpm"]))
    return held


def figures(held: list[tuple[float, float, int]], begin_s: float, end_s: float) -> dict | None:
    """Return mean, most and least of a stretch, and how long it was known; None where it was not.

    held: as of spans().  begin_s, end_s: of the stretch.
    """
    told = [(min(end, end_s) - max(begin, begin_s), bpm) for begin, end, bpm in held]
    inside = [one for one in told if one[0] > 0]
    if not inside:
        return None
    lengths, bpm = np.array(inside).T
    mean = float((lengths * bpm).sum() / lengths.sum())
    about = {"mean_bpm": round(mean), "max_bpm": int(bpm.max()), "min_bpm": int(bpm.min())}
    return about | {"known_s": round(float(lengths.sum()), 1)}
