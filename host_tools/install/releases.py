"""MicroPython's newest release for a board, from its download page; kept in a cache with its SHA-256.

The page names each image by a link to /resources/firmware/BOARD-YYYYMMDD-vX.Y.Z.bin; previews and other variants
are called otherwise.
"""

import hashlib
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from host_tools import whole_file
from host_tools.cache_folder import cache_folder
from host_tools.errors import UserError

_TIMEOUT_S = 20
_PIECE = 1 << 16
_IMAGE_MAX = 16 << 20
_UNREACHED = (urllib.error.URLError, http.client.HTTPException, OSError)
_LINK = r"""["'=\s]([^"'=\s<>]*/({board}-\d{{8}}-v(\d+)\.(\d+)\.(\d+)\.bin))["'\s>]"""
OnBytes = Callable[[int, int], None]


class _Release(NamedTuple):
    version: tuple[int, ...]
    name: str
    url: str


def newest(board: str, where: dict, check: Callable[[bytes], list[str]], on_bytes: OnBytes) -> tuple[Path, str]:
    """Return the file of the newest release for a board, and a line on where it is from.

    board: as the user calls it.  where: `image` of its file.  check: returns what speaks against an image.
    on_bytes: told (bytes done, bytes in all).  UserError says what to fetch by hand where it cannot be done here.
    """
    by_hand = f"fetch {where['board']}-...bin from {where['url']}, then backstep flash {board} --image FILE"
    try:
        page = _opened(where["url"]).read().decode("utf-8", "replace")
    except _UNREACHED as error:
        kept = _kept(where)
        if kept and _sum_file(kept).read_text("ascii").split()[0] == _sha256(kept.read_bytes()):
            return kept, f"{where['url']} cannot be reached ({_why(error)}): {kept.name}, fetched before, is taken"
        raise UserError(f"{where['url']} cannot be reached ({_why(error)}): {by_hand}") from error
    found = _releases(page, where)
    if not found:
        raise UserError(f"{where['url']}: names no release of {where['board']} that will do: {by_hand}")
    release = max(found)
    try:
        return _fetched(release, check, on_bytes)
    except _UNREACHED as error:
        raise UserError(f"{release.url}: {_why(error)}: repeat, or {by_hand}") from error


def _releases(page: str, where: dict) -> list[_Release]:
    """Return the releases that a page names, of the major version that the board asks for: of its bytecode."""
    first = int(where["min_version"].partition(".")[0])
    links = re.findall(_LINK.format(board=re.escape(where["board"])), page)
    found = [_Release(tuple(map(int, parts)), name, urljoin(where["url"], url)) for url, name, *parts in links]
    return [release for release in found if release.version[0] == first]


def _fetched(release: _Release, check: Callable[[bytes], list[str]], on_bytes: OnBytes) -> tuple[Path, str]:
    file = images_folder() / release.name
    recorded = _sum_file(file).read_text("ascii").split()[0] if _sum_file(file).exists() else ""
    if file.exists() and _sha256(file.read_bytes()) == recorded:
        return file, f"{release.name}: fetched before, SHA-256 {recorded}"
    content = _downloaded(release.url, on_bytes)
    digest = _sha256(content)
    if recorded and digest != recorded:
        raise UserError(
            f"{release.url}: its SHA-256 is {digest}, and was {recorded} when it was first fetched; "
            f"remove {_sum_file(file)} if you trust it"
        )
    faults = check(content)
    if faults:
        raise UserError("; ".join(f"{release.url}: {fault}" for fault in faults))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        whole_file.write(_sum_file(file), f"{digest}  {file.name}\n".encode())
        whole_file.write(file, content)
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}; make room there, then repeat") from error
    return file, f"{release.name}: fetched from {release.url}, SHA-256 {digest}"


def _downloaded(url: str, on_bytes: OnBytes) -> bytes:
    content = b""
    with _opened(url) as answer:
        total = int(answer.headers.get("Content-Length") or 0)
        while piece := answer.read(_PIECE):
            content += piece
            on_bytes(len(content), total)
            if len(content) > _IMAGE_MAX:
                raise UserError(f"{url}: more than {_IMAGE_MAX >> 20} MiB: no image")
    if total and len(content) != total:
        raise http.client.IncompleteRead(content, total - len(content))
    return content


def _opened(url: str):
    asked = urllib.request.Request(url, headers={"User-Agent": "backstep"})
    return urllib.request.urlopen(asked, timeout=_TIMEOUT_S)


def _why(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, http.client.IncompleteRead):
        return f"cut off after {len(error.partial)} bytes"
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)


def _kept(where: dict) -> Path | None:
    """Return the newest release of a board in the cache, its sum beside it."""
    files = [file for file in images_folder().glob(f"{where['board']}-*.bin") if _sum_file(file).exists()]
    return max(files, key=lambda file: _numbers(file.stem.rpartition("-v")[2]), default=None)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def images_folder() -> Path:
    """Return where images are kept."""
    return cache_folder() / "images"


def _sum_file(file: Path) -> Path:
    return file.with_name(file.name + ".sha256")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
