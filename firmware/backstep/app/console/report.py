"""What a session came to: the figures, and the words for a person."""

from ...core import events
from ..faults import counted

PASSING = True  # see passing.py


def figures(name: str, running) -> dict:
    """Return all there is to say of a session as a dict, the event `name`.  running: Running, not in safe mode."""
    found = _sensed(name, running)
    radio = running.pod.parts.radio
    if radio and radio.strap:
        found.update(radio.strap.figures())
    return found


def _sensed(name, running):
    sensing, health = running.sensing, running.health
    detecting, keeper = sensing.detecting, sensing.keeper
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
        "told_direction": events.DIRECTIONS[keeper.direction],
        "grade_permille": counts.grade_permille,
        "backward_mm": counts.backward_mm,
        "forward_mm": counts.forward_mm,
        "ascent_mm": counts.ascent_mm,
        "descent_mm": counts.descent_mm,
        "sways": counts.sways,
        "falls": counts.falls,
        "fall_alarms": counts.fall_alarms,
        "near_falls": counts.near_falls,
        "foot_cues": counts.foot_cues,
        "postures": counts.postures,
        "cautions": counts.cautions,
        "marks": counts.marks,
        "false_alarms": counts.false_alarms,
        "snoozed_s": keeper.snoozed_s,
        "missing": counts.missing,
        "cue_worst_ms": detecting.cue_worst_ms,
        "cues_by_5ms": list(detecting.cues_by_5ms),
        "imu": "running" if sensing.sampling.well else "down",
        "heap_free": health.heap_free,
        "tasks_lost": health.lost,
        "faults": counted(running.faults),
    }


def summary_lines(length: str, running):
    """Return a summary as lines for a person.

    length: of the session, as a clock shows it.  running: Running, of a pod that senses.
    """
    found = figures("summary", running)
    lines = [
        "session of %s: %d backward, %d forward, %d other steps"
        % (length, found["backward"], found["forward"], found["other"])
    ]
    if found["strides"]:
        lines.append(
            "walked %.1f m backward, %.1f m forward, climbed %.1f m, descended %.1f m"
            % tuple([found[name] / 1000 for name in ("backward_mm", "forward_mm", "ascent_mm", "descent_mm")])
        )
    if found["sways"]:
        sways = _count(found["sways"], "sway")
        lines.append("%s, slowest cue %d ms after its sample" % (sways, found["cue_worst_ms"]))
    if found["falls"]:
        lines.append("%s, %s" % (_count(found["falls"], "fall"), _count(found["fall_alarms"], "alarm")))
    if found["near_falls"]:
        lines.append("%s perhaps" % _count(found["near_falls"], "near fall"))
    if found["foot_cues"]:
        lines.append("%s of the foot" % _count(found["foot_cues"], "cue"))
    if found["postures"]:
        lines.append("%s of posture" % _count(found["postures"], "cue"))
    noted = [_count(found[name + "s"], name) for name in ("caution", "mark") if found[name + "s"]]
    if found["false_alarms"]:
        noted.append("%d of them a false alarm" % found["false_alarms"])
    if noted:
        lines.append(", ".join(noted))
    if "heart_bpm" in found:
        lines.append("heart %d/min in the mean, %d at most" % (found["heart_bpm"], found["heart_most_bpm"]))
    if found["missing"]:
        lines.append("%s missing, stated as gaps" % _count(found["missing"], "sample"))
    return lines


def _count(number, word):
    return "%d %s%s" % (number, word, "" if number == 1 else "s")
