"""What every detector is to those around it: the contract, written down once."""


def _nothing(*asked):
    """Answer what is asked of one that has none of it."""


def _steady(detector):
    return True


class Detector:
    """Feed it samples, read `fields` whenever it returns an event code.

    Each one has these, for which nothing can stand in:
    feed(ax, ay, az, gx, gy, gz): takes one sample [mg, 0.1 deg/s]; returns an event code, 0 for nothing.
    gap(missing): takes note that so many samples were lost, and begins anew.
    fields: FIELD_COUNT integers of the event that `feed` has just returned.  n: samples so far, lost ones too.

    All else is of some only; what stands here serves the others.
    spans: a gap of so many samples at most is bridged: who feeds draws straight lines (core/rows.py) over it, and
    tells by bridged(), just after it; else by gap().
    heading: a shoe's Heading, else None.  lean: a belt's Lean, else None.
    heed(hit): has hit() called within the feed of each impact that may turn out a fall.
    steady(): returns whether no warning is near.
    snooze(seconds): warns of nothing for so long [s], 0 ends it; returns whether there is anything to warn of.
    ranged(accel_mg, gyro_ddps): takes note of where the sensor's readings end; untold, +-16 g and +-2000 deg/s.
    true_rate(permille): takes note of the sensor's true sample rate over the nominal one [0.1 %]; untold, 1000.
    gait(): takes note that the wearer steps, as another pod senses.
    cancel_fall(): ends the countdown after a fall; returns whether one ran.
    """

    spans = 0
    heading = lean = _nothing()
    steady = bridged = _steady  # takes no tuple: it is called between samples
    heed = snooze = cancel_fall = ranged = true_rate = gait = _nothing
