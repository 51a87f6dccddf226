"""Which sessions the words of a command mean."""

import os
from dataclasses import dataclass
from pathlib import Path

from host_tools.errors import UserError
from host_tools.sessions import folder, partners
from host_tools.sessions.folder import Brief

FOLDER = Path("sessions")  # where sync puts them by default
LATEST = "latest"
POD = "of this pod alone, by its uid, name or placement, where several were worn (default: all as one)"


@dataclass(frozen=True)
class Folder:
    """The sessions of a folder and of those in it, in the order in which they were; faults: why files are none."""

    path: Path
    sessions: list[Brief]
    faults: list[str]


def folder_of(path: Path, on_one=lambda done, total: None, pod: str = "") -> Folder:
    """Read the heads of a folder's sessions; UserError where there is no session.

    on_one: told (done, total) after each.  pod: whose alone, as of partners.is_of, "" = of all.
    """
    if not path.is_dir():
        raise UserError(f"{path}: there is no such folder; backstep sync --to {path} makes it, or name another")
    os.scandir(path).close()  # a search is silent about a folder that may not be read
    paths = partners.of_pod(sorted(path.rglob("*.bsl")), pod)
    done = iter(range(1, len(paths) + 1))
    found, faults = folder.briefs(paths, lambda: on_one(next(done), len(paths)))
    if not found:
        why = (
            f"none of its {len(paths)} files is a sound session: {faults[0]}" if faults else "no session is in it"
        )
        raise UserError(
            f"{path}: {why}" + ("" if faults else f"; backstep sync --to {path} fetches those of a pod")
        )
    return Folder(path, found, faults)


def session(words: list[str], pod: str = "") -> Path:
    """Return the file that SESSION and DIR mean; each may be left out.

    A path, a name as 00012-01, or "latest", in DIR.  pod: as of folder_of.
    UserError where there is none such, or several.
    """
    if len(words) > 2:
        raise UserError(f"{' '.join(words)}: want one SESSION and one DIR; two sessions: --with OTHER")
    name = words[0] if words else LATEST
    if len(words) == 2:
        return named(name, Path(words[1]), pod)
    if Path(name).is_dir() and name != LATEST:
        return named(LATEST, Path(name), pod)
    return named(name, FOLDER, pod)


def named(name: str, where: Path, pod: str = "") -> Path:
    """Return the file of a session by its path, its name in a folder, or "latest".  pod: as of folder_of."""
    if name == LATEST:
        return folder_of(where, pod=pod).sessions[-1].path
    if Path(name).is_file():
        return _of([Path(name)], pod)[0]
    if not where.is_dir():
        raise UserError(f"{name}: there is no such session, nor a folder {where} to look in; want a file, or DIR")
    found = [path for path in sorted(where.rglob("*.bsl")) if name in (path.stem, path.name)]
    if not found:
        raise UserError(f"{name}: no such session in {where}; backstep sessions {where} lists them")
    found = _of(found, pod)
    if not set(found) <= set(partners.partners(found[0])):
        raise UserError(
            f"{name}: {len(found)} pods have one of that name; want one of {', '.join(map(str, found))}"
        )
    return found[0]


def _of(found: list[Path], pod: str) -> list[Path]:
    """Return those of a pod, which may be called otherwise than its partners'; all for ""."""
    if not pod:
        return found
    return partners.of_pod(list(dict.fromkeys(path for one in found for path in partners.partners(one))), pod)


def week(found: Folder) -> list[Brief]:
    """Return the sessions of the seven days up to the newest one's; UserError where no clock told any its day."""
    last = max(one.day for one in found.sessions)
    if not last:
        raise UserError(
            f"{found.path}: no session knows its day, so there is no week; want --all (and backstep time)"
        )
    return [one for one in found.sessions if last - 7 < one.day <= last]
