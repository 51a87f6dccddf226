"""`backstep pair hr`: which strap tells a pod the heart rate."""

import argparse
import re

from host_tools.errors import UserError
from host_tools.talk.find import connected
from host_tools.talk.telling import tell

_ADDRESS = re.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_WANT = "want the strap's address, as aa:bb:cc:dd:ee:ff, or --off"
_WHERE = "a phone's Bluetooth scanner (nRF Connect) shows it beside the strap's name"


def run(args: argparse.Namespace, words: list[str]) -> int:
    """Choose a strap, or forget it.  words: those after `hr`."""
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
        answer = pod.ask_again("strap", address=word)
    said = f"heart rate from {word}" if word else "no strap any more"
    tell(args, answer, lambda: f"{said}, from the next start on (backstep reboot)")
    return 0


def _word(words: list[str], off: bool) -> str:
    if off:
        if words:
            raise UserError(f"hr --off: takes no address, has {' '.join(words)}")
        return ""
    word = words[0].lower() if len(words) == 1 else ""
    if not _ADDRESS.fullmatch(word):
        raise UserError(f"hr: {' '.join(words) or 'nothing'}: {_WANT}; {_WHERE}")
    return word
