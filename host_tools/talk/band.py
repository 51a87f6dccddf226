"""Which pods are worn together and what each does there: the checks before anything is written to one."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from host_tools.errors import UserError
from host_tools.talk import band_roles
from host_tools.talk.client import Client
from host_tools.talk.radio_words import does, partners

LEAST, MOST = 2, 4  # as app/radio/band_kept.py has it: a hub holds three links, and one to a phone or strap
PLACEMENTS = ("shoe", "belt", "wrist")
_FLAT = "a pod that is flat answers when its cable has been in for a minute"


@dataclass
class Member:
    """A pod that is to be paired.

    link: to it.  before: what it answered to `paired`.  radio: its setting, as it is stored.
    spots: it belongs to somebody else and buzzes for the wearer's sways, falls and alarms alone.
    """

    link: Client
    before: dict
    radio: str
    spots: bool = False

    @property
    def name(self) -> str:
        """Which pod it is, in words."""
        return named(self.link)

    @property
    def placement(self) -> str:
        """Where it is worn."""
        return self.link.who["placement"]

    @property
    def place(self) -> band_roles.Place:
        """What its partners know it by."""
        return band_roles.Place(self.link.who["name"], self.link.who["uid"], self.placement, self.spots)

    @property
    def radio_wanted(self) -> str:
        """The setting `radio` that lets it hear the others; a phone that it had it keeps."""
        return "both" if self.radio in ("phone", "both") else "pods"


@dataclass(frozen=True)
class Band:
    """Pods worn together.  hub: index of the one that speaks with all others.  code: eight hexadecimal digits."""

    members: list[Member]
    hub: int
    code: str
    key: str

    def values(self, me: int) -> dict:
        """Return what a pod keeps of it, beside its strap.  me: its index."""
        rows = band_roles.rows([member.place for member in self.members])
        return {"band": self.code, "key": self.key, "me": me, "hub": self.hub, "pods": rows}


def planned(members: list[Member], hub: str = "", spotter: str = "") -> Band:
    """Return the band of these pods with a new key, from the system's generator.

    hub, spotter: name, uid or placement of one of them, "" = by itself, nobody.
    UserError for what fits no wearer.
    """
    if not LEAST <= len(members) <= MOST:
        here = ", ".join(member.name for member in members) or "no pod found"
        raise UserError(f"{here}: want {LEAST} to {MOST} pods; {_FLAT}")
    uids = [member.link.who["uid"] for member in members]
    if len(set(uids)) < len(uids):
        raise UserError(f"{', '.join(member.name for member in members)}: two have the same uid")
    if spotter:
        members[_index(members, spotter, "--spotter")].spots = True
    _check_worn([member for member in members if not member.spots])
    for member in members:
        _check_before(member, members)
    at = _index(members, hub, "--hub") if hub else band_roles.hub([member.place for member in members])
    if members[at].spots:
        raise UserError(
            f"--hub {hub}: {members[at].name} is the spotter's, who may stay away: want a wearer's pod"
        )
    return Band(members, at, secrets.token_hex(4), secrets.token_hex(16))


def _check_worn(worn: list[Member]) -> None:
    for where in band_roles.SENSES:  # two would count the same steps twice
        same = [member.name for member in worn if member.placement == where]
        if len(same) > 1:
            raise UserError(
                f"{' and '.join(same)}: one wearer has one {where}; pair two wearers one after the other, each by "
                f"the names of their pods; one that is set wrong: backstep config set placement=..."
            )
    if not any(member.placement in band_roles.SENSES for member in worn):
        raise UserError("no shoe and no belt among them: nothing would be sensed that the others could tell")


def _check_before(member: Member, members: list[Member]) -> None:
    """Refuse to take a pod from partners that are not here: they would go on waiting for it."""
    here = {one.link.who["uid"] for one in members}
    away = [f"{row['placement']} {row['name']}" for row in partners(member.before) if row["uid"] not in here]
    if away:
        raise UserError(
            f"{member.name}: is paired with {', '.join(away)}, not among these; name that too; if it is another "
            f"wearer's, flat for good or lost: backstep pair --remove --port {member.link.port}"
        )


def _index(members: list[Member], word: str, option: str) -> int:
    found = [at for at, member in enumerate(members) if is_called(member.link, word)]
    if len(found) == 1:
        return found[0]
    of = "several of" if found else "none of"
    raise UserError(f"{option} {word}: {of} {', '.join(member.name for member in members)}; want a name or a uid")


def named(link: Client) -> str:
    """Return which pod it is, in words."""
    return f"{link.who['placement']} {link.who['name']} ({link.port})"


def is_called(link: Client, word: str) -> bool:
    """Return whether a word is this pod's name, uid, placement or port."""
    return word in (link.who["name"], link.who["uid"], link.who["placement"], link.port)


def port_in(word: str) -> str:
    """Return the port that a word names, alone or after NAME=; "" where it names none."""
    port = word.rpartition("=")[2]
    return port if "/" in port or re.fullmatch("COM[0-9]+", port, re.IGNORECASE) else ""


def meant(words: list[str], links: list[Client]) -> list[Client]:
    """Return the pods that words mean, in their order, all where there are none.

    words: NAME, PORT or NAME=PORT.  UserError for one that means no pod or several, or another than its name.
    """
    found = [_meant(word, links) for word in words] if words else links
    twice = next((link for link in found if found.count(link) > 1), None)
    if twice:
        raise UserError(f"{named(twice)}: is named twice")
    return found


def _meant(word: str, links: list[Client]) -> Client:
    port = port_in(word)
    name = word.rpartition("=")[0] if port else word
    found = [link for link in links if is_called(link, port or word)]
    here = ", ".join(map(named, links)) or "no pod on USB"
    if len(found) != 1:
        raise UserError(
            f"{word}: {', '.join(map(named, found))}: which one? Name its uid or port" if found
            else f"{word}: no such pod; there is: {here}; {_FLAT}"
        )  # fmt: skip
    (link,) = found
    if name and not is_called(link, name):
        raise UserError(
            f"{word}: at that port is {named(link)}: the wrong pod, or backstep config set placement={name} "
            "--port first"
        )
    return link


def rows(band: Band) -> Iterator[str]:
    """Yield what each pod does in a band, a line each."""
    for at, member in enumerate(band.members):
        about = band.values(at)["pods"][at]
        yield f"  {member.name}: {does(about, at == band.hub)}"
