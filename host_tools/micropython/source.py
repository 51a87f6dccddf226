"""MicroPython's source as Debian packages it, fetched with apt but without touching the machine's own apt."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from host_tools.errors import UserError


class Release(NamedTuple):
    """One source tarball that is known to build here, and the Debian suite that has it."""

    suite: str
    version: str
    sha256: str


RELEASES = (
    Release("sid", "1.26.1", "f5ad2ec89d3e921f753d448955af98b6005655f84ba26087dde6ba0e8d062f34"),
    Release("trixie", "1.25.0", "7b25be99a502f070b2de81dafc08da7051d992325d6e67daa9045a918fffdbea"),
)
_DEBIAN_SUITES = ("bullseye", "bookworm", "trixie", "forky", "sid", "unstable", "testing", "stable", "oldstable")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_TIMEOUT_S = 300


def releases() -> tuple[Release, ...]:
    """Return the releases to take, newest first: all, or what MICROPYTHON_RELEASE in the environment says.

    UserError when it names none of them.
    """
    wanted = os.environ.get("MICROPYTHON_RELEASE")
    found = tuple(release for release in RELEASES if wanted in (None, "", release.version))
    if not found:
        known = " or ".join(release.version for release in RELEASES)
        raise UserError(f"MICROPYTHON_RELEASE={wanted}: want {known}")
    return found


def fetch(cache: Path) -> tuple[Release, Path]:
    """Return the newest of the releases to take that can be had, and its tarball in the folder `cache`.

    UserError where there is no apt, no Debian mirror in its configuration, or nothing to be had from it.
    """
    kept = next(((r, _kept(cache, r)) for r in releases() if _kept(cache, r).is_file()), None)
    if kept and sha256(kept[1]) == kept[0].sha256:
        return kept
    if shutil.which("apt-get") is None:
        raise UserError(
            "micropython: no apt-get on this system; build MicroPython's unix port with the variant in "
            f"{Path(__file__).parent / 'variant'} and set MICROPYTHON to it"
        )
    seen = []
    for release in releases():
        for mirror in mirrors(Path("/etc/apt")):
            found = _download(mirror, release, cache)
            if isinstance(found, Path):
                return release, found
            seen.append(found)
    raise UserError("micropython: no source to be had: " + ("; ".join(seen) or "apt names no Debian mirror"))


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def mirrors(etc_apt: Path) -> list[str]:
    """Return `[options] uri` of each Debian mirror the machine's apt uses, security archives left out."""
    found: list[str] = []
    for path in [etc_apt / "sources.list", *sorted((etc_apt / "sources.list.d").glob("*"))]:
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".sources":
            found += _deb822_mirrors(text)
        elif path.suffix == ".list":
            found += _one_line_mirrors(text)
    return list(dict.fromkeys(found))


def _one_line_mirrors(text: str) -> list[str]:
    pattern = re.compile(r"^\s*deb(?:-src)?\s+(\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$", re.MULTILINE)
    found = []
    for options, uri, suite, components in pattern.findall(text):
        if _is_debian(uri, [suite], components.split("#")[0].split()):
            kept = [o for o in options.strip("[] \t").split() if o.split("=")[0] in ("signed-by", "trusted")]
            found.append(_mirror(uri, kept))
    return found


def _deb822_mirrors(text: str) -> list[str]:
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = {k.strip().lower(): v.strip() for k, v in (x.split(":", 1) for x in lines if ":" in x[1:])}
        if fields.get("enabled", "yes").lower() == "no":
            continue
        given = ((key, fields.get(key, "")) for key in ("signed-by", "trusted"))
        options = [f"{key}={value}" for key, value in given if value and " " not in value]
        for uri in fields.get("uris", "").split():
            if _is_debian(uri, fields.get("suites", "").split(), fields.get("components", "").split()):
                found.append(_mirror(uri, options))
    return found


def _is_debian(uri: str, suites: list[str], components: list[str]) -> bool:
    known = any(re.split("[-/]", suite)[0] in _DEBIAN_SUITES for suite in suites)
    return known and "main" in components and "security" not in uri and not uri.startswith("cdrom:")


def _mirror(uri: str, options: list[str]) -> str:
    if not options and _KEYRING.is_file():
        options = [f"signed-by={_KEYRING}"]
    return f"[{' '.join(options)}] {uri}" if options else uri


def _kept(cache: Path, release: Release) -> Path:
    return cache / f"micropython-{release.version}.tar.xz"


def _download(mirror: str, release: Release, cache: Path) -> Path | str:
    """Return the tarball, or in a few words why this mirror does not give it."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="apt-") as scratch:
        root = Path(scratch)
        for folder in ("lists/partial", "archives/partial", "here"):
            (root / folder).mkdir(parents=True)
        (root / "status").touch()
        (root / "sources.list").write_text(f"deb-src {mirror} {release.suite} main\n", encoding="utf-8")
        for command in (["update"], ["source", "--download-only", "--tar-only", f"micropython/{release.suite}"]):
            problem = _apt_get(root, command)
            if problem:
                return f"{release.suite}: {problem}"
        for path in (root / "here").glob("*.orig.tar.*"):
            if sha256(path) == release.sha256:
                return Path(shutil.move(path, _kept(cache, release)))
        return f"{release.suite}: its source is no longer {release.version} with the known hash"


def _apt_get(root: Path, command: list[str]) -> str:
    """Run apt-get with all its state under root; returns its last error line, or an empty text."""
    options = {
        "Dir::Etc::sourcelist": root / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State": root,
        "Dir::State::lists": root / "lists",
        "Dir::State::status": root / "status",
        "Dir::Cache": root,
        "Dir::Cache::archives": root / "archives",
        "APT::Update::Error-Mode": "any",  # a mirror that cannot be reached is an error, no mere warning
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        "Acquire::Check-Valid-Until": "false",  # the pinned hash vouches for the tarball, however old the mirror
    }
    arguments = [f"-o{name}={value}" for name, value in options.items()]
    try:
        done = subprocess.run(
            ["apt-get", "-q", *arguments, *command],
            cwd=root / "here", capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"apt-get {command[0]} took more than {_TIMEOUT_S} s"
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.splitlines() if line.startswith("E:")]
    return (lines or [f"E: apt-get {command[0]} ended with {done.returncode}"])[0][2:].strip()
