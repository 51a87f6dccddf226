"""What the console shows of a session: one line a second, and the sum at its end."""

from ..core import events
from .faults import counted


def clock(seconds: int) -> str:
    """Return a time as m:ss, or h:mm:ss from an hour on."""
    if seconds < 3600:
        return "%d:%02d" % (seconds // 60, seconds % 60)
    return "%d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


def status_line(keeper, health, faults, well: bool) -> str:
    """Return the line of the second.

    keeper: SessionKeeper.  health: Health.  faults: counters.  well: whether the IMU delivers.
    """
    counts = keeper.counts
    return "%7s  back %4d  fwd %4d  other %3d  %s  %3d KB free  %s" % (
        clock(keeper.seconds) if keeper.running else "stopped",
        counts.backward,
        counts.forward,
        counts.other,
        _pace(counts),
        health.heap_free // 1024,
        _state(health, faults, well),
    )


def figures(name: str, detecting, keeper, health, faults, well: bool) -> dict:
    """Return all there is to say of a session as a dict, the event `name`.

    detecting: knows how long sway cues took.  Others: see status_line.
    """
    counts = keeper.counts
    return {
        "event": name,
        "seconds": keeper.seconds,
        "backward": counts.backward,
        "forward": counts.forward,
        "other": counts.other,
        "strides": counts.strides,
        "cadence_spm": counts.cadence_spm,
        "direction": events.DIRECTIONS[counts.direction],
        "grade_permille": counts.grade_permille,
        "backward_mm": counts.backward_mm,
        "forward_mm": counts.forward_mm,
        "ascent_mm": counts.ascent_mm,
        "descent_mm": counts.descent_mm,
        "sways": counts.sways,
        "missing": counts.missing,
        "cue_worst_ms": detecting.cue_worst_ms,
        "cues_by_5ms": list(detecting.cues_by_5ms),
        "imu": "running" if well else "down",
        "heap_free": health.heap_free,
        "tasks_lost": health.lost,
        "faults": counted(faults),
    }


def summary_lines(found: dict):
    """Return a summary as lines for a person."""
    lines = [
        "session of %s: %d backward, %d forward, %d other steps"
        % (clock(found["seconds"]), found["backward"], found["forward"], found["other"])
    ]
    if found["strides"]:
        lines.append(
            "walked %.1f m backward, %.1f m forward, climbed %.1f m, descended %.1f m"
            % tuple([found[name] / 1000 for name in ("backward_mm", "forward_mm", "ascent_mm", "descent_mm")])
        )
    if found["sways"]:
        sways = _count(found["sways"], "sway")
        lines.append("%s, slowest cue %d ms after its sample" % (sways, found["cue_worst_ms"]))
    if found["missing"]:
        lines.append("%s missing, stated as gaps" % _count(found["missing"], "sample"))
    return lines


def _count(number, word):
    return "%d %s%s" % (number, word, "" if number == 1 else "s")


def _pace(counts):
    if not counts.cadence_spm:
        return "%-32s" % "standing"
    name = events.DIRECTIONS[counts.direction]
    grade = "grade %+.1f %%" % (counts.grade_permille / 10) if counts.strides else ""
    return "%3d/min  %-8s  %-13s" % (counts.cadence_spm, name, grade)


def _state(health, faults, well):
    words = ["%s DOWN" % name for name in health.lost]
    if not well:
        words.append("IMU DOWN")
    words.extend(["%s %d" % (name, count) for name, count in counted(faults).items()])
    return ", ".join(words) or "ok"
