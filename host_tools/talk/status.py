"""Verb `status`: who the pod is and how it goes."""

import argparse
import contextlib
import time
from datetime import date

from backstep.core import charge
from backstep.core.training import programme

from host_tools.talk import radio_words
from host_tools.talk.client import Busy, Refused
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell
from host_tools.talk.unwarned import unwarned

_DAY_0 = date(1970, 1, 1).toordinal()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    with connected(args) as pod:
        answer = pod.who | pod.ask_again("status")
        if "paired" in answer.pop("requests"):
            with contextlib.suppress(Refused, Busy):  # all else is told all the same
                settings = pod.ask_again("get")["settings"]
                answer |= {name: settings[name] for name in ("radio", "frame") if name in settings}
                answer["paired"] = pod.ask_again("paired")
    tell(args, answer, lambda: "\n".join(lines(answer)))
    return 0


def lines(told: dict) -> list[str]:
    """Return a pod's status in words: hello and status in one."""
    worn = "SAFE MODE: nothing is sensed" if told["safe"] else f"{told['placement']} at {told['rate_hz']} Hz"
    found = [
        f"{told['name']} (uid {told['uid']}): {told['board']}, {told['mcu']}, {worn}",
        f"firmware {told['firmware']} on MicroPython {told['micropython']}, {told['boots']} "
        f"start{'' if told['boots'] == 1 else 's'}, "
        f"up for {span(told['uptime_ms'] // 1000)}",
        f"clock: {clock(told['unix_ms'])}; battery: {battery(told['battery_mv'])}",
    ]
    if not told["safe"]:
        found += _session(told)
    if "paired" in told:
        found += radio_words.status_lines(told["radio"], told["paired"])
    if told["waits"]:
        found.append(f"changed, and to hold from the next start on: {', '.join(told['waits'])} (backstep reboot)")
    return found


def _session(told: dict) -> list[str]:
    state = f"runs for {span(told['seconds'])}" if told["running"] else f"ended after {span(told['seconds'])}"
    counts = f"{told['backward']} backward, {told['forward']} forward, {told['other']} other steps"
    found = [worn(told), f"session: {state}: {counts}, {told['sways']} sways"]
    found += unwarned(told)
    if told["told_direction"] != "unknown":
        found.append(f"steps count as {told['told_direction']}, as the wearer said")
    if "day_counts" in told:
        backward, forward, other = told["day_counts"][:3]
        found.append(f"today: {backward} backward, {forward} forward, {other} other steps")
        found += training(told)
        found.append(f"log: {told['session']}" if told["logging"] else "log: NOTHING IS LOGGED; backstep reasons")
    trouble = [f"{name} {count}" for name, count in told["faults"].items()]
    trouble += [f"{name} DOWN" for name in told["tasks_lost"]] + ["IMU DOWN"] * (told["imu"] != "running")
    found.append(f"faults: {', '.join(trouble) or 'none'}; {told['heap_free'] // 1024} KB of heap free")
    return found


def training(told: dict) -> list[str]:
    """Return how far the dose and the week are done, and what they say of the level."""
    plan = told.get("training")
    if not plan:
        return []
    name = programme.LEVELS[plan["level"] - 1][0] if plan["level"] else "your own dose"
    steps = f"{told['backward']} of {plan['dose_steps']} steps" if plan["dose_steps"] else ""
    minutes = f"{span(plan['done_s'])} of {plan['dose_min']} min" if plan["dose_min"] else ""
    found = [f"training: {name}: {' or '.join(filter(None, (steps, minutes)))} backward so far"]
    if not told["day"]:
        return [*found, "week: not known, nothing is capped, until it is told the time (backstep time)"]
    limit = f", of {plan['week_limit']} at most" if plan["week_limit"] else ", no cap"
    found.append(f"week: {plan['week_steps']} backward steps in seven days{limit}")
    days = [*plan["days"], [told["day"], told["day_counts"][0]]]
    following = programme.LEVELS[plan["level"] :]
    if plan["level"] and following and programme.is_ready(days, told["day"], plan["dose_steps"]):
        found.append(f"level {plan['level'] + 1} may be tried if this one is easy: {following[0][0]}")
    return found


def worn(told: dict) -> str:
    """Return how the pod is worn, against its calibration and its placement."""
    day = told["calibrated_day"]
    since = f"calibrated on {date.fromordinal(_DAY_0 + day)}" if day else "no date of a calibration"
    how = told["worn"]
    if how == "turned":
        return f"WORN WRONG: turned or moved ({since}); put it back, or backstep calibrate"
    if how in ("shoe", "belt", "wrist"):
        return f"WORN WRONG: it moves like a pod at the {how}, and is set to {told['placement']}"
    return f"worn: {'as calibrated' if how == 'well' else 'not judged yet'}; {since}"


def span(seconds: int) -> str:
    """Return a time as a person says it."""
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds // 60 % 60} min"


def clock(unix_ms: int) -> str:
    """Return a unix time [ms] as this laptop's clock shows it."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(unix_ms / 1000)) if unix_ms else "not told yet"


def battery(voltage_mv: int) -> str:
    """Return a voltage [mV] as words, with what it says of the battery."""
    if voltage_mv < charge.MEASURED_MV:
        return "not measured"
    told = "on USB" if voltage_mv > charge.USB_MV else f"{charge.percent(voltage_mv)} %"
    return f"{voltage_mv / 1000:.2f} V, {told}"
