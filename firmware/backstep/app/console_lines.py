"""The console for a person: a line for what happens, one a second for where we are, and the sum at the end."""

from ..core import events
from .faults import counted
from .passing import once

_FOOT = ("slides at %d mm/s", "caught after %d mm", "toes up by %d tenths of a degree", "hurried strides of %d mm")


class Lines:
    """Tells in words."""

    def __init__(self, writer, detecting, keeper, health, faults, sampling):
        """Take the Writer and the tasks it tells of."""
        self._writer = writer
        self._state = (detecting, keeper, health, faults, sampling)

    def event(self, code: int, sample: int, fields) -> None:
        """Tell an event of the detector."""
        if code == events.SWAY:
            self._writer.say("SWAY: leaning back %.1f deg, %.0f deg/s" % (fields[0] / 10, fields[1] / 10))
        elif code == events.FALL:
            impact_g, turned_deg = fields[0] / 1000, fields[1] / 10
            self._writer.say("FALL: impact of %.1f g, turned by %.0f deg, lying still" % (impact_g, turned_deg))
        elif code == events.FALL_OVER:
            self._writer.say("fall over: moved, or a press")
        elif code == events.FALL_ALARM:
            self._writer.say("FALL ALARM")
        elif events.SLIDE <= code <= events.RECOVERY:
            self._writer.say("FOOT: " + _FOOT[code - events.SLIDE] % fields[0])
        elif code == events.GAP:
            self._writer.say("gap: %d samples missing" % fields[0])

    def buzz(self, pattern: str, length_ms: int, level: int) -> None:
        """Tell that a pattern has started.  length_ms: [ms].  level: its strongest, 0..127."""
        self._writer.say("buzz: %s" % pattern)

    def error(self, why: str) -> None:
        """Tell what was wrong with a line that came in."""
        self._writer.say("error: " + why)

    def second(self) -> None:
        """Tell where we are; called once a second."""
        self.status()

    def status(self) -> None:
        """Tell where we are."""
        _, keeper, health, faults, sampling = self._state
        counts = keeper.counts
        self._writer.put(
            "%7s  back %4d  fwd %4d  other %3d  %s  %3d KB free  %s"
            % (
                clock(keeper.seconds) if keeper.running else "stopped",
                counts.backward,
                counts.forward,
                counts.other,
                _pace(counts),
                health.heap_free // 1024,
                _condition(health, faults, sampling.well),
            )
        )

    def summary(self) -> None:
        """Tell what the session came to."""
        for line in once(self._summed):
            self._writer.say(line)

    def _summed(self):
        from .report import figures, summary_lines

        return summary_lines(figures("summary", *self._state), clock(self._state[1].seconds))


def clock(seconds: int) -> str:
    """Return a time as m:ss, or h:mm:ss from an hour on."""
    if seconds < 3600:
        return "%d:%02d" % (seconds // 60, seconds % 60)
    return "%d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


def _pace(counts):
    if not counts.cadence_spm:
        return "%-32s" % "standing"
    name = events.DIRECTIONS[counts.direction]
    grade = "grade %+.1f %%" % (counts.grade_permille / 10) if counts.strides else ""
    return "%3d/min  %-8s  %-13s" % (counts.cadence_spm, name, grade)


def _condition(health, faults, well):
    words = ["%s DOWN" % name for name in health.lost]
    if not well:
        words.append("IMU DOWN")
    words.extend(["%s %d" % (name, count) for name, count in counted(faults).items()])
    return ", ".join(words) or "ok"
