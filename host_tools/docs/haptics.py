"""The haptic words as documents: what each one says, and its timeline as a picture."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from backstep.core.haptic import ERM_RISE_MS, LEVEL_MAX, Player
from backstep.core.patterns import PATTERNS, index_of

from host_tools.docs.svg import Drawing
from host_tools.virtual_pod.timeline import settled

FOLDER = "pictures"
TAIL_MS = 150  # shown after a pattern, for the motor to come to rest

# word: when it is played, how to remember it
MEANINGS = {
    "sway": ("you are tipping backward", "three strong buzzes, hardly a gap between them"),
    "caution": ("you begin to lean back or to drop", "one short tap on the shoulder"),
    "fall_alarm": ("nobody cancelled: the alarm is out", "two buzzes of a second"),
    "fall_countdown": ("a fall, and you lie still: press or sit up if all is well", "a slow pulse, once a second"),
    "foot": ("this foot slid, caught or lifted its toe", "two short taps, like two hurried steps"),
    "fault": ("the pod cannot do its work", "a stutter of six"),
    "low_battery": ("charge it soon", "one long weak hum"),
    "worn": ("the pod is not worn as it was calibrated", "tap-tap ... tap-tap: a knock at the wrong door"),
    "stand": ("calibration: stand still on level ground", "one steady hum"),
    "walk": ("calibration: walk forward", "four steps of a walk"),
    "done": ("calibrated", "short, longer, longest: growing"),
    "failed": ("not calibrated: the console says why", "long, shorter, shortest: dying away"),
    "start": ("a session begins", "short, long: off you go"),
    "stop": ("the session ends", "long, short: the same backward"),
    "awake": ("sway warnings are on again", "short, short, long: start with one more"),
    "snoozed": ("sway warnings are off for a while", "long, short, short: stop with one more"),
    "mark": ("your press was noted", "one nod"),
    "link_lost": ("another pod is out of reach; each goes on alone", "one push, and a tap that comes late"),
    "posture": ("your trunk leans further than you want", "two slow gentle pushes"),
    "goal": ("your dose is done", "three quick knocks, one long"),
    "dose_stop": ("well past your dose, or the week's share: stop", "three long, unhurried"),
    "lap": ("a new lap begins", "short, long, short"),
    "tick": ("metronome: a step now", "a faint tap, in time"),
    "milestone": ("so many backward steps done", "knock ... knock"),
    "backward": ("belt, wrist: steps count as backward", "three short, long: start with two more"),
    "forward": ("belt, wrist: steps count as forward", "long, three short: the same backward"),
    "either": ("belt, wrist: nobody says which way", "four short"),
}


def pictures() -> dict[str, str]:
    """Return the picture of every word: path in the project -> SVG."""
    return {f"firmware/{FOLDER}/{row[0]}.svg": picture(row[0]) for row in PATTERNS}


def section() -> str:
    """Return the table of all words, as Markdown."""
    lines = ["| word | says | feels like | timeline | ms | level | priority |", "|---|---|---|---|---|---|---|"]
    for name, priority, level, length_ms in sorted(map(_row, PATTERNS), key=lambda row: -row[1]):
        says, feels = MEANINGS[name]
        image = f"![{name}]({FOLDER}/{name}.svg)"
        lines.append(f"| `{name}` | {says} | {feels} | {image} | {length_ms} | {level} | {priority} |")
    return "\n".join(lines)


def _row(pattern: Sequence[str | int]) -> tuple[str, int, int, int]:
    """Return a pattern's name, priority, level and length [ms]."""
    name, priority, level, *times_ms = pattern
    return str(name), int(priority), int(level), sum(map(int, times_ms))


def drives(index: int, rise_ms: int, strength_pct: int = 100) -> list[tuple[int, int]]:
    """Return a pattern as the motor gets it: (level -127..127, duration [ms]) in order.

    rise_ms: as of Player.
    """
    player = Player(strength_pct, rise_ms)
    player.start(index)
    given = []
    while player.playing >= 0:
        given.append((player.level, player.next_change_ms))
        player.advance(player.next_change_ms)
    alike = groupby(given, key=itemgetter(0))
    return [(level, length_ms) for level, steps in alike if (length_ms := sum(ms for _, ms in steps))]


def speeds(given: list[tuple[int, int]]) -> list[float]:
    """Return the model motor's speed 0..127 at every millisecond of (level, duration [ms]) pairs."""
    found = [0.0]
    for level, length_ms in given:
        for _ in range(length_ms):
            found.append(settled(found[-1], level, 1))
    return found


def reach_ms(given: list[tuple[int, int]], speed: float) -> int:
    """Return when the model motor first turns at a speed 0..127 [ms], -1 = never."""
    return next((ms for ms, found in enumerate(speeds(given)) if found >= speed), -1)


def picture(name: str) -> str:
    """Return the timeline of a word as SVG: the drive it gives an ERM, and how fast the model's motor turns."""
    given = [*drives(index_of(name), ERM_RISE_MS), (0, TAIL_MS)]
    drawing = Drawing(name)
    at_ms = 0
    for level, length_ms in given:
        drawing.bar(at_ms, length_ms, level / LEVEL_MAX)
        at_ms += length_ms
    drawing.line([speed / LEVEL_MAX for speed in speeds(given)])
    return drawing.text()
