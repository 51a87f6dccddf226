"""The console for a person: a line for what happens, one a second for where we are, and the sum at the end."""

from ...core import events
from ..clock import shown
from ..faults import counted
from ..passing import once


class Lines:
    """Tells in words."""

    def __init__(self, running):
        """running: Running, of a pod that senses."""
        self._writer = running.writer
        self._running = running

    def event(self, code: int, sample: int, fields) -> None:
        """Tell an event of the detector."""
        if code in (events.SWAY, events.CAUTION):
            name = "SWAY" if code == events.SWAY else "CAUTION"
            self._writer.say("%s: %s" % (name, sway_words(fields[0], fields[1])))
        elif code == events.GAP:
            self._writer.say("gap: %d samples missing" % fields[0])
        elif events.STEP < code < events.HEART or code == events.LINK:
            # seldom, and nothing a warning could come after: from flash
            from .console_words import words

            self._writer.say(once(words, code, fields))

    def buzz(self, pattern: str, length_ms: int, level: int) -> None:
        """Tell that a pattern has started.  length_ms: [ms].  level: its strongest, 0..127."""
        if pattern != "tick":
            self._writer.say("buzz: %s" % pattern)

    def error(self, why: str) -> None:
        """Tell what was wrong with a line that came in."""
        self._writer.say("error: " + why)

    def second(self) -> None:
        """Tell where we are; called once a second."""
        self.status()

    def status(self) -> None:
        """Tell where we are."""
        running = self._running
        keeper, health = running.sensing.keeper, running.health
        counts = keeper.counts
        self._writer.put(
            "%7s  back %4d  fwd %4d  other %3d  %s  %3d KB free  %s"
            % (
                shown(keeper.seconds) if keeper.running else "stopped",
                counts.backward,
                counts.forward,
                counts.other,
                _pace(counts, running.sensing.wearer.is_level),
                health.heap_free // 1024,
                _condition(health, running.faults, running.sensing.sampling.well, keeper.snoozed_s),
            )
        )

    def summary(self) -> None:
        """Tell what the session came to."""
        from .report import summary_lines

        for line in once(summary_lines, shown(self._running.sensing.keeper.seconds), self._running):
            self._writer.say(line)


def sway_words(lean_ddeg: int, rate_ddps: int) -> str:
    """Return what a trunk did that was warned of; both backward, and what does not lean back was dropping."""
    if lean_ddeg > 0:
        return "leaning back %.1f deg at %.0f deg/s" % (lean_ddeg / 10, rate_ddps / 10)
    return "trunk dropping, bent forward %.1f deg" % (-lean_ddeg / 10)


def _pace(counts, is_level):
    if not counts.cadence_spm:
        return "%-32s" % "standing"
    name = events.DIRECTIONS[counts.direction]
    grade = "grade %+.1f %%" % (counts.grade_permille / 10) if counts.strides and is_level else ""
    return "%3d/min  %-8s  %-13s" % (counts.cadence_spm, name, grade)


def _condition(health, faults, well, snoozed_s):
    words = ["%s DOWN" % name for name in health.lost]
    if snoozed_s:
        words.append("SNOOZED " + shown(snoozed_s))
    if not well:
        words.append("IMU DOWN")
    words.extend(["%s %d" % (name, count) for name, count in counted(faults).items()])
    return ", ".join(words) or "ok"
