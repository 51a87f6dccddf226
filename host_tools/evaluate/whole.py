"""Which labelled recordings lack samples without saying so; what a detector finds in them is not asked."""

from collections import defaultdict

SUFFIX = ", whole trials"
_APART = 5  # samples by which sensors of one trial may differ
_BEYOND_S = 0.01


def lacking(entries: list[dict]) -> set[str]:
    """Return the keys of all recordings of trials that lack samples, of a set's index.

    Sensors that recorded a trial together have as many samples each, and its labels lie within the trial and
    within every recording: where either fails, some or all sensors lack samples, and labels come too late.
    """
    trials = defaultdict(list)
    for entry in entries:
        if "trial" in entry and "n" in entry:
            trials[entry.get("subject"), entry["trial"]].append(entry)
    return {entry["key"] for trial in trials.values() if _lacks(trial) for entry in trial}


def _lacks(trial: list[dict]) -> bool:
    counts = [entry["n"] for entry in trial]
    return max(counts) - min(counts) > _APART or any(map(_labels_run_over, trial))


def _labels_run_over(entry: dict) -> bool:
    end_s = min(entry["n"] / entry["rate_hz"], entry.get("trial_bounds_s", (0, float("inf")))[1])
    return any(event.get("t_end", 0) > end_s + _BEYOND_S for event in entry.get("events") or ())
