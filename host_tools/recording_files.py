"""Files of recordings: the pod's own form (.bsr), arrays (.npz) and tables (.csv)."""

import binascii
import json
import zipfile
import zlib
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from backstep.core.log import recording as pod_format
from numpy.lib import format as npy
from numpy.lib.npyio import NpzFile

from host_tools import csv_table
from host_tools.errors import UserError
from host_tools.many_rows import AT_ONCE, Rows, let_go
from host_tools.recording_faults import checked
from host_tools.recording_units import OWN_UNITS, Units, in_own_units
from host_tools.recordings import Recording, checked_rate, placement_of
from host_tools.whole_file import whole

_BYTES_AT_ONCE = 1 << 16


def load(
    path, key=None, rate_hz=None, placement=None, frame=None, units: Units = OWN_UNITS,
    on_share: Callable[[float], object] = lambda share: None,
) -> Recording:  # fmt: skip
    """Read a recording from .bsr, .npz (key names the array) or .csv, its filled gaps stated.

    What a shell hands over under /dev, as stdin or <(...), is a table.
    rate_hz [Hz], placement, frame: what the file itself does not say.  units: of a table's or an array's numbers.
    on_share: told now and then how much of a long file is read, 0..1.
    UserError with the file's name for anything that cannot be read, contradicts the file or is no motion in mg.
    """
    path = Path(path)
    readers = {".bsr": _load_bsr, ".npz": _load_npz, ".csv": csv_table.load}
    suffix = path.suffix.lower() or ".csv" * str(path).startswith("/dev/")
    if not path.exists():
        raise UserError(f"{path}: there is no such file")
    if path.is_dir():
        raise UserError(f"{path}: is a folder, want a recording: {', '.join(readers)}")
    if suffix not in readers:
        raise UserError(f"{path}: {path.suffix or 'no suffix'!r} is none of {', '.join(readers)}")
    try:
        if suffix == ".bsr" and not units.own:
            raise UserError("--acc-unit, --gyro-unit: a pod's own recording knows its units")
        known = readers[suffix](path, key, units, on_share)
        for name, value in (("rate_hz", rate_hz), ("placement", placement), ("frame", frame)):
            if value is not None:
                _add(known, name, value)
        if "rate_hz" not in known:
            raise UserError("the sample rate is not known, want --rate HZ")
        if "placement" not in known:
            raise UserError(f"where it was worn is not known, want --placement {'|'.join(pod_format.PLACEMENTS)}")
        known.pop("guessed", None)
        return checked(Recording(**known), guessed_only=suffix == ".bsr")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start}: no UTF-8 text") from error
    except ValueError as error:
        raise UserError(f"{path}: {error}") from error


def _add(known: dict, name: str, value) -> None:
    """Add what an option says; it must not say otherwise than the file does."""
    said = known.get(name)
    if said is None or name in known.get("guessed", ()):
        known[name] = value
    elif checked_rate(said) != value if name == "rate_hz" else said != value:
        raise UserError(f"--{name.removesuffix('_hz')} {value}: the file itself says {said}")


def _load_bsr(path: Path, key, units, on_share) -> dict:
    content = _content(path)
    data = content.data
    reader = pod_format.Reader(data, binascii.crc32)
    made, gaps, count, expected, damaged, lost = Rows(6), [], 0, 0, 0, []
    for index, rows, at in reader.blocks():
        if index > expected:
            gaps.append((count, index - expected))
        if reader.damaged_bytes > damaged:
            lost.append(f"{index - expected} samples before row {count}")
            damaged = reader.damaged_bytes
        made.add(np.array(reader.rows(at), np.int16).reshape(rows, 6))
        count, expected = count + rows, index + rows
        let_go(content)
        on_share(at / len(data))
    if reader.damaged_bytes > damaged:
        lost.append(f"whatever came after row {count}")
    damage = f"{reader.damaged_bytes} of its {len(data)} bytes are unreadable: missing are {', '.join(lost)}"
    return {
        "samples": made.array(),
        "rate_hz": reader.rate_mhz / 1000,
        "placement": reader.placement,
        "frame": reader.frame,
        "gaps": tuple(gaps),
        "has_gyro": reader.has_gyro,
        "damage": damage if lost else "",
    }


def _content(path: Path) -> np.ndarray:
    """Return the bytes of a file, or of a pipe."""
    made = Rows(dtype=np.uint8)
    with path.open("rb") as file:
        while data := file.read(_BYTES_AT_ONCE):
            made.add(np.frombuffer(data, np.uint8))
    return made.array()


@contextmanager
def opened_archive(path: Path):
    """Open a .npz archive; UserError, without the file's name, when it turns out damaged or something else."""
    with damage_told(), zipfile.ZipFile(path), np.load(path, allow_pickle=False) as archive:
        yield archive


@contextmanager
def damage_told():
    """Make a UserError, without the file's name, of what shows that an archive is damaged or something else."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # the last: encrypted
        raise UserError(f"no sound .npz archive ({error})") from error
    except MemoryError as error:
        raise UserError(f"no sound .npz archive, or too large for memory ({error})") from error


def _load_npz(path: Path, key, units: Units, on_share) -> dict:
    if not path.is_file():
        raise UserError("an archive comes through no pipe, want a file")
    with opened_archive(path) as archive:
        names = archive.files
        if key is None and len(names) == 1:
            key = names[0]
        if key not in names:
            shown = ", ".join(names[:8]) + (" ..." if len(names) > 8 else "")
            asked = "want --key, one" if key is None else f"--key {key!r} is none"
            raise UserError(f"{asked} of its {len(names)} arrays: {shown}")
        samples = _array(archive, key)
        if not isinstance(samples, np.ndarray):
            raise UserError(f"{key}: no array")
        if units.own and samples.dtype.kind == "f":
            want = "whole mg and 0.1 deg/s (other units: --acc-unit, --gyro-unit)"
            raise UserError(f"{key}: {samples.dtype} numbers, want {want}")
        known = {"samples": samples if units.own else in_own_units(samples, units)}
    known.update(_index_entry(path, key))
    return known


def _array(archive: NpzFile, key: str) -> np.ndarray:
    """Return one array of an archive; rows of six numbers are read some at a time, as they lie there."""
    assert archive.zip is not None  # while it is open
    name = key if key in archive.zip.namelist() else f"{key}.npy"
    with archive.zip.open(name) as file:
        shape, dtype = _rows_of(file)
        made = Rows(6, dtype=dtype)
        left = shape[0]
        while left:
            some = min(left, AT_ONCE)
            data = file.read(some * 6 * dtype.itemsize)
            if len(data) < some * 6 * dtype.itemsize:
                break
            made.add(np.frombuffer(data, dtype).reshape(-1, 6))
            left -= some
    return archive[key] if left or not shape[0] else made.array()  # numpy says what else it is, or what is wrong


def _rows_of(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    """Return the shape and the kind of an array of rows of six numbers, (0, 6) where there is none."""
    heads = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    try:
        shape, by_columns, dtype = heads[npy.read_magic(file)](file)
    except (ValueError, KeyError):
        return (0, 6), np.dtype(np.int16)
    sound = len(shape) == 2 and shape[1] == 6 and shape[0] > 0 and not by_columns and dtype.kind in "iuf"
    return shape if sound else (0, 6), dtype


def _index_entry(path: Path, key: str) -> dict:
    """Return what an index.json beside the archive says of one recording in it."""
    index_path = path.parent / "index.json"
    if not index_path.exists():
        return {}
    try:
        for entry in json.loads(index_path.read_text("utf-8-sig"))["recordings"]:
            if entry["archive"] == path.name and entry["key"] == key:
                return {
                    "rate_hz": entry["rate_hz"],
                    "frame": entry["frame"],
                    "placement": placement_of(entry["position"]),
                    "has_gyro": entry["gyro"],
                    "guessed": ("placement",),
                }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{index_path.name} beside it: {error!r}, want the recordings' facts") from error
    return {}


def save(path, recording: Recording) -> None:
    """Write a recording in the pod's own form (.bsr), whole or not at all; UserError, OSError as of whole()."""
    with whole(Path(path)) as out:
        writer = pod_format.Writer(
            out.write, binascii.crc32, round(recording.rate_hz * 1000), recording.placement, recording.frame,
            recording.has_gyro,
        )  # fmt: skip
        gaps = dict(recording.gaps)
        for number, row in enumerate(recording.samples.tolist()):
            if number in gaps:
                writer.gap(gaps[number])
            writer.put(row)
        writer.flush()
