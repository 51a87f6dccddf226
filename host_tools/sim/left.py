"""What a crew's pods leave in their flash, put into a folder as `backstep sync` would fetch it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from backstep.core import settings

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.sim.worn import Worn, WornPod
from host_tools.talk import chests
from host_tools.talk.sync import keep_settings
from host_tools.virtual_pod.flash_image import read_files

_LOGS = ".bsl"


def check(to: Path, worn: Iterable[Worn]) -> None:
    """UserError where a folder takes no files, or has sessions of such pods: they would be taken for the same."""
    whole_file.check_folder(to)
    for one in worn:
        folder = to / one.unique_id.hex()
        if next(folder.glob(f"*{_LOGS}"), None):
            raise UserError(f"--to {to}: {folder.name} has a session of this {one.placement}; want another folder")


def on_flashes(worn: Sequence[Worn], folder: Path) -> list[Worn]:
    """Return the pods, each with its flash in a file of a folder."""
    return [replace(one, flash=str(folder / f"{one.called}.flash")) for one in worn]


def put(pods: Iterable[WornPod], to: Path) -> list[Path]:
    """Put what pods that lived on their own flashes kept into a folder; return the files of their sessions."""
    found = []
    for pod in pods:
        assert pod.worn.flash
        folder = to / pod.worn.unique_id.hex()
        folder.mkdir(parents=True, exist_ok=True)
        keep_settings(settings.check(pod.run.pod.all_settings()), folder)
        for path, data in read_files(Path(pod.worn.flash)).items():
            name = PurePosixPath(path).name
            if path.endswith(_LOGS):
                found.append(folder / name)
                whole_file.write(found[-1], data)
            elif path.endswith(chests.SUFFIXES):
                (folder / "raw").mkdir(exist_ok=True)
                whole_file.write(folder / "raw" / name, data)
                chests.unpacked(folder / "raw" / name)
    return found
