"""What a detector finds in samples, on CPython."""

import numpy as np
from backstep.core import event_names


def found_events(detector, samples, gaps=()):
    """Return the decoded events of a detector that is fed samples (n, 6); gaps: (before which sample, missing)."""
    gaps = dict(gaps)
    found = []
    for n, row in enumerate(np.asarray(samples).tolist()):
        if n in gaps:
            detector.gap(gaps[n])
        code = detector.feed(*row)
        if code:
            found.append(event_names.decode(code, detector.n - 1, detector.fields))
    return found
