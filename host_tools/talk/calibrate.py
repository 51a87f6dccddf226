"""Verb `calibrate`: leads the wearer through standing and walking, and tells what came of it."""

import argparse
import contextlib
import math
import time

from backstep.core.wearing import calibration
from rich.console import Console
from rich.status import Status

from host_tools.errors import UserError
from host_tools.talk.client import Client
from host_tools.talk.clock import set_time
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell

LOOK_S = 0.3
LIMIT_S = 150.0  # the pod gives up before
# step: what to do, what is waited for meanwhile, for how long at most [s]
STEPS = {
    "wait": ("stand still on level ground for two seconds", "you to stand still", calibration.PATIENCE_S),
    "stand": ("hold still", "the two seconds to be over", calibration.PATIENCE_S),
    "walk": ("now walk forward on level ground, eight steps, straight on", "strides", calibration.WALK_S),
}
_MOVED = "moved: stand still again"
# What to do when the pod refuses, by its own reasons; what has none says it itself.
AGAIN = {
    calibration.MOVED: "lean on nothing that shakes, let the foot or the trunk rest, then repeat",
    calibration.SHAKEN: "repeat standing still; then backstep doctor, for the sensor's self-test",
    calibration.TILTED: "fix it with its arrow forward and its face up the trunk, then repeat",
    calibration.NO_STRIDES: "walk as soon as it buzzes four times; is it the pod at your shoe?",
    calibration.NO_GAIT: "begin with the other foot, walk briskly and do not stop before it buzzes, then repeat",
    calibration.DISAGREE: "walk straight on, ten paces free ahead of you, then repeat",
    calibration.SLANTED: "is it fixed tightly? Then repeat, both on the same level floor",
    calibration.SLOPED: "find a level floor, indoors, then repeat",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--cancel", action="store_true", help="end one that goes on, without a result")
    what.add_argument("--forget", action="store_true", help="set all that an earlier one has kept to its default")
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    with connected(args) as pod:
        if args.cancel or args.forget:
            answer = pod.ask("calibrate", **{"cancel": True} if args.cancel else {"forget": True})
            tell(args, answer, lambda: "cancelled" if args.cancel else _forgotten(answer))
            return 0
        set_time(pod)
        console = Console(quiet=args.json, highlight=False, markup=False, soft_wrap=True)
        told = _followed(pod, pod.ask("calibrate"), console)
        waits = pod.ask_again("status")["waits"]
        settings = pod.ask_again("get")["settings"]
        tell(args, told | {"waits": waits}, lambda: "\n".join([*measured(settings), _kept(waits)]))
    return 0


def _followed(pod: Client, told: dict, console: Console) -> dict:
    """Follow it to its end, telling every step; return the last answer.  UserError when it is refused."""
    of = 2 if told.get("of") else 1
    console.print(f"calibrating, {of} step{'s' * (of > 1)}; Ctrl-C ends it, and all stays as it was")
    try:
        with console.status("", spinner="line") as status:
            told = _steps(pod, told, console, status)
    except KeyboardInterrupt:
        with contextlib.suppress(UserError):
            pod.ask("calibrate", cancel=True)
        raise
    if told["step"] == "failed":
        raise UserError(f"{pod.port}: refused: {told['why']}{_remedy(told['why'])}")
    return told


def _steps(pod: Client, told: dict, console: Console, status: Status) -> dict:
    shown, step, begun_s = "", "", 0.0
    end_s = time.monotonic() + LIMIT_S
    while told["step"] in STEPS:
        now_s = time.monotonic()
        if now_s >= end_s:
            raise UserError(f"{pod.port}: calibration: no end after {LIMIT_S:.0f} s")
        if told["step"] != step and not (step and told["step"] in ("wait", "stand")):
            begun_s = now_s  # the pod counts the wait for standing in one
        step = told["step"]
        words = _words(told)
        if words != shown:
            console.print(words)
        shown = words
        _, awaited, limit_s = STEPS[step]
        status.update(f"waits for {awaited}: {max(0, limit_s - now_s + begun_s):.0f} s left")
        time.sleep(LOOK_S)
        told = pod.ask_again("calibration")
    return told


def _words(told: dict) -> str:
    """Return what to do now, or how far it is."""
    step, strides = told["step"], told["strides"]
    if step == "walk" and strides:
        return f"       stride {strides} of {told['of']}: {'#' * strides}{'.' * (told['of'] - strides)}"
    what, _, limit_s = STEPS[step]
    if step == "stand":
        return f"       {what}"
    if step == "wait" and told["moves"]:
        what = _MOVED
    return f"{2 if step == 'walk' else 1} of {2 if told['of'] else 1}: {what} (waits {limit_s} s)"


def _remedy(why: str) -> str:
    again = AGAIN.get(calibration.REASONS.index(why)) if why in calibration.REASONS else None
    return f"; {again}" if again else ""


def measured(settings: dict) -> list[str]:
    """Return what a calibration has left in the settings, in words."""
    up = [settings["upright_" + axis] for axis in "xyz"]
    off_deg = math.degrees(math.atan2(math.hypot(*up[:2]), up[2]))
    bias = "/".join(f"{settings['bias_' + axis] / 160:+.2f}" for axis in "xyz")
    found = [f"up      {off_deg:.0f} deg off the pod's z axis", f"gyro    {bias} deg/s at rest"]
    if settings["placement"] == "shoe":
        found[-1] += ": taken off"
        ahead = [settings["mount_" + axis] for axis in "xyz"]
        turned_deg = math.degrees(math.atan2(math.hypot(*ahead[1:]), ahead[0]))
        found.append(f"forward {turned_deg:.0f} deg off its arrow")
        found.append(f"level   strides on the flat seem to climb {settings['grade_zero'] / 10:+.1f} %: taken off")
    return ["measured:", *(f"  {line}" for line in found)]


def _kept(waits: list[str]) -> str:
    held = "from the next start on (backstep reboot)" if "upright_x" in waits else "from now on"
    return f"kept: it holds {held}"


def _forgotten(answer: dict) -> str:
    return "forgotten, from the next start on (backstep reboot)" if answer["changed"] else "there was none"
