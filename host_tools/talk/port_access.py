"""Whether a serial port may be opened, what gives the right to it, and who has it open.

By /proc: psutil tells of a process's regular files alone, and a serial port is none.
"""

import os
import stat
from pathlib import Path

_PROC = Path("/proc")


def refusal(port: str, vid: int | None = None) -> tuple[str, tuple[str, ...]]:
    """Return why this user may not open a port that is there, "" where he may, and the commands that mend it.

    vid: of the device, where it is on USB.
    """
    if os.name != "posix" or os.access(port, os.R_OK | os.W_OK):
        return "", ()
    import grp

    facts = os.stat(port)
    if facts.st_gid == 0 or not facts.st_mode & stat.S_IRGRP or not facts.st_mode & stat.S_IWGRP:
        return "no permission, and there is no group to join for it", _rule(vid)
    try:
        group, members = grp.getgrgid(facts.st_gid).gr_name, grp.getgrgid(facts.st_gid).gr_mem
    except KeyError:
        return f"no permission: it is of group {facts.st_gid}, which has no name here", _rule(vid)
    if _user() in members and facts.st_gid not in os.getgroups():
        return f"no permission yet: you joined group {group} after this login", ("log out and in again",)
    return (
        f"no permission: it is of group {group}, and you are not in that",
        (f"sudo usermod -aG {group} $USER", "then log out and in again"),
    )


def is_serial(port: str) -> bool:
    """Return whether what is at a path may be a serial port; one that cannot be opened counts."""
    if os.name != "posix":
        return True
    if not stat.S_ISCHR(os.stat(port).st_mode):
        return False
    try:
        handle = os.open(port, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return True
    try:
        return os.isatty(handle)
    finally:
        os.close(handle)


def holders(port: str, but: frozenset[int] = frozenset(), proc: Path = _PROC) -> list[str]:
    """Return which other programs have a port open, as "name (process)"; [] where the system does not tell.

    but: processes that do not count.  proc: where Linux tells of processes; another user's only to root.
    """
    target = os.path.realpath(port)
    numbers = {int(path.name) for path in proc.glob("[0-9]*")} - but - {os.getpid()}
    found = [proc / str(number) for number in sorted(numbers)]
    return [f"{_name(process)} ({process.name})" for process in found if _has(process, target)]


def _has(process: Path, target: str) -> bool:
    try:
        return any(os.readlink(file) == target for file in (process / "fd").iterdir())
    except OSError:
        return False  # it has ended, or is another user's


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return "a program"


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _rule(vid: int | None) -> tuple[str, ...]:
    """Return the commands that have whoever sits at this computer open the port, from udev 183 on."""
    device = f'ATTRS{{idVendor}}=="{vid:04x}"' if vid else 'KERNEL=="ttyACM*|ttyUSB*"'
    return (
        f"""echo 'SUBSYSTEM=="tty", {device}, TAG+="uaccess"' |""",
        "    sudo tee /etc/udev/rules.d/60-backstep.rules",
        "sudo udevadm control --reload && sudo udevadm trigger",
        "then plug it in again",
    )
