"""Verb `calibrate`: leads the wearer through standing and walking, and tells what came of it."""

import argparse
import contextlib
import time

from backstep.core.wearing import calibration

from host_tools.errors import UserError
from host_tools.talk.client import Client
from host_tools.talk.clock import set_time
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell

LOOK_S = 0.3
LIMIT_S = 150.0  # the pod gives up before
WORDS = {
    "wait": f"stand still on level ground for two seconds (waits {calibration.PATIENCE_S} s for it)",
    "stand": "hold still",
    "walk": f"now walk forward on level ground, eight steps, straight on (waits {calibration.WALK_S} s for it)",
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
        told = _followed(pod, pod.ask("calibrate"), quietly=args.json)
        waits = pod.ask_again("status")["waits"]
        tell(args, told | {"waits": waits}, lambda: _kept(waits))
    return 0


def _followed(pod: Client, told: dict, quietly: bool) -> dict:
    """Follow it to its end, telling every step; return the last answer.  UserError when it is refused."""
    shown, end_s = None, time.monotonic() + LIMIT_S
    try:
        while time.monotonic() < end_s:
            words = _words(told)
            if words != shown and not quietly:
                print(words, flush=True)
            shown = words
            if told["step"] == "done":
                return told
            if told["step"] == "failed":
                raise UserError(f"{pod.port}: refused: {told['why']}")
            time.sleep(LOOK_S)
            told = pod.ask_again("calibration")
    except KeyboardInterrupt:
        with contextlib.suppress(UserError):
            pod.ask("calibrate", cancel=True)
        raise
    raise UserError(f"{pod.port}: calibration: no end after {LIMIT_S:.0f} s")


def _words(told: dict) -> str:
    if told["step"] == "walk" and told["strides"]:
        return f"stride {told['strides']} of {told['of']}"
    moved = "moved: " if told["step"] == "wait" and told["moves"] else ""
    return moved + WORDS.get(told["step"], told["step"])


def _kept(waits: list[str]) -> str:
    held = "from the next start on (backstep reboot)" if "upright_x" in waits else "from now on"
    return f"kept: it holds {held}"


def _forgotten(answer: dict) -> str:
    return "forgotten, from the next start on (backstep reboot)" if answer["changed"] else "there was none"
