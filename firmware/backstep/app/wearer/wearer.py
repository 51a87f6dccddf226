"""The wearer: what the settings tell, and how the pod is worn; what looks into that is loaded when it can."""

from ..passing import once


class Wearer:
    """What is known of the wearer, of a pod that senses.

    kg, cm: 0 = not told.  level: of the training programme.  cap_pct: of a week over the one before [%].
    is_level: whether a calibration has told what is level.  calibrated_day: its day since 1970, 0 = not known.
    worn: "unknown", "well", "turned", or the placement that the pod moves like where another one is set.
    heading, lean: of the detector, None where the placement or the frame has none.
    wearing: core Wearing, None where there is no calibration to go by.
    check: PlacementCheck, None before the pod has moved, False when it has seen enough.
    calibrating: Calibrating while that goes on, else None.  calibration: how it goes or went, see calibrating.py.
    """

    def __init__(self, settings: dict, pod, detector, detecting, cue, say):
        """settings: full.  pod: Pod.  detector: fed by detecting.  cue: plays a pattern.  say: takes a line."""
        self.kg = settings["wearer_kg"]
        self.cm = settings["wearer_cm"]
        self.level = settings["programme_level"]
        self.cap_pct = settings["weekly_cap_pct"]
        self.is_level = any([settings["upright_" + axis] for axis in "xyz"])
        self.calibrated_day = settings["calibrated_day"]
        self.pod = pod
        self.heading = detector.heading
        self.lean = detector.lean if pod.frame == "body" else None
        self.detecting = detecting
        self.cue = cue
        self.say = say
        self.worn = "unknown"
        self.wearing = self.check = self.calibrating = None
        self.calibration: dict = {}
        self._moved = False

    def rest(self) -> None:
        """Tell what is new; called by detecting just after a drain."""
        check = self.check
        if check is None:  # it takes memory: not for a pod that lies on a table
            calm = self.detecting.calm()
            self._moved = self._moved or not calm
            new = self._moved and calm
        else:
            new = check and check.seen
        if new or self.wearing and self.wearing.is_new:
            from .wearing_words import tell_worn

            once(tell_worn, self)
