"""`backstep pair hr`: which strap tells a pod the heart rate; by its address, or one of those that are near."""

import argparse
import re
import sys

from host_tools.errors import UserError
from host_tools.talk.client import ANSWER_S, Client
from host_tools.talk.find import connected
from host_tools.talk.telling import tell

SCAN = "scan"
LISTEN_S = 6
_ADDRESS = re.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_WANT = "want the strap's address, as aa:bb:cc:dd:ee:ff, or nothing, to choose one that is near, or --off"
_NONE = (
    "no heart strap is near: wear it, its contacts wet, and close the app or watch that has connected to it: "
    "it advertises to nobody else meanwhile"
)
_RANDOM = 1
_STATIC = 3  # the highest two bits of a random address that stays [Bluetooth core 5.4, vol 6 B 1.3.2.1]


def run(args: argparse.Namespace, words: list[str]) -> int:
    """Choose a strap, or forget it.  words: those after `hr`."""
    if args.list or args.remove or args.hub or args.spotter:
        raise UserError(f"hr: {_WANT}; --list, --remove, --hub and --spotter are of pods")
    looks = not args.off and words in ([], [SCAN])
    if args.first and not looks:
        raise UserError(f"hr --first: takes the nearest strap, and no {'--off' if args.off else 'address'}")
    word = "" if looks else _word(words, args.off)
    with connected(args) as pod:
        _check_can(pod, looks, bool(word) or looks)
        if looks:
            found = near(pod)
            if args.json and not args.first:
                tell(args, {"straps": found}, str)
                return 0
            word = _chosen(found, args.first)
            if not word:
                return 0
        answer = pod.ask_again("strap", address=word)
    said = f"heart rate from {word}" if word else "no strap any more"
    tell(args, answer | {"strap": word}, lambda: f"{said}, from the next start on (backstep reboot)")
    return 0


def _check_can(pod: Client, looks: bool, listens: bool) -> None:
    requests = pod.who.get("requests", ())
    if "strap" not in requests:
        raise UserError(f"{pod.port}: its firmware knows no strap: backstep deploy --port {pod.port}")
    if looks and "straps" not in requests:
        deploy = f"backstep deploy --port {pod.port}"
        raise UserError(f"{pod.port}: its firmware cannot look for straps: {deploy}, or name the address")
    if listens and pod.ask_again("get")["settings"]["radio"] == "off":
        raise UserError(
            f"{pod.port}: its radio is off, so that it hears no strap: backstep config set radio=phone, then "
            "backstep reboot"
        )


def near(pod: Client) -> list[dict]:
    """Return the straps that a pod hears, the nearest first: address, dbm, name, stays.

    dbm: its signal.  stays: whether it has that address for long.
    """
    print(f"listens for heart straps for {LISTEN_S} s", file=sys.stderr, flush=True)
    paired = pod.ask_again("paired")
    if paired.get("bpm", -1) >= 0:
        print(f"{paired['strap']} is connected, {paired['bpm']}/min: it advertises no more", file=sys.stderr)
    rows = pod.ask("straps", LISTEN_S + ANSWER_S, seconds=LISTEN_S)["straps"]
    return [
        {"address": address, "dbm": dbm, "name": name, "stays": _stays(address, kind)}
        for address, kind, dbm, name in sorted(rows, key=lambda row: -row[2])
    ]


def _stays(address: str, kind: int) -> bool:
    return kind != _RANDOM or int(address[0], 16) >> 2 == _STATIC


def _chosen(found: list[dict], first: bool) -> str:
    """Return the address of the strap that is wanted, "" where a person wants none, or nobody is there to say."""
    if not any(row["stays"] for row in found):
        moving = ", ".join(f"{row['address']} {row['name']}".strip() for row in found)
        raise UserError(f"hr: {moving}: changes its address, cannot be found again by it" if moving else _NONE)
    able = [row for row in found if row["stays"]]
    if first:
        return able[0]["address"]
    print("\n".join(_lines(found)))
    if not sys.stdin.isatty():
        print("choose one: backstep pair hr ADDRESS; the nearest: backstep pair hr --first")
        return ""
    word = _answer(f"which one? 1..{len(found)}, Enter for none: ")
    if not word:
        return ""
    if not word.isdecimal() or not 1 <= int(word) <= len(found):
        raise UserError(f"hr: {word!r} is outside 1..{len(found)}; nothing was changed")
    row = found[int(word) - 1]
    if not row["stays"]:
        raise UserError(f"hr: {row['address']}: changes its address, cannot be found again by it")
    return row["address"]


def _answer(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        return ""


def _lines(found: list[dict]) -> list[str]:
    return [
        f"{number:>2}  {row['address']}  {row['dbm']:>4} dBm  {row['name'] or '(no name)'}"
        + ("" if row["stays"] else "; changes its address: it cannot be found again by it")
        for number, row in enumerate(found, 1)
    ]


def _word(words: list[str], off: bool) -> str:
    if off:
        if words:
            raise UserError(f"hr --off: takes no address, has {' '.join(words)}")
        return ""
    word = words[0].lower() if len(words) == 1 else ""
    if not _ADDRESS.fullmatch(word):
        raise UserError(f"hr: {' '.join(words)}: {_WANT}")
    return word
