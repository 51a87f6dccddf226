"""`backstep pair hr`: which strap tells a pod the heart rate."""

import argparse
import re

from host_tools.errors import UserError
from host_tools.talk.find import connected
from host_tools.talk.telling import tell

_ADDRESS = re.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_WANT = "want the strap's address, as aa:bb:cc:dd:ee:ff, scan to look for straps, or --off"
SCAN = "scan"
_SCAN_S = 20.0


def run(args: argparse.Namespace, words: list[str]) -> int:
    """Choose a strap, look for some, or forget it.  words: those after `hr`."""
    if args.list or args.remove or args.hub or args.spotter:
        raise UserError(f"hr: {_WANT}; --list, --remove, --hub and --spotter are of pods")
    word = _word(words, args.off)
    with connected(args) as pod:
        if "strap" not in pod.who.get("requests", ()):
            raise UserError(f"{pod.port}: its firmware knows no strap: backstep deploy --port {pod.port}")
        radio = pod.ask_again("get")["settings"]["radio"]
        if word and radio == "off":
            raise UserError(
                f"{pod.port}: its radio is off, so that it hears no strap: backstep config set radio=phone, reboot"
            )
        answer = pod.ask("strap", _SCAN_S, address=word)
    tell(args, answer, lambda: _said(word, answer))
    return 0


def _word(words: list[str], off: bool) -> str:
    if off:
        if words:
            raise UserError(f"hr --off: takes no address, has {' '.join(words)}")
        return ""
    word = words[0].lower() if len(words) == 1 else ""
    if word != SCAN and not _ADDRESS.fullmatch(word):
        raise UserError(f"hr: {' '.join(words) or 'nothing'}: {_WANT}")
    return word


def _said(word: str, answer: dict) -> str:
    if word != SCAN:
        return f"heart rate from {word}" if word else "no strap any more"
    found = [f"{row['address']}  {row['rssi']} dBm  {row['name']}".rstrip() for row in answer.get("found", ())]
    none = "no strap heard: wear it, wetted, a metre away; one that a phone or watch has may keep silent"
    return "\n".join(found) or none
