"""What happened in a session: warnings, falls, cues, words of the wearer, each with the buzz that answered it."""

from dataclasses import dataclass

from backstep.app.console.console_lines import sway_words

from host_tools.report import words
from host_tools.report.view import View

# Events that are told one by one: sign on the time line, name, the buzz that answers, what of its fields and how.
_DEG, _G, _M, _S = (10, "°"), (1000, "g"), (1000, "m"), (1, "s")
_KINDS: dict[str, tuple[str, str, str, tuple]] = {
    "sway": ("sway", "sway, warned of", "sway", ()),
    "caution": ("cue", "caution", "caution", ()),
    "fall": ("fall", "fall", "fall_countdown",
             (("impact_mg", "impact of", _G), ("turned_ddeg", "turned by", _DEG))),
    "fall_alarm": ("fall", "fall alarm", "fall_alarm", ()),
    "fall_over": ("mark", "fall over: moved, or a press", "", ()),
    "near_fall": ("fall", "perhaps a near fall", "", (("impact_mg", "impact of", _G),)),
    "slide": ("cue", "foot slid", "foot", (("speed_mm_s", "at", (1000, "m/s")),)),
    "catch": ("cue", "foot caught", "foot", (("way_mm", "after", _M), ("usual_mm", "usually", _M))),
    "toe_lift": ("cue", "toe lifted while standing", "foot", (("lift_ddeg", "by", _DEG),)),
    "recovery": ("cue", "hurried stride", "foot", (("stride_mm", "of", _M), ("usual_mm", "usually", _M))),
    "posture": ("cue", "posture", "posture",
                (("lean_ddeg", "trunk bent forward by", _DEG), ("seconds", "for", _S))),
    "mark": ("mark", "mark", "mark", ()),
    "snooze": ("mark", "warnings off", "snoozed", (("seconds", "for", _S),)),
    "awake": ("mark", "warnings on again", "awake", ()),
    "link": ("mark", "radio", "", ()),
    "goal": ("mark", "dose reached", "goal", ()),
    "dose_stop": ("mark", "past the dose: stop", "dose_stop", ()),
}  # fmt: skip
_ANSWER_S = 1.0
_LINKS = ("is out of reach", "is here", "goes off: it lies still")
_DOSES = {1: "backward steps", 2: "min of them", 3: "backward steps, with those of the week"}


@dataclass(frozen=True)
class Moment:
    """An event of a session.

    number: in it, from 1.  at_s: since its beginning.  sign: as of plots.Sheet.sign.  said: in words.
    buzz: the record of the buzz that answered it, and how long after it [s], None where none did.
    """

    number: int
    at_s: float
    record: dict
    sign: str
    said: str
    buzz: tuple[dict, float] | None


def moments(one: View) -> list[Moment]:
    """Return the moments of a session in their order."""
    buzzes = [(at_s, record) for at_s, record in one.series.events if record["event"] == "buzz"]
    told = [(at_s, record) for at_s, record in one.series.events if record["event"] in _KINDS]
    return [
        Moment(number, at_s, record, _KINDS[record["event"]][0], said(record), _answer(record, at_s, buzzes))
        for number, (at_s, record) in enumerate(told, 1)
    ]


def said(record: dict) -> str:
    """Return an event in words."""
    _, name, _, fields = _KINDS[record["event"]]
    if record["event"] in ("sway", "caution"):
        return f"{name}: {sway_words(record['lean_ddeg'], record['rate_ddps'])}".replace(" deg", "°")
    if record["event"] == "mark" and record["false_alarm"]:
        return f"mark: the warning {record['ago_ms'] / 1000:.1f} s before was a false alarm"
    if record["event"] == "link":
        whose = f" of the {record['told_by']}" if "told_by" in record else ""
        return f"radio{whose}: the {record['partner']} {_LINKS[min(record['up'], 2)]}"
    if record["event"] in ("goal", "dose_stop"):
        return f"{name}: {record['amount']} {_DOSES.get(record['kind'], '')}".rstrip()
    parts = [f"{word} {record[key] / per:.{0 if per == 1 else 1}f} {unit}" for key, word, (per, unit) in fields]
    return f"{name}: {', '.join(parts)}".replace(" °", "°") if parts else name


def buzz_words(moment: Moment) -> str:
    """Return what the motor did about a moment."""
    if not moment.buzz:
        return "none logged" if _KINDS[moment.record["event"]][2] else "–"
    record, late_s = moment.buzz
    return f"{record['pattern']}, {record['ms']} ms, told {1000 * late_s:.0f} ms later"


def counts(found: list[Moment]) -> str:
    """Return how many of which there were."""
    kinds = {"sway": "sway", "caution": "caution", "fall": "fall", "near_fall": "near fall", "posture": "posture"}
    several = {"sway": "sways", "caution": "cautions", "fall": "falls", "near_fall": "near falls"}
    told = []
    for kind, name in kinds.items():
        count = sum(1 for moment in found if moment.record["event"] == kind)
        if count:
            told.append(words.counted(count, name, several.get(kind, name)))
    cues = sum(1 for moment in found if moment.record["event"] in ("slide", "catch", "toe_lift", "recovery"))
    if cues:
        told.append(words.counted(cues, "cue of the foot", "cues of the foot"))
    return ", ".join(told)


def _answer(record: dict, at_s: float, buzzes: list[tuple[float, dict]]) -> tuple[dict, float] | None:
    """Return the buzz that an event called for: the first one of its pattern within a second."""
    pattern = _KINDS[record["event"]][2]
    for buzz_s, buzz in buzzes:
        if buzz["pattern"] == pattern and 0 <= buzz_s - at_s <= _ANSWER_S:
            return buzz, buzz_s - at_s
    return None
