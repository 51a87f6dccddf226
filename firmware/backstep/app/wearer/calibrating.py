"""Calibrating: leads the wearer through standing and walking by cue and console; loaded while that goes on."""

from ...core.wearing import calibration
from ...core.wearing.calibration import Calibration
from ..faults import reason
from ..passing import once
from .wearing_words import drop

PASSING = True  # see passing.py

_LINES = (
    "stand still on level ground for two seconds",
    "hold still",
    "now walk forward on level ground, eight steps, straight on",
    "done",
    "refused: ",
)
_CUES = ("stand", "", "walk", "done", "failed")


def begin(running) -> None:
    """Begin.  running: Running.  ValueError when it cannot be."""
    wearer, pod = running.sensing.wearer, running.pod
    if wearer.calibrating:
        raise ValueError("calibrate: it goes on already; cancel ends it")
    if pod.placement == "belt" and pod.frame != "body":
        raise ValueError("calibrate: a belt pod must be worn with its arrow forward and up: set frame=body")
    wearer.calibrating = Calibrating(running)
    wearer.calibrating.rest()


def begin_or_cancel(running) -> None:
    """Begin; where it goes on already, cancel it.  running: Running.  Refused, it is said and felt."""
    if running.sensing.wearer.calibrating:
        running.sensing.wearer.calibrating.cancel()
        return
    try:
        begin(running)
    except ValueError as error:
        running.writer.say(str(error))
        running.sensing.notifying.cue("failed")


class Calibrating:
    """Watches a core Calibration between the detector's batches, tells its steps and keeps what comes of it."""

    def __init__(self, running):
        """running: Running, of a pod that senses."""
        self._running = running
        self._sensing = sensing = running.sensing
        self._course = Calibration(running.pod.rate_hz, running.pod.placement, sensing.wearer.heading)
        self._seen = self._step = -1
        self._keeps = False  # what was found
        self._pieces = None  # of that
        sensing.detecting.taps += (self._course,)
        sensing.detecting.hears += (self._course.hear,)
        sensing.detecting.rested += (self.rest,)

    def cancel(self) -> None:
        """End it without a result."""
        self._course.cancel()
        self.rest()

    def rest(self) -> bool:
        """Tell what is new, True when that took long; called just after a drain.

        What is found is kept piece by piece, a turn for each: loading what does it, reading, writing.
        """
        made = self._course
        seen = made.moves * 100 + made.strides * 10 + made.step
        done = made.step == calibration.DONE
        if seen == self._seen or done and not self._may_keep():
            return False
        why = calibration.REASONS[made.why]
        try:
            if done and not self._is_kept():
                return True
        except OSError as error:
            why = "the flash did not take it (%s)" % reason(error)
        self._seen = seen
        if made.step >= calibration.DONE:
            self._leave()
        self._tell(calibration.FAILED if why else made.step, why)
        return done

    def _tell(self, step, why):
        wearer, made = self._sensing.wearer, self._course
        wearer.calibration = {
            "step": calibration.STEPS[step],
            "why": why,
            "moves": made.moves,
            "strides": made.strides,
            "of": calibration.STRIDES if wearer.heading else 0,
        }
        if step == self._step:
            line = "stride %d of %d" % (made.strides, calibration.STRIDES)
        elif step == calibration.WAIT and made.moves:
            line = "moved: " + _LINES[step]
        else:
            line = _LINES[step] + why
            if _CUES[step]:
                wearer.cue(_CUES[step])
        self._step = step
        wearer.say("calibration: " + line)

    def _leave(self):
        if self._keeps:
            self._running.kept.changing = False
        self._sensing.wearer.calibrating = None
        drop(self._sensing.detecting, self._course, self._course.hear, self.rest)

    def _may_keep(self):
        """Return whether the flash may be written, and nobody else changes the settings."""
        kept = self._running.kept
        if kept.changing and not self._keeps:
            return False
        self._keeps = kept.changing = True
        return self._sensing.quiet()

    def _is_kept(self):
        """Do the next piece of keeping the result; return whether it was the last.  OSError: the flash refuses."""
        pieces, self._pieces = self._pieces, None  # who breaks into it has it begun anew
        if pieces:
            for _ in pieces:
                break
            else:
                return True
        self._pieces = pieces or once(_keeping, self._running, self._course)
        return False


def _keeping(running, made):
    from .calibration_kept import keeping

    return keeping(running, made)
