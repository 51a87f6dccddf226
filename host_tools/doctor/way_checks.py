"""The checks of the way to a pod: cable, permission, port, USB, who answers; of which chip and firmware it is."""

from backstep.core.version import VERSION

from host_tools.doctor.facts import NOBODY, PROMPT, Facts
from host_tools.doctor.finding import Check, Finding, note, unseen, well, wrong
from host_tools.install.chip_names import mcu_of
from host_tools.install.deploy import OLDEST

_MIB = 1 << 20
_DEPLOY = "backstep deploy --board BOARD"


def cable(facts: Facts) -> Finding:
    if not facts.port_why:
        return well(f"there is {facts.port}")
    said, _, remedy = facts.port_why.removeprefix("port: ").partition("; ")
    if facts.port:
        remedy = "plug it in, with a data cable; backstep doctor alone looks for it"
    return wrong(f"{facts.port}: {said}" if facts.port else said, *([remedy] if remedy else []))


def permission(facts: Facts) -> Finding:
    why, commands = facts.refusal
    return wrong(why, *commands) if why else well("may be opened")


def taken(facts: Facts) -> Finding:
    if not facts.holders:
        return well("nobody else has it open")
    who = ", ".join(facts.holders)
    if "ModemManager" in who:
        said = f"{who} asks every new port whether it is a modem"
        return wrong(said, "wait half a minute, or: sudo systemctl stop ModemManager")
    return wrong(f"{who} has it open", "end that program, then repeat")


def usb(facts: Facts) -> Finding:
    kind = facts.usb.get("kind")
    if not kind:
        return well("not on USB: a pseudo-terminal or a port of its own")
    numbers = f"{facts.usb['vid']:04x}:{facts.usb['pid'] or 0:04x}"
    if kind == "factory":
        return wrong(
            f"{numbers}: runs what the board was sold with (TinyUF2, CircuitPython)",
            "hold BOOT, press and release RESET, release BOOT; then backstep flash BOARD",
        )
    if kind == "other":
        return note(f"{numbers} {facts.usb['product']}: no chip that pods come with", "is this the pod's port?")
    return well(f"native USB ({numbers})" if kind == "native" else f"bridge {facts.usb['product']} ({numbers})")


def answer(facts: Facts) -> Finding:
    if facts.prompt and not facts.prompt.get("archives"):
        return wrong("MicroPython does, and there is no firmware on it", _DEPLOY)
    if facts.restart_why:
        return wrong(f"did not start again: {facts.restart_why}", "backstep deploy, then backstep reasons")
    if facts.answers == PROMPT:
        return wrong("it is at MicroPython's prompt", "backstep reboot")
    if facts.silence:
        said, _, remedy = facts.silence.partition("; ")
        return wrong(said, *([remedy] if remedy else []))
    if facts.hello["safe"]:
        why = f"; the last error: {facts.reasons['error']}" if facts.reasons.get("error") else ""
        early = facts.reasons.get("early", 0)
        return wrong(f"SAFE MODE: {early} starts in a row failed{why}", "backstep reboot; then backstep deploy")
    if facts.first == PROMPT:
        return note("was left at MicroPython's prompt, and is started now")
    if facts.first == NOBODY:
        return note("did not answer until it was started anew just now", "backstep reasons")
    return well("the firmware answers")


def chip(facts: Facts) -> Finding:
    machine = facts.prompt.get("machine") or ""
    found, wanted = mcu_of(machine), facts.board.get("mcu") or facts.hello.get("mcu")
    if found and wanted and found != wanted:
        return wrong(f"is an {found}, its board file says {wanted}", "backstep deploy --board with the right one")
    if found or wanted:
        return well(f"{found or wanted}" + (", as its board file says" if found and wanted else ""))
    return unseen(facts.prompt_why or "nobody tells")


def flash(facts: Facts) -> Finding:
    if not facts.prompt:
        return unseen(facts.prompt_why)
    size, vfs = facts.prompt.get("flash"), facts.prompt.get("vfs")
    image = facts.board.get("image")
    if size and vfs and sum(vfs) > size:
        return wrong(f"{_mib(size)} of flash, the file system wants {_mib(sum(vfs))}", "backstep flash BOARD")
    if size and image:
        end = int(image["vfs_offset"], 16) + int(image["vfs_size"], 16)
        if size < end:
            return wrong(f"{_mib(size)}, its board file says {_mib(end)}", "mend image.vfs_size in the board file")
    if not size and not vfs:
        return unseen("this MicroPython does not tell")
    told = f"{_mib(size)}" if size else "size not told"
    return well(told + (f", {_mib(vfs[1])} of it for files" if vfs else ""))


def micropython(facts: Facts) -> Finding:
    told = facts.prompt.get("version") or facts.hello.get("micropython")
    if not told:
        return unseen(facts.prompt_why or "nobody tells")
    version = tuple(map(int, told.split("."))) if isinstance(told, str) else tuple(told)
    words = ".".join(map(str, version))
    if version < OLDEST:
        return wrong(f"{words} is too old", f"backstep flash BOARD: {'.'.join(map(str, OLDEST))} or newer")
    return well(words)


def firmware(facts: Facts) -> Finding:
    slot = (facts.prompt.get("slot") or "").split()
    where = f", slot {slot[0]}" if slot else ""
    version = facts.hello.get("firmware")
    if not version:
        return wrong("none on it", _DEPLOY) if facts.prompt and not slot else unseen("nobody tells")
    cause = facts.reasons.get("cause", "")
    if cause.startswith("slot "):
        return wrong(f"{version}: went back to {cause}", "backstep deploy, and look at what it says")
    if _numbers(version) < _numbers(VERSION):
        return wrong(f"{version}{where}; here is {VERSION}", "backstep deploy")
    if _numbers(version) > _numbers(VERSION):
        return note(f"{version}{where}, newer than {VERSION} here", "update this command")
    new = f", which has had {slot[1]} starts and not lasted a minute yet" if len(slot) > 1 else ""
    return well(f"{version}{where}{new}")


def files(facts: Facts) -> Finding:
    if facts.status[1].get("logging") is False:
        return wrong("nothing is logged: the flash does not take it", "backstep sync --to DIR --remove")
    if not facts.prompt:
        return unseen(facts.prompt_why)
    space = facts.prompt.get("space")
    if not space:
        return wrong("cannot be read", "backstep rescue --to DIR takes what there is; then backstep flash BOARD")
    if not facts.prompt.get("archives"):
        return wrong("sound, and there is no firmware in it", _DEPLOY)
    return well(f"sound, {_mib(space[0] * space[2])}, firmware in slot {' and '.join(facts.prompt['archives'])}")


def _mib(size: int) -> str:
    return f"{size / _MIB:.0f} MB" if size % _MIB == 0 else f"{size / _MIB:.1f} MB"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


CHECKS = (
    Check("cable", (), cable),
    Check("permission", ("cable",), permission),
    Check("port", ("permission",), taken),
    Check("usb", ("cable",), usb),
    Check("answer", ("port", "usb"), answer),
    Check("chip", ("port", "usb"), chip),
    Check("flash", ("port", "usb"), flash),
    Check("micropython", ("port", "usb"), micropython),
    Check("files", ("port", "usb"), files),
    Check("firmware", ("port", "usb"), firmware),
)
