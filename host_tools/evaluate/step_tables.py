"""The step figures as tables of 100 columns."""

from rich.console import Console

from .sets import print_rows

_CALLED = ("forward", "backward", "left", "right", "turn", "unknown", "missed")
_OF_TIMES = (
    "Contacts are the labels' own; those of esangeni_foot are where the foot has come to rest, some 0.2 s after "
    "the contact that is found. On the belt times run from one foot to the other, and a walk's first steps are "
    "told when they have proved to be gait."
)
_FOUND = ("forward", "backward", "left", "right", "turn", "unknown")


def print_sets(console: Console, found: list[dict]) -> None:
    """Print what step_figures.as_dict gives of each set."""
    numbers = [(f"{one['placement']} {one['set']}", one) for one in found]
    print_rows(console, "Strides", _stride_rows(numbers, "strides"))
    print_rows(console, "Directions, as called", _direction_rows(numbers))
    print_rows(console, "Directions by speed: labelled displacement over time", _speed_rows(numbers))
    print_rows(console, "Strides by how sure the pod was of their direction", _confidence_rows(numbers))
    print_rows(console, "Stride length against motion capture", _length_rows(numbers))
    print_rows(console, "Initial contacts inside walking bouts", _stride_rows(numbers, "contacts"))
    title = "Times against labels: from contact to contact; from labelled contact to event"
    if print_rows(console, title, _time_rows(numbers)):
        console.print(_OF_TIMES)
    print_rows(console, "Steps counted", _step_rows(numbers))


def print_stand_ins(console: Console, simulated: list[dict], reversed_: list[dict]) -> None:
    """Print what stand_ins.simulated and stand_ins.time_reversed give."""
    heads = ("case", "worn", "true", "found", "right", "wrong", "unknown", "extra", "steps told")
    names = ("case", "placement", "strides", "found", "right", "wrong", "unknown", "extra", "steps")
    rows = [heads, *(tuple(row[name] for name in names) for row in simulated)]
    print_rows(console, "SIMULATED gait: no evidence, not in the floors. Strides by direction", rows)
    confusions = [(row["set"], {"confusion": row["confusion"]}) for row in reversed_]
    title = "TIME-REVERSED recordings: no backward gait, not in the floors. Forward is to come out backward"
    print_rows(console, title, _direction_rows(confusions, "recorded as"))


def _pct(number: float | None) -> str | None:
    return None if number is None else f"{100 * number:.2f}%"


def _stride_rows(numbers, kind: str) -> list[tuple]:
    rows: list[tuple] = [("set", "truth", "found", "extra", "prec.", "recall", "F1", "late s", "p95 s")]
    for name, n in numbers:
        s = n[kind]
        if s:
            late = (n["latency_s"] if kind == "strides" else None) or {"median": None, "p95": None}
            delays = ("-" if late[q] is None else f"{late[q]:.2f}" for q in ("median", "p95"))
            counts = (s["truth"], s["found"], s["extra"])
            rows.append((name, *counts, *(_pct(s[q]) for q in ("precision", "recall", "f1")), *delays))
    return rows


def _direction_rows(numbers, head: str = "truly") -> list[tuple]:
    rows: list[tuple] = [("set", head, *_CALLED)]
    for name, n in numbers:
        rows += [(name, true, *(row.get(c, 0) for c in _CALLED)) for true, row in n["confusion"].items()]
    return rows


def _speed_rows(numbers) -> list[tuple]:
    rows: list[tuple] = [("set", "truly", "speed", *_FOUND)]
    for name, n in numbers:
        for true, speeds in n["confusion_by_speed"].items():
            rows += [(name, true, speed, *(row.get(c, 0) for c in _FOUND)) for speed, row in speeds.items()]
    return rows


def _confidence_rows(numbers) -> list[tuple]:
    rows: list[tuple] = [("set", "confidence %", "strides", "right", "unknown", "wrong", "right %")]
    for name, n in numbers:
        for one in n["confidence"]:
            right = f"{100 * one['right'] / one['strides']:.1f}" if one["strides"] else None
            counts = (one["strides"], one["right"], one["unknown"], one["wrong"])
            rows.append((name, one["confidence_pct"], *counts, right))
    return rows


def _length_rows(numbers) -> list[tuple]:
    rows: list[tuple] = [("set", "strides", "mean error", "total", "height, mean error")]
    for name, n in numbers:
        if "length" in n:
            one = n["length"]
            cells = (f"{one['error_pct']:.2f} %", f"{one['total_error_pct']:+.2f} %")
            rows.append((name, one["strides"], *cells, f"{one['height_error_mm']:.0f} mm"))
    return rows


def _time_rows(numbers) -> list[tuple]:
    rows: list[tuple] = [("set", "times", "mean error", "signed", "events", "late, median", "95 %")]
    for name, n in numbers:
        time, late = n["time_error_ms"], n["late_ms"]
        if time or late:
            error = _cells(time, ("count", "{}"), ("mean_abs", "{:.0f} ms"), ("signed", "{:+.1f} ms"))
            delay = _cells(late, ("count", "{}"), ("median", "{:.0f} ms"), ("p95", "{:.0f} ms"))
            rows.append((name, *error, *delay))
    return rows


def _cells(numbers: dict | None, *shown: tuple[str, str]) -> tuple[str, ...]:
    return tuple(form.format(numbers[name]) if numbers else "-" for name, form in shown)


def _step_rows(numbers) -> list[tuple]:
    rows: list[tuple] = [("set", "walks", "MAPE", "signed", "false steps/h")]
    for name, n in numbers:
        errors = [n[q] for q in ("steps_mape_pct", "steps_signed_pct", "false_steps_per_hour")]
        if any(error is not None for error in errors):
            mape, signed, false = errors
            shown = ("-" if mape is None else f"{mape:.1f} %", "-" if signed is None else f"{signed:+.1f} %")
            rows.append((name, n["walks"], *shown, None if false is None else f"{false:.0f}"))
    return rows
