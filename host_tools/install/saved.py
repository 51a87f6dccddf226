"""What a pod had kept before it is flashed, in a folder of its own until it is on the pod again, and afterwards.

SAVED/UID/unfinished    not known to be on the pod: a repeated `backstep flash` puts it back
SAVED/UID/YYYYMMDD-...  of a flash that came to its end
"""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from host_tools import whole_file
from host_tools.rescue import filesystem, pod_copy
from host_tools.rescue.filesystem import BLOCK_SIZE, Found
from host_tools.rescue.pod_copy import Copy
from host_tools.rescue.rescue import keep_dump, nothing_there
from host_tools.talk.fetching import name_here

_UNFINISHED = "unfinished"
_KEPT = "kept.bin"  # a filesystem with all that is to be on the pod again: backstep rescue --image reads it too
_SPARE = 32  # blocks of it: folders, and room for LittleFS to work


def default_folder() -> Path:
    """Return where copies go."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "backstep" / "saved"


@dataclass
class Saved:
    """The copy of one flash.

    folder: of copies.  at: this one's folder, None before it is made and where there was nothing to save.
    files: path on the pod -> content, of what is to be there again.  copy: what of it can be shown.
    """

    folder: Path
    at: Path | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    copy: Copy | None = None

    def save(self, uid: str, cells: bytes, found: Found) -> None:
        """Save what was found on a pod, before anything on it is changed.

        uid: of the pod.  cells: of its filesystem.  What a flash before this one has saved and not put back is
        taken too, but where the pod has it newer; a pod that is sound and has been used since has all of it.
        """
        place = self.folder / uid / _UNFINISHED
        now = pod_copy.ours(found.files)
        if place.is_dir() and now and not found.lost:
            _finish(place)
        self.files = _files_in(place) | now
        lost = [] if nothing_there(cells, found) else found.lost
        if not self.files and not lost:
            return
        place.mkdir(parents=True, exist_ok=True)
        if lost:
            keep_dump(cells, place)
        self.copy = pod_copy.written(Found(self.files, lost), cells, place)
        self._add_found_by_search(place)
        blocks = _SPARE + sum(2 + len(data) // BLOCK_SIZE for data in self.files.values())
        whole_file.write(place / _KEPT, filesystem.made(self.files, blocks * BLOCK_SIZE))
        self.at = place

    def _add_found_by_search(self, place: Path) -> None:
        """Have sessions and settings put back too that were told apart without the filesystem."""
        if not self.copy or not self.copy.lost:
            return
        known = {name_here(path) for path in self.files}
        for name in self.copy.sessions:
            if name not in known and "_" not in name:
                self.files[f"/log/{name}"] = (place / name).read_bytes()
        if self.copy.settings and not any(path.startswith("/kept/settings.") for path in self.files):
            self.files["/kept/settings.json"] = (place / pod_copy.SETTINGS).read_bytes()

    def finish(self) -> None:
        """Note that all of it is on the pod again, or that it is not to be."""
        if self.at:
            self.at = _finish(self.at)

    def words(self) -> str:
        """Return where it is and how to go on, "" where there is none."""
        if not self.at:
            return ""
        return f"; what the pod had kept is in {self.at}: repeat the same command, and it is put back"


def _files_in(place: Path) -> dict[str, bytes]:
    file = place / _KEPT
    return filesystem.read(file.read_bytes()).files if file.exists() else {}


def _finish(place: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    done, number = place.with_name(stamp), 1
    while done.exists():
        number += 1
        done = place.with_name(f"{stamp}-{number}")
    place.rename(done)
    return done
