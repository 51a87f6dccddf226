"""What a person sees of `backstep sim`: a live table of every pod, plain lines in a pipe, a summary."""

import math
import threading
import time

from backstep.core import events
from rich.console import Console, Group
from rich.live import Live
from rich.table import Column, Table
from rich.text import Text

from host_tools.event_words import worth_telling
from host_tools.virtual_pod.pod_run import Outcome, Pod, PodRun
from host_tools.virtual_pod.timeline import LEVEL_MAX, Buzz, Latency, percentile

REFRESH_S = 0.1
PLAIN_EVERY_S = 10.0  # of virtual time
SHOWN_LINES = 8
LONG_S = 600.0  # of input
BAR_CELLS = 8
WIDE_CELLS = 80
SAID_S = 0.1  # a pattern is told of by the last sample there was
SAID_LATE_S = 0.5  # after it has begun, and what is short may be over by then
AFTER_S = 0.05  # a warning's buzz begins before the pod has told of it: below it all the same
ONE_CUE_MS = 650  # pauses inside a haptic pattern are shorter


def clock(seconds: float) -> str:
    """Return a time as m:ss.s."""
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


class Watcher:
    """Keeps what the display shows of several runs; safe to feed from their threads."""

    def __init__(self, plain: Console | None):
        self.runs: list[PodRun] = []
        self.lines: list[str] = []
        self.level: dict[PodRun, int] = {}
        self._waiting: list[tuple[float, str]] = []  # what another pod may yet have something to say before
        self._over: set[PodRun] = set()
        self._plain = plain
        self._told_s: dict[PodRun, float] = {}
        self._lock = threading.Lock()

    def run_of(self, pod: Pod) -> PodRun:
        """Return a run of this pod, watched."""
        run = PodRun(
            pod,
            on_line=lambda line: self.said(run, line),
            on_drive=lambda drive: self.level.__setitem__(run, drive.level),
        )
        self.level[run] = 0
        self._told_s[run] = 0.0
        self.runs.append(run)
        return run

    def said(self, run: PodRun, line: dict) -> None:
        """Take a line of a pod's console."""
        text = worth_telling(line).partition("; type help")[0]  # nothing can be typed here
        if text:
            self._tell(run, text)
        self.tell_progress(run)

    def over(self, run: PodRun) -> None:
        """Take note that a run has ended: it has nothing more to say."""
        with self._lock:
            self._over.add(run)
            self._release()

    def _tell(self, run: PodRun, text: str) -> None:
        with self._lock:
            now_s = run.now_s()
            after_s = AFTER_S if text.startswith("buzz") else 0.0
            self._waiting.append((now_s + after_s, f"{clock(now_s):>7}  {run.pod.placement:<5}  {text}"))
            self._release()

    def _release(self) -> None:
        """Show what no pod that runs can say anything before any more, in the order of its time."""
        reached_s = min((run.now_s() for run in self.runs if run not in self._over), default=math.inf)
        self._waiting.sort(key=lambda row: row[0])
        while self._waiting and self._waiting[0][0] <= reached_s:
            shown = self._waiting.pop(0)[1]
            self.lines.append(shown)
            if self._plain:
                self._plain.print(shown, highlight=False, markup=False, soft_wrap=True)

    def tell_progress(self, run: PodRun) -> None:
        """In a pipe, say every few seconds of virtual time how far a pod is."""
        if self._plain and run.now_s() - self._told_s[run] >= PLAIN_EVERY_S:
            self._told_s[run] = run.now_s()
            self._tell(run, "  ".join(state(run)))

    def table(self, width: int = WIDE_CELLS) -> Group:
        """Return the live display for a terminal of this width."""
        names = ("pod", "time", "backward", "forward", "other", "cadence", "direction", "grade")
        columns = [Column(name, no_wrap=True) for name in names]
        gap = 2 if width >= WIDE_CELLS else 1
        # the motor's bar gives way where there is no room
        motor = Column("motor", overflow="crop")
        table = Table(*columns, motor, box=None, padding=(0, gap, 0, 0), header_style="bold cyan")
        for run in self.runs:
            counts = run.log.counts
            cells = [run.pod.placement, reached(run)]
            cells += [str(n) for n in (counts.backward, counts.forward, counts.other)]
            table.add_row(*cells, *pace(run), motor_bar(self.level[run]))
        with self._lock:
            self._release()
            recent = self.lines[-SHOWN_LINES:]
        alarming = ("SWAY", "FALL")
        styles = ["bold red" if any(word in line for word in alarming) else "" for line in recent]
        shown = [Text(line, style, no_wrap=True) for line, style in zip(recent, styles, strict=True)]
        return Group(table, Text(), *shown)


def reached(run: PodRun) -> str:
    """Return how far a pod is, of what takes long with its share."""
    now_s = min(run.now_s(), run.length_s)
    return f"{clock(now_s)} {now_s / run.length_s:.0%}" if run.length_s >= LONG_S else clock(now_s)


def pace(run: PodRun) -> tuple[str, str, str]:
    """Return cadence, direction and grade of a pod that walks."""
    counts = run.log.counts
    if not counts.cadence_spm:
        return "", "standing", ""
    grade = f"{counts.grade_permille / 10:+.1f} %" if counts.strides and is_level(run.pod) else ""
    return f"{counts.cadence_spm}/min", events.DIRECTIONS[counts.direction], grade


def is_level(pod: Pod) -> bool:
    """Return whether a pod's level is calibrated: what it senses of a climb is some per cent off without."""
    return any(pod.settings.get(f"upright_{axis}") for axis in "xyz")


def state(run: PodRun) -> list[str]:
    """Return where a pod is, in words."""
    counts = run.log.counts
    steps = f"{counts.backward} backward, {counts.forward} forward, {counts.other} other"
    return [steps, *(word for word in pace(run) if word)]


def motor_bar(level: int) -> Text:
    """Return the motor's level 0..127 as a bar."""
    cells = (level * BAR_CELLS + LEVEL_MAX - 1) // LEVEL_MAX
    return Text("█" * cells + "·" * (BAR_CELLS - cells), style="bold red" if level else "dim")


def watch(watcher: Watcher, ended: list[threading.Event], console: Console, live: bool) -> None:
    """Show the runs until all have ended."""
    if not live:
        for event in ended:
            event.wait()
        return
    with Live(watcher.table(console.width), console=console, refresh_per_second=1 / REFRESH_S) as display:
        while not all(event.is_set() for event in ended):
            display.update(watcher.table(console.width))
            time.sleep(REFRESH_S)
        display.update(watcher.table(console.width))


def cues(outcome: Outcome) -> list[tuple[float, float, int, str]]:
    """Return the haptic cues: from [s of input], length [ms], strongest level, the pattern's name or names."""
    grouped: list[list[Buzz]] = []
    for buzz in outcome.buzzes:
        if grouped and buzz.start_ms - grouped[-1][-1].end_ms < ONE_CUE_MS:
            grouped[-1].append(buzz)
        else:
            grouped.append([buzz])
    found = []
    for group in grouped:
        at_s = group[0].start_ms / 1000 - outcome.start_s
        length_ms = group[-1].end_ms - group[0].start_ms
        names = patterns_in(outcome, at_s, at_s + length_ms / 1000)
        found.append((at_s, length_ms, max(buzz.level for buzz in group), names))
    return found


def patterns_in(outcome: Outcome, from_s: float, to_s: float) -> str:
    """Return the names of the patterns the pod said it played between two times of the input [s], in order."""
    last_s = max(to_s, from_s + SAID_LATE_S)
    told = [(cue["sample"] / outcome.pod.rate_hz, cue["pattern"]) for cue in outcome.cues_said]
    said = [name for at_s, name in told if from_s - SAID_S <= at_s <= last_s]
    return ", ".join(dict.fromkeys(said))


def latency_text(values: list[float]) -> str:
    """Return p50 / p99 / max [ms]."""
    if not values:
        return "-"
    return " / ".join(f"{percentile(values, share):.1f}" for share in (50, 99, 100)) + " ms"


def _metres(millimetres: int) -> str:
    return f"{millimetres / 1000:.1f} m"


def _ascent(outcome: Outcome) -> str:
    climbed = _metres(outcome.summary["ascent_mm"])
    return climbed if is_level(outcome.pod) else f"{climbed}, uncalibrated"


def summary_rows(outcome: Outcome) -> list[tuple[str, str]]:
    """Return what a run came to, as (what, value)."""
    found, walked = outcome.summary, bool(outcome.summary.get("strides"))
    latencies: list[Latency] = outcome.latencies
    faults = ", ".join(f"{n} {name}" for name, n in found.get("faults", {}).items()) or "none"
    return [
        ("steps backward", str(found.get("backward", "-"))),
        ("steps forward", str(found.get("forward", "-"))),
        ("other steps", str(found.get("other", "-"))),
        ("distance backward", _metres(found["backward_mm"]) if walked else "-"),
        ("distance forward", _metres(found["forward_mm"]) if walked else "-"),
        ("ascent", _ascent(outcome) if walked else "-"),
        ("sways warned of", str(found.get("sways", "-"))),
        ("falls / alarms", f"{found['falls']} / {found['fall_alarms']}" if "falls" in found else "-"),
        ("sway to motor p50/p99/max", latency_text([x.virtual_ms for x in latencies])),
        ("the same in VM's CPU time", latency_text([x.vm_ms for x in latencies])),
        ("heap free", f"{found['heap_free'] // 1024} KB" if "heap_free" in found else "-"),
        ("FIFO overflows", str(outcome.overruns)),
        ("faults the pod counted", faults if found else "-"),
        ("ended with", outcome.reason or "a crash"),
        ("pod time / wall time", f"{outcome.virtual_s:.1f} s / {outcome.wall_s:.1f} s"),
    ]


def summary_json(outcome: Outcome) -> dict:
    """Return the pod's summary with what only the virtual pod knows, as one JSON line shows it."""
    virtual = [latency.virtual_ms for latency in outcome.latencies]
    vm = [latency.vm_ms for latency in outcome.latencies]
    return {
        "event": "summary",
        "placement": outcome.pod.placement,
        **{name: value for name, value in outcome.summary.items() if name != "event"},
        "latency_ms": [percentile(virtual, share) for share in (50, 99, 100)] if virtual else [],
        "latency_vm_ms": [round(percentile(vm, share), 3) for share in (50, 99, 100)] if vm else [],
        "fifo_overflows": outcome.overruns,
        "reason": outcome.reason,
        "crash": outcome.crash,
    }


def print_summary(outcomes: list[Outcome], console: Console) -> None:
    """Print every cue the motors gave, and below, where a terminal of 24 lines ends, one table of all runs."""
    felt = [(cue, outcome.pod.placement) for outcome in outcomes for cue in cues(outcome)]
    if felt:
        heads = ("at", "pod", "what its motor did", "length", "level")
        buzzes = Table(*heads, box=None, padding=(0, 2, 0, 0), header_style="bold cyan")
        for (at_s, length_ms, level, name), placement in sorted(felt):
            buzzes.add_row(clock(max(0.0, at_s)), placement, name, f"{length_ms:.0f} ms", f"{level}/{LEVEL_MAX}")
        console.print(buzzes)
    else:
        console.print("No motor moved.")
    console.print()
    worn = [outcome.pod.placement for outcome in outcomes]
    table = Table("summary", *worn, box=None, padding=(0, 2, 0, 0), header_style="bold cyan")
    columns = [summary_rows(outcome) for outcome in outcomes]
    for rows in zip(*columns, strict=True):
        table.add_row(rows[0][0], *[value for _, value in rows])
    console.print(table)
