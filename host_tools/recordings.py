"""Recordings on the laptop: read and write every file form, and resample to what the pod's IMU delivers."""

import binascii
import json
import math
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from backstep.core.log import recording as pod_format

from host_tools.errors import UserError

RATE_LOW_HZ, RATE_HIGH_HZ = 5.0, 4000.0
ACCEL_LIMIT_MG = 15990  # int16 at 0.488 mg/LSB: +-16 g of the LSM6DS family
GYRO_LIMIT_DDPS = 22936  # int16 at 70 mdps/LSB: the +-2000 deg/s range
COLUMNS = ("ax_mg", "ay_mg", "az_mg", "gx_ddps", "gy_ddps", "gz_ddps")


@dataclass(frozen=True)
class Recording:
    """int16 samples (n, 6), ax ay az [mg], gx gy gz [0.1 deg/s]; gaps: (row after it, samples missing)."""

    samples: np.ndarray
    rate_hz: float
    placement: str = "shoe"
    frame: str = "body"
    gaps: tuple[tuple[int, int], ...] = ()
    has_gyro: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", checked_samples(self.samples))
        object.__setattr__(self, "rate_hz", checked_rate(self.rate_hz))
        for name, value, known in (
            ("placement", self.placement, pod_format.PLACEMENTS),
            ("frame", self.frame, pod_format.FRAMES),
        ):
            if value not in known:
                raise UserError(f"{name}: {value!r} is none of {', '.join(known)}")
        rows = [row for row, _ in self.gaps]
        bad = any(missing < 1 or not 0 <= row <= len(self.samples) for row, missing in self.gaps)
        if bad or rows != sorted(set(rows)):
            raise UserError(f"gaps: {self.gaps}, want rising rows 0..{len(self.samples)}, each >= 1 missing")


@dataclass(frozen=True)
class Sensed(Recording):
    """A recording as the pod's IMU delivers it, with the way back to the rows it was made from."""

    source_position: np.ndarray = field(default_factory=lambda: np.zeros(0))
    source_gaps: tuple[tuple[int, int], ...] = ()
    source_rate_hz: float = 0.0
    source_rows: int = 0

    def emitted_row(self, index: int) -> int:
        """Return the last source row that had to be known at pod sample `index` (lost samples count)."""
        return self._row(math.ceil(self._position(index) - 1e-9))

    def nearest_row(self, index: int) -> int:
        """Return the source row nearest in time to pod sample `index`."""
        return self._row(math.floor(self._position(index) + 0.5))

    def _position(self, index: int) -> float:
        return index * self.source_rate_hz / self.rate_hz

    def _row(self, position: int) -> int:
        row = position
        for gap_row, missing in self.source_gaps:
            if row < gap_row:
                break
            row = max(gap_row, row - missing)
        return max(0, min(row, self.source_rows - 1))


def checked_samples(samples) -> np.ndarray:
    """Return samples as an int16 array (n, 6); UserError for another shape, kind or range."""
    array = np.asarray(samples)
    want = "want int16 (n, 6): ax ay az [mg], gx gy gz [0.1 deg/s]"
    if array.ndim != 2 or array.shape[1] != 6:
        raise UserError(f"samples: shape {array.shape}, {want}")
    if array.dtype.kind not in "iu":
        raise UserError(f"samples: {array.dtype} numbers, {want}")
    if array.size and (array.min() < -32768 or array.max() > 32767):
        raise UserError(f"samples: values {array.min()}..{array.max()}, {want}")
    return np.ascontiguousarray(array, dtype=np.int16)


def checked_rate(rate_hz) -> float:
    """Return the sample rate [Hz] as a float; UserError when it is no rate an IMU has."""
    try:
        rate = float(rate_hz)
    except (TypeError, ValueError):
        rate = math.nan
    if not RATE_LOW_HZ <= rate <= RATE_HIGH_HZ:
        raise UserError(f"rate_hz: {rate_hz!r} is outside {RATE_LOW_HZ:g}..{RATE_HIGH_HZ:g} Hz")
    return rate


def placement_of(position: str) -> str:
    """Return the pod placement nearest to a data set's words for where the sensor was."""
    words = position.lower()
    if any(word in words for word in ("foot", "feet", "ankle", "shoe", "instep")):
        return "shoe"
    if any(word in words for word in ("lower back", "waist", "belt", "pelvis")):
        return "belt"
    return "wrist"


def as_sensed(recording: Recording, rate_hz: int) -> Sensed:
    """Return the stream the pod's IMU would deliver: its sample rate [Hz], its full scales, gaps kept.

    Rising or near-equal rates are interpolated linearly; a source more than 1.5 times faster is averaged
    over one output interval first, as the IMU's own low-pass does. Never uses a later row than emitted_row.
    """
    ratio = recording.rate_hz / rate_hz
    parts, gaps, total, expected, row, offset = [], [], 0, 0, 0, 0
    for end, missing in (*recording.gaps, (len(recording.samples), 0)):
        grid, values = _resampled(recording.samples[row:end], row + offset, ratio)
        if len(grid):
            if grid[0] > expected:
                gaps.append((total, int(grid[0]) - expected))
            parts.append(values)
            total += len(values)
            expected = int(grid[-1]) + 1
        row, offset = end, offset + missing
    samples = np.concatenate(parts) if parts else np.zeros((0, 6), np.int16)
    return Sensed(
        samples, float(rate_hz), recording.placement, recording.frame, tuple(gaps), recording.has_gyro,
        source_gaps=recording.gaps, source_rate_hz=recording.rate_hz, source_rows=len(recording.samples),
    )  # fmt: skip


def _resampled(rows: np.ndarray, start: int, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the output indices that fall into rows start.., and their values."""
    first = math.ceil(start / ratio - 1e-9)
    last = math.floor((start + len(rows) - 1) / ratio + 1e-9)
    grid = np.arange(first, last + 1) if len(rows) else np.arange(0)
    if not len(grid):
        return grid, np.zeros((0, 6), np.int16)
    position = np.clip(grid * ratio - start, 0, len(rows) - 1)
    values = _averaged(rows, position, ratio) if ratio > 1.5 else _interpolated(rows, position)
    limit = np.array([ACCEL_LIMIT_MG] * 3 + [GYRO_LIMIT_DDPS] * 3)
    return grid, np.clip(np.rint(values), -limit, limit).astype(np.int16)


def _interpolated(rows: np.ndarray, position: np.ndarray) -> np.ndarray:
    knots = np.arange(len(rows))
    return np.stack([np.interp(position, knots, rows[:, axis]) for axis in range(6)], axis=1)


def _averaged(rows: np.ndarray, position: np.ndarray, width: float) -> np.ndarray:
    total = np.vstack([np.zeros(6), np.cumsum(rows, axis=0, dtype=np.int64)])
    knots = np.arange(len(total))
    high = position + 1
    low = np.maximum(high - width, 0)
    sums = [np.interp(high, knots, total[:, a]) - np.interp(low, knots, total[:, a]) for a in range(6)]
    return np.stack(sums, axis=1) / (high - low)[:, None]


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
