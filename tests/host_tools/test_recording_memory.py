"""What hours of samples take on their way to a detector: what minutes do, and a file that nobody sees."""

import io
import os
import resource
import signal
import subprocess
import sys
import threading
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib import format as npy
from small_recordings import HEADER, noisy, table

from host_tools import many_rows
from host_tools.__main__ import main
from host_tools.event_words import print_events
from host_tools.full_scale import full_scale
from host_tools.many_rows import AT_ONCE, Rows, pieces, quantile
from host_tools.recording_doubts import doubts
from host_tools.recording_faults import checked
from host_tools.recording_files import load, save
from host_tools.recordings import Recording, as_sensed

ROWS = 200_000
LEAST = 12  # bytes a row: six numbers of 16 bits
FACTS = {"rate_hz": 208, "placement": "belt"}
HEAD = "# rate_hz=208 placement=belt\n" + HEADER


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Return a folder for temporary files, and have many rows begin at a few."""
    folder = tmp_path / "room"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(many_rows, "_IN_MEMORY", 1 << 16)
    return folder


def taken(step) -> float:
    """Return the most that a step holds at once beyond what was there before [bytes a row]."""
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / ROWS


def many(rate_hz=208):
    return Recording(np.resize(noisy(5000), (ROWS, 6)), rate_hz, "belt")


@pytest.mark.parametrize("rate_hz", [100, 208, 400])
def test_a_long_recording_is_sensed_in_the_memory_of_a_short_one(rate_hz, room):
    recording = many(rate_hz)
    assert taken(lambda: as_sensed(recording, 104)) < LEAST


@pytest.mark.parametrize("step", [checked, doubts, lambda recording: full_scale(recording.samples)])
def test_a_long_recording_is_looked_at_in_the_memory_of_a_short_one(step, room):
    recording = many()
    assert taken(lambda: step(recording)) < LEAST


@pytest.mark.parametrize("suffix", [".npz", ".csv"])
def test_a_long_file_is_read_in_the_memory_of_a_short_one(suffix, tmp_path, room):
    path = tmp_path / f"long{suffix}"
    if suffix == ".csv":
        lines = [",".join(map(str, row)) + "\n" for row in noisy(5000).tolist()]
        path.write_text(HEAD + "".join(lines * (ROWS // len(lines))))
    else:
        np.savez_compressed(path, many().samples)
    held = []
    assert taken(lambda: held.append(load(path, **FACTS))) < LEAST
    assert len(held[0].samples) == ROWS and (held[0].samples == many().samples).all()
    assert list(room.iterdir()) == []


def test_what_is_read_comes_to_the_same_however_it_is_kept(tmp_path, room, monkeypatch, capsys):
    samples = np.resize(noisy(500), (12000, 6))
    samples[3000:3300, :3] += np.random.default_rng(2).integers(-3000, 3000, (300, 3), dtype=np.int16)
    samples[4090:4100] = samples[8191] = 0
    np.savez(tmp_path / "a.npz", samples)
    np.savez(tmp_path / "b.npz", samples.astype(np.int64))
    table(tmp_path / "c.csv", samples.tolist(), HEAD)
    save(tmp_path / "d.bsr", Recording(samples, 208, "belt"))
    answers = []
    for limit in (1, 1 << 30):
        monkeypatch.setattr(many_rows, "_IN_MEMORY", limit)
        for name in ("a.npz", "b.npz", "c.csv", "d.bsr"):
            facts = ["--rate", "208", "--placement", "belt"]
            assert main(["replay", str(tmp_path / name), "--json", *facts]) == 0
            answer = capsys.readouterr()
            answers.append((answer.out, answer.err.replace(name, "")))
    assert len(set(answers)) == 1 and answers[0][0].count('"gap"') == 1
    assert "10 from row 4090" in answers[0][1] and "1 more runs, 11 rows in all" in answers[0][1]


@pytest.mark.parametrize("rate_hz", [52, 104, 208, 500])
def test_pieces_of_a_long_recording_join(rate_hz, monkeypatch):
    samples = np.random.default_rng(8).integers(-3000, 3001, (3000, 6)).astype(np.int16)
    recording = Recording(samples, rate_hz, "belt", gaps=((1000, 7),))
    whole = as_sensed(recording, 104)
    monkeypatch.setattr("host_tools.recordings.AT_ONCE", 37)
    assert (as_sensed(recording, 104).samples == whole.samples).all()


@pytest.mark.parametrize("first", [0, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE - 60])
@pytest.mark.parametrize("rows", [3, 60, AT_ONCE + 7])
def test_what_is_held_across_pieces_is_one_gap(first, rows):
    samples = noisy(4 * AT_ONCE)
    samples[first : first + rows] = samples[first]
    samples[first + rows] = (900, 0, 1000, 0, 0, 0)
    assert checked(Recording(samples, 208, "belt")).filled == ((first, rows),)


@pytest.mark.parametrize("content", ["rows", "bytes"])
def test_a_file_of_rows_has_no_name_and_gives_them_back(content, room):
    rows = noisy(40000) if content == "rows" else noisy(40000).view(np.uint8).ravel()
    made = Rows(6) if content == "rows" else Rows(dtype=np.uint8)
    for _, some in pieces(rows, 1000):
        made.add(some)
    found = made.array()
    assert (found == rows).all() and not found.flags.writeable
    assert all((some == rows[begin : begin + 77]).all() for begin, some in pieces(found, 77))
    assert list(room.iterdir()) == []


def test_letting_go_of_an_array_of_somebody_else_loses_nothing(tmp_path):
    np.save(tmp_path / "a.npy", noisy(5000))
    mine = np.load(tmp_path / "a.npy", mmap_mode="c")
    mine[:] = 7
    assert all((some == 7).all() for _, some in [*pieces(mine), *pieces(mine)])


@given(
    st.lists(st.integers(0, 3 << 30) | st.integers(0, 70), min_size=1, max_size=40),
    st.sampled_from([0, 0.1, 0.5, 0.95, 1]),
)
def test_a_quantile_of_pieces_is_that_of_all(numbers, share):
    parts = [np.array(numbers[begin : begin + 7], np.int64) for begin in range(0, len(numbers), 7)]
    assert quantile(lambda: iter(parts), len(numbers), share) == pytest.approx(np.quantile(numbers, share))


REPLAY = "import sys; from host_tools.__main__ import main; sys.exit(main(sys.argv[1:]))"


def replayed(path, limit_bytes, folder):
    """Run the command where no file may be longer."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return subprocess.run(
        [sys.executable, "-c", REPLAY, "replay", str(path), "--rate", "208", "--placement", "belt"],
        env={**os.environ, "TMPDIR": str(folder)}, preexec_fn=limit, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_full_disk_is_told_in_one_line(tmp_path):
    np.savez_compressed(tmp_path / "long.npz", np.resize(noisy(5000), (500_000, 6)))
    folder = tmp_path / "room"
    folder.mkdir()
    ended = replayed(tmp_path / "long.npz", 1 << 20, folder)
    assert ended.returncode == 2 and ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert str(folder) in line and "TMPDIR=DIR" in line and list(folder.iterdir()) == []


def test_a_long_table_comes_through_a_pipe(tmp_path, room):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    rows = np.resize(noisy(500), (3 * AT_ONCE, 6))
    writer = threading.Thread(target=table, args=(path, rows.tolist(), HEAD))
    writer.start()
    found = load(path)
    writer.join()
    assert (found.samples == rows).all()


def test_what_a_shell_hands_over_under_dev_is_a_table(tmp_path):
    told = HEAD + "".join(",".join(map(str, row)) + "\n" for row in noisy(500).tolist())
    ended = subprocess.run(
        [sys.executable, "-c", REPLAY, "replay", "/dev/stdin"],
        input=told, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "no events\n", "")


def test_an_archive_through_a_pipe_is_refused(tmp_path):
    reads, writes = os.pipe()
    os.close(writes)
    (tmp_path / "pipe.npz").symlink_to(f"/dev/fd/{reads}")
    with pytest.raises(ValueError, match="no pipe, want a file"):
        load(tmp_path / "pipe.npz", **FACTS)


def test_each_event_is_printed_before_the_next_is_found(capsys):
    def found():
        for sample in range(3):
            yield {"event": "gap", "sample": sample, "missing": 5}
            assert capsys.readouterr().out.count("\n") >= 1

    for as_json in (True, False):
        print_events(found(), 100, as_json)


@pytest.mark.parametrize("rows", [-5, 10**12])
def test_an_archive_that_says_it_has_impossibly_many_rows_is_refused(rows, tmp_path):
    head = io.BytesIO()
    npy.write_array_header_1_0(head, {"descr": "<i2", "fortran_order": False, "shape": (rows, 6)})
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("one.npy", head.getvalue() + noisy(100).tobytes())
    with pytest.raises(ValueError, match="negative|too large"):
        load(tmp_path / "a.npz", **FACTS)


def test_an_archive_that_is_encrypted_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", noisy(10))
    data = bytearray((tmp_path / "a.npz").read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.npz").write_bytes(data)
    with pytest.raises(ValueError, match="encrypted"):
        load(tmp_path / "a.npz", **FACTS)


def test_an_archive_of_something_else_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("one.npy", "hello")
    with pytest.raises(ValueError, match="one: no array"):
        load(tmp_path / "a.npz", **FACTS)
