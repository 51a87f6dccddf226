"""What firmware/PROTOCOL.md tells of phones and watches: the pod's services, byte by byte."""

from backstep.core import events
from backstep.core.radio import intervals, pod_words
from backstep.core.radio.adverts import BASE

# (name, number of its UUID, (bytes, what) of its fields)
_WORDS: tuple[tuple[str, int, int, tuple[tuple[str, str], ...]], ...] = (
    ("counts", 2, pod_words.COUNTS_BYTES, (
        ("u32", "steps backward in this session"),
        ("u32", "steps forward"),
        ("u32", "other steps"),
        ("u8", "direction of the last: {directions}"),
        ("u8", "cadence, steps of both feet a minute; 0: stands"),
        ("i16", "grade over up to 20 strides [0.1 %]"),
        ("u8", "bit {running}: a session runs; {level}: the pod knows what is level, and its grade counts; "
         "{snoozed}: sways are not warned of"),
    )),
    ("stride", 3, pod_words.STRIDE_BYTES, (
        ("u16", "number of strides since the start, its low 16 bits"),
        ("u8", "direction"),
        ("u16", "length [mm]"),
        ("i16", "height, + up [mm]"),
        ("i16", "to the side, + left [mm]"),
        ("u8", "how sure the direction is [%]"),
        ("u8", "how it landed: 0 unknown, 1 toe, 2 flat, 3 heel"),
        ("i16", "pitch of the foot as it landed, + toes up [0.1 deg]"),
        ("u16", "hardest impact [mg]"),
    )),
    ("alert", 4, pod_words.ALERT_BYTES, (
        ("u8", "number of warnings since the start, its low 8 bits; it stays while a countdown goes on"),
        ("u8", "{alerts}"),
        ("i16", "of sway and caution: lean back [0.1 deg]; of a fall: impact [mg]"),
        ("i16", "of sway and caution: rate [0.1 deg/s]; of a fall: turned by [0.1 deg]"),
        ("u16", "of a fall: seconds until its alarm"),
    )),
    ("dose", 5, pod_words.DOSE_BYTES, (
        ("u16", "steps backward that a session is to have, 0: none"),
        ("u16", "minutes that it is to have, 0: none"),
        ("u32", "steps backward so far"),
        ("u32", "seconds spent stepping backward so far"),
    )),
)  # fmt: skip
_SIZES = {"u8": 1, "u16": 2, "i16": 2, "u32": 4}
_TEXT = """## What phones and watches are told

With `radio` = `phone` or `both`. Everything can be read or is told to who subscribes, by anybody near, without
pairing; nothing of the pod's settings can be written by radio. What an app may write is its own view, and is
gone at the next start: the way so far, and at which place of a shoe the pod sits.

| service | what |
|---|---|
{rsc}
| Battery `180F` | level `2A19`, where it is measured; on USB it stays what it was |
| Device Information `180A` | maker `2A29`, board `2A24`, serial number `2A25`, firmware `2A26` |
| the pod's own `{service}` | below |

A belt and a wrist measure no stride: their speed is 0, and cadence is all they tell. Cadence counts steps of
both feet, as most apps show it, or with `rsc_cadence=strides` strides of one foot, as the specification's foot
pod does; who sees half or twice of what is true sets the other. A phone that offers Current Time `1805` with
Local Time Information `2A0F` is asked for the time once it connects, if nobody has told the pod since its
start; a clock that was told is let be.

The pod's own characteristics, little-endian, are read and notified:

"""
_RSC = (
    "| Running Speed and Cadence `1814` | measurement `2A53` each {measured_s} s while walking and each "
    "{resting_s} s else, with length of stride and the way on a shoe; features `2A54`; sensor location `2A5D`; "
    "on a shoe the control point `2A55`: 1 set the way, 3 update and 4 list the location |"
)


def section() -> str:
    """Return the section: services, then the pod's own, byte by byte."""
    rsc = _RSC.format(measured_s=intervals.MEASURED_MS // 1000, resting_s=intervals.RESTING_MS // 1000)
    text = _TEXT.format(service=BASE % 1, rsc=rsc)
    return text + "\n".join(_table(*word) for word in _WORDS)


def _table(name: str, number: int, size: int, fields: tuple[tuple[str, str], ...]) -> str:
    lines = [f"`{BASE % number}`, {name}, {size} bytes:\n", "| at | bytes | what |", "|---|---|---|"]
    at = 0
    for kind, what in fields:
        lines.append(f"| {at} | {kind} | {what.format(**_names())} |")
        at += _SIZES[kind]
    if at != size:
        raise AssertionError(f"{name}: {at} bytes are told of, it has {size}")
    return "\n".join(lines) + "\n"


def _names() -> dict[str, object]:
    warned = (("sway", events.SWAY), ("fall", events.FALL), ("caution", events.CAUTION),
              ("fall over", events.FALL_OVER), ("fall alarm", events.FALL_ALARM))  # fmt: skip
    return {
        "directions": ", ".join(f"{number} {name}" for number, name in enumerate(events.DIRECTIONS)),
        "alerts": "what: " + ", ".join(f"{code} {name}" for name, code in warned),
        "running": pod_words.RUNNING.bit_length() - 1,
        "level": pod_words.LEVEL.bit_length() - 1,
        "snoozed": pod_words.SNOOZED.bit_length() - 1,
    }
