"""Files of recordings: the pod's own form (.bsr), arrays (.npz) and tables (.csv)."""

import binascii
import json
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from backstep.core.log import recording as pod_format

from host_tools.errors import UserError
from host_tools.recordings import Recording, placement_of

COLUMNS = ("ax_mg", "ay_mg", "az_mg", "gx_ddps", "gy_ddps", "gz_ddps")


def load(path, key=None, rate_hz=None, placement=None, frame=None) -> Recording:
    """Read a recording from .bsr, .npz (key names the array) or .csv.

    rate_hz [Hz], placement, frame: what the file itself does not say; they win over what it says.
    UserError with the file's name for anything that cannot be read.
    """
    path = Path(path)
    readers = {".bsr": _load_bsr, ".npz": _load_npz, ".csv": _load_csv}
    suffix = path.suffix.lower()
    if suffix not in readers:
        raise UserError(f"{path}: {path.suffix or 'no suffix'!r} is none of {', '.join(readers)}")
    try:
        known = readers[suffix](path, key)
        given = {"rate_hz": rate_hz, "placement": placement, "frame": frame}
        known.update({name: value for name, value in given.items() if value is not None})
        if "rate_hz" not in known:
            raise UserError("the sample rate is not known, want --rate HZ")
        return Recording(**known)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start}: no UTF-8 text") from error
    except ValueError as error:
        raise UserError(f"{path}: {error}") from error


def _load_bsr(path: Path, key) -> dict:
    data = path.read_bytes()
    reader = pod_format.Reader(data, binascii.crc32)
    parts, gaps, count, expected = [], [], 0, 0
    for index, rows, at in reader.blocks():
        if index > expected:
            gaps.append((count, index - expected))
        parts.append(np.array(reader.rows(at), np.int16).reshape(rows, 6))
        count, expected = count + rows, index + rows
    return {
        "samples": np.concatenate(parts) if parts else np.zeros((0, 6), np.int16),
        "rate_hz": reader.rate_mhz / 1000,
        "placement": reader.placement,
        "frame": reader.frame,
        "gaps": tuple(gaps),
        "has_gyro": reader.has_gyro,
    }


@contextmanager
def opened_archive(path: Path):
    """Open a .npz archive; UserError, without the file's name, when it turns out damaged or something else."""
    try:
        with zipfile.ZipFile(path), np.load(path, allow_pickle=False) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UserError(f"no sound .npz archive ({error})") from error


def _load_npz(path: Path, key) -> dict:
    with opened_archive(path) as archive:
        names = archive.files
        if key is None and len(names) == 1:
            key = names[0]
        if key not in names:
            shown = ", ".join(names[:8]) + (" ..." if len(names) > 8 else "")
            asked = "want --key, one" if key is None else f"--key {key!r} is none"
            raise UserError(f"{asked} of its {len(names)} arrays: {shown}")
        known = {"samples": archive[key]}
    known.update(_index_entry(path, key))
    return known


def _index_entry(path: Path, key: str) -> dict:
    """Return what an index.json beside the archive says of one recording in it."""
    index_path = path.parent / "index.json"
    if not index_path.exists():
        return {}
    try:
        for entry in json.loads(index_path.read_text("utf-8"))["recordings"]:
            if entry["archive"] == path.name and entry["key"] == key:
                return {
                    "rate_hz": entry["rate_hz"],
                    "frame": entry["frame"],
                    "placement": placement_of(entry["position"]),
                    "has_gyro": entry["gyro"],
                }
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{index_path.name} beside it: {error!r}, want the recordings' facts") from error
    return {}


def _load_csv(path: Path, key) -> dict:
    lines = [*enumerate(path.read_text("utf-8-sig").splitlines(), 1)]
    comments = [line for _, line in lines if line.startswith("#")]
    (_, header), *rows = [row for row in lines if row[1].strip() and not row[1].startswith("#")] or [(1, "")]
    if tuple(name.strip() for name in header.split(",")) != COLUMNS:
        raise UserError(f"its columns are {header[:80]!r}, want {','.join(COLUMNS)}")
    known: dict = {}
    for word in " ".join(comments).replace("#", " ").split():
        name, _, value = word.partition("=")
        if name in ("rate_hz", "placement", "frame"):
            known[name] = value
    known["samples"] = np.array([_csv_row(*row) for row in rows], dtype=np.int64).reshape(-1, 6)
    return known


def _csv_row(number: int, line: str) -> list[int]:
    try:
        row = [int(cell) for cell in line.split(",")]
    except ValueError:
        row = []
    if len(row) != 6 or not all(-32768 <= value <= 32767 for value in row):
        raise UserError(f"line {number}: {line[:80]!r}, want 6 whole numbers of 16 bits")
    return row


def save(path, recording: Recording) -> None:
    """Write a recording in the pod's own form (.bsr)."""
    with Path(path).open("wb") as out:
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
