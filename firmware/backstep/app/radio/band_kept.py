"""The band that a pod belongs to, and its wearer's heart strap, as kept in the files band.a and band.b."""

from ...core.compat import const
from ..kept import twin
from ..running import shown

PASSING = True  # see passing.py

PODS_MAX = const(4)  # MicroPython's NimBLE holds four links: a hub three to other pods, one to phone or strap
_PLACEMENTS = ("shoe", "belt", "wrist")
_ROLES = ("senses", "buzzes", "spots")
_TEXTS = ("name", "uid")
_NAME_MAX = const(24)
_ADDRESS = const(17)  # letters of aa:bb:cc:dd:ee:ff


def empty() -> dict:
    """Return what is kept of a pod that has neither band nor strap."""
    return {"band": "", "key": "", "me": 0, "hub": 0, "pods": [], "strap": ""}


def place(kept) -> str:
    """Return where it is kept, without .a or .b: beside the settings.  kept: Kept."""
    return kept.path[: kept.path.rfind("/") + 1] + "band"


def load(kept, say) -> dict:
    """Return what is kept, whole and sound, or else what a pod has that was never paired.

    kept: Kept.  say: takes a line for the console, of what was damaged.
    """
    table, _, faults = twin.read(place(kept))
    for fault in faults:
        say("band: " + fault)
    if table is None:
        return empty()
    try:
        return check(table)
    except ValueError as error:
        for fault in str(error).split("\n"):
            say(fault)
        say("band: this pod is alone; pair it again: backstep pair")
        return empty()


def check(table) -> dict:
    """Return a full table; ValueError with every fault, one a line.

    band: 8 hexadecimal digits, key: 32; both "" where there is no band.  me, hub: places in pods, of this pod and
    of the one that the others are linked to.  pods: of each `name`, `uid`, `placement`, `senses`, `buzzes` and
    `spots`.
    strap: address of a heart strap, aa:bb:cc:dd:ee:ff, or "".
    """
    if not isinstance(table, dict):
        raise ValueError("band: %s is no table" % shown(table))
    full = empty()
    faults = ["band: %s: no such field" % shown(name) for name in table if name not in full]
    full.update(table)
    if not (full["strap"] == "" or is_address(full["strap"])):
        faults.append("band: strap: %s is no address such as aa:bb:cc:dd:ee:ff" % shown(full["strap"]))
    if any([full[name] != value for name, value in empty().items() if name != "strap"]):
        faults += _digits("band", full["band"], 8) + _digits("key", full["key"], 32) + _faults_of_pods(full)
    if faults:
        raise ValueError("\n".join(sorted(faults)))
    return full


def is_address(text) -> bool:
    """Return whether a value is a Bluetooth address, written with small letters."""
    if not isinstance(text, str) or len(text) != _ADDRESS:
        return False
    return text == ":".join([text[at : at + 2] for at in range(0, _ADDRESS, 3)]) and _is_hex(text.replace(":", ""))


def _is_hex(text):
    return all(["0" <= letter <= "9" or "a" <= letter <= "f" for letter in text])


def _digits(name, value, count):
    if isinstance(value, str) and len(value) == count and _is_hex(value):
        return []
    what = "it" if name == "key" else shown(value)  # nobody reads a key in a message
    return ["band: %s: %s is no text of %d hexadecimal digits" % (name, what, count)]


def _faults_of_pods(full):
    pods = full["pods"]
    if not isinstance(pods, list) or not 2 <= len(pods) <= PODS_MAX:
        seen = "%d" % len(pods) if isinstance(pods, list) else shown(pods)
        return ["band: pods: %s, want a list of 2..%d: a hub holds no more links" % (seen, PODS_MAX)]
    faults = []
    for name in ("me", "hub"):
        if not _is_whole(full[name]) or not 0 <= full[name] < len(pods):
            faults.append("band: %s: %s is outside 0..%d" % (name, shown(full[name]), len(pods) - 1))
    for number, pod in enumerate(pods):
        where = "band: pods: %d: " % number
        faults += [where + fault for fault in _faults_of_pod(pod)]
    if not faults and pods[full["hub"]]["spots"]:
        faults.append("band: hub: %d only spots, want a pod of the wearer's" % full["hub"])
    if not faults and len(set([pod["uid"] for pod in pods])) < len(pods):
        faults.append("band: pods: two have the same uid")
    return faults


def _faults_of_pod(pod):
    if not isinstance(pod, dict):
        return ["%s is no table" % shown(pod)]
    faults = ["%s: no such field" % shown(name) for name in pod if name not in _TEXTS + _ROLES + ("placement",)]
    for name in _TEXTS:
        value = pod.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= _NAME_MAX:
            faults.append("%s: %s is no text of 1..%d letters" % (name, shown(value), _NAME_MAX))
    if pod.get("placement") not in _PLACEMENTS:
        faults.append("placement: %s is none of %s" % (shown(pod.get("placement")), ", ".join(_PLACEMENTS)))
    faults += [
        "%s: %s is neither true nor false" % (name, shown(pod.get(name)))
        for name in _ROLES
        if not isinstance(pod.get(name), bool)
    ]
    if not faults and pod["spots"] and pod["senses"]:
        faults.append("senses: a spotter's steps are not the wearer's")
    return faults


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def saved(kept, table) -> None:
    """Keep a full table; OSError when the flash refuses: what was kept stays."""
    for _ in twin.pieces(place(kept), table):
        pass
