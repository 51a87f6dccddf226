"""Verb `pair`: makes pods that are worn together know each other, over USB; and the heart rate's strap."""

import argparse
import contextlib
import sys

from host_tools.errors import UserError
from host_tools.talk import announced, find, strap
from host_tools.talk.band import Band, Member, meant, named, planned, port_in, rows
from host_tools.talk.client import START_S, Client
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.radio_words import band_lines, partners
from host_tools.talk.telling import tell

_ABOUT = """\
backstep pair                     all pods on USB: those of one wearer
backstep pair shoe belt wrist     by placement, name, uid, port, or NAME=PORT
backstep pair shoe belt al --spotter al     al's buzzes for the wearer's sways
backstep pair --list              who is paired with whom; which links are up
backstep pair --remove --pod left     it forgets its partners; its radio: off
backstep pair hr                  heart rate straps that are near; choose one
backstep pair hr --first | ADDRESS | --off    the nearest; that one; none"""
HEART = "hr"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _ABOUT
    words = "pods by placement, name, uid or port; or hr, with or without a strap's address"
    parser.add_argument("words", nargs="*", metavar="POD", help=words)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="show who is paired with whom")
    what.add_argument("--remove", action="store_true", help="have pods forget their partners")
    what.add_argument("--off", action="store_true", help="after hr: forget the strap")
    parser.add_argument("--first", action="store_true", help="after hr: take the nearest strap")
    parser.add_argument("--hub", metavar="POD", default="", help="which speaks with all others (belt, else shoe)")
    parser.add_argument("--spotter", metavar="POD", default="", help="which is worn by who stands by")
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    if args.words and args.words[0].lower() == HEART:
        return strap.run(args, args.words[1:])
    if args.off:
        raise UserError("--off: forgets the strap: backstep pair hr --off; of pods: --remove")
    if args.first:
        raise UserError("--first: takes the nearest heart strap: backstep pair hr --first")
    if args.port or args.pod:
        if not (args.list or args.remove):
            raise UserError("--port, --pod: are for --list, --remove and hr; pods to pair are named as words")
        with connected(args) as link:
            return _look(args, [link])
    with contextlib.ExitStack() as stack:
        links = meant(args.words, _all(args.words, stack))
        if args.list or args.remove:
            return _look(args, links)
        return _pair(args, links)


def _look(args: argparse.Namespace, links: list[Client]) -> int:
    if not links:
        raise UserError("no pod on USB; plug one in (with a data cable; it may sleep: press its button)")
    for link in links:
        _check_knows(link)
    return (_remove if args.remove else _list)(args, links)


def _all(words: list[str], stack: contextlib.ExitStack) -> list[Client]:
    """Return a client of each pod that words may mean; who is silent is told of, and left out."""
    wanted = [port_in(word) for word in words]
    there = wanted if words else find.everybody()
    if not all(wanted):
        there = [*wanted, *find.ports(), *announced.ports()]
    found = []
    for port in dict.fromkeys(filter(None, there)):
        try:
            found.append(stack.enter_context(find.met(port, START_S if port in wanted else find.AMONG_S)))
        except UserError as error:
            if port in wanted:
                raise
            print(f"left out: {error}", file=sys.stderr)
    return found


def _check_knows(link: Client) -> None:
    if "pair" not in link.who.get("requests", ()):
        raise UserError(f"{named(link)}: its firmware knows no pairing: backstep deploy --port {link.port}")


def _pair(args: argparse.Namespace, links: list[Client]) -> int:
    for link in links:
        _check_knows(link)
        if link.who.get("safe"):
            raise UserError(f"{named(link)}: is in safe mode, where nothing is sensed: backstep doctor")
    members = [Member(link, link.ask_again("paired"), _radio(link)) for link in links]
    band = planned(members, args.hub, args.spotter)
    written(band)
    left = [member.name for member in members if not _restarted(member.link)]
    told = [row | {"port": member.link.port} for row, member in zip(band.values(0)["pods"], members, strict=True)]
    answer = {"band": band.code, "hub": band.hub, "pods": told, "not_restarted": left}
    tell(args, answer, lambda: "\n".join(_said(band, left)))
    return 0


def _said(band: Band, left: list[str]):
    yield f"paired, band {band.code}:"
    yield from rows(band)
    yield "they start anew; pull the cables and wear them: backstep pair --list tells how the links are"
    for name in left:
        yield f"{name}: did not start anew: backstep reboot"


def written(band: Band) -> None:
    """Write a band to all of its pods, or to none.

    UserError with what one of them said; radio settings are put back then, and who had it already forgets it.
    """
    switched: list[Member] = []
    paired: list[Member] = []
    try:
        for member in band.members:
            switched.append(member)
            if member.radio != member.radio_wanted:
                _set_radio(member.link, member.radio_wanted)
        for at, member in enumerate(band.members):
            paired.append(member)
            member.link.ask_again("pair", values=band.values(at))
    except BaseException as error:
        left = [member.name for member in switched if not _put_back(member, member in paired)]
        if not isinstance(error, UserError):
            raise
        lost = [member.name for member in paired if partners(member.before)]
        raise UserError(_why(error, switched[-1] if not paired else paired[-1], left, lost)) from error


def _why(error: UserError, at: Member, left: list[str], lost: list[str]) -> str:
    said = str(error).replace(f"{at.link.port}: ", "")
    words = [f"{at.name}: {said}; nobody was paired"]
    if lost:
        words.append(f"{', '.join(lost)}: paired with nobody now, repeat when that is mended")
    if left:
        words.append(f"not put back: {', '.join(left)}: backstep pair --remove when it answers")
    return "; ".join(words)


def _put_back(member: Member, was_paired: bool) -> bool:
    """Return whether a pod is as it was but for its former partners, whose key nobody knows here."""
    try:
        if was_paired and member.link.ask_again("paired")["band"]:
            member.link.ask_again("unpair")
        if member.radio != member.radio_wanted:
            _set_radio(member.link, member.radio)
    except UserError:
        return False
    return True


def _radio(link: Client) -> str:
    return link.ask_again("get")["settings"]["radio"]


def _set_radio(link: Client, value: str) -> None:
    link.ask_again("set", values={"radio": value})


def _restarted(link: Client) -> bool:
    try:
        link.ask("reboot")
    except UserError:
        return False
    return True


def _remove(args: argparse.Namespace, links: list[Client]) -> int:
    told = [_forgets(link) for link in links]
    here = {link.who["uid"] for link in links}

    def said():
        for link, one in zip(links, told, strict=True):
            yield f"{named(link)}: {'forgot its partners' if one['was'] else 'was not paired'}"
        away = {row["uid"]: row for one in told for row in one["was"] if row["uid"] not in here}
        for row in away.values():
            yield f"{row['placement']} {row['name']} (uid {row['uid']}) has the band still: --remove it there too"

    tell(args, told, lambda: "\n".join(said()))
    return 0


def _forgets(link: Client) -> dict:
    before, radio = link.ask_again("paired"), _radio(link)
    if before["band"]:
        link.ask_again("unpair")
    without = {"pods": "off", "both": "phone"}.get(radio, radio)
    if without != radio:
        _set_radio(link, without)
    restarted = bool(before["band"]) and _restarted(link)
    was = partners(before)
    return {"port": link.port, "uid": link.who["uid"], "was": was, "radio": without, "restarted": restarted}


def _list(args: argparse.Namespace, links: list[Client]) -> int:
    told = [{"port": link.port, "uid": link.who["uid"]} | link.ask_again("paired") for link in links]
    words = [line for link, one in zip(links, told, strict=True) for line in list_lines(named(link), one)]
    tell(args, told, lambda: "\n".join(words))
    return 0


def list_lines(name: str, paired: dict) -> list[str]:
    """Return in lines with whom a pod is paired, and how the links are.  paired: its answer."""
    if paired["band"]:
        found = [f"{name}: band {paired['band']}{', the hub' if paired['me'] == paired['hub'] else ''}"]
    else:
        found = [f"{name}: not paired"]
    found += band_lines(paired)
    return found + ([f"  heart rate from {paired['strap']}"] if paired["strap"] else [])
