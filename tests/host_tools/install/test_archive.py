"""The archive: what is packed is found again, by the host and by the pod's own filesystem of it."""

import hashlib
import json

import pytest
from backstep.archive import Archive
from hypothesis import given
from hypothesis import strategies as st
from vm import run_on_vm

from host_tools.errors import UserError
from host_tools.install import archive, bytecode, podfiles

FILES = {"manifest.json": b'{"a": 1}\n', "one.mpy": b"M" * 300, "only.mpy": b"", "board.json": b"{}"}


def test_what_is_packed_is_found_again_filled_with_blanks():
    data = archive.packed(FILES)
    assert data[:4] == b"BSA1" and data[4:36] == hashlib.sha256(data[36:]).digest()
    found = archive.unpacked(data)
    assert list(found) == list(FILES)
    for name, content in FILES.items():
        assert found[name].rstrip(b" ") == content and len(found[name]) % 8 == 0


def test_the_beginning_holds_what_is_whole_in_it():
    data = archive.packed(FILES)
    assert list(archive.unpacked(data[:150])) == ["manifest.json"]
    for damaged in (b"", b"BSA1", b"XSA1" + data[4:]):
        with pytest.raises(UserError, match="archive: "):
            archive.unpacked(damaged)


def test_more_than_its_numbers_can_tell_is_refused():
    with pytest.raises(UserError, match="firmware: 600.* bytes, want at most 524280"):
        archive.packed({"large.mpy": bytes(600_000)})


NAMES = st.from_regex(r"[a-z_]{1,9}(\.json)?", fullmatch=True)


@pytest.mark.slow
@given(st.dictionaries(NAMES, st.binary(max_size=600), max_size=8))
def test_the_pods_filesystem_reads_every_file_in_pieces_of_any_size(tmp_path_factory, inside):
    files = {name if "." in name else f"{name}.mpy": data for name, data in inside.items()}
    path = tmp_path_factory.getbasetemp() / "any.pod"
    path.write_bytes(archive.packed(files))
    on_pod = Archive(str(path))
    for name, content in files.items():
        assert on_pod.stat(f"/{name}")[0] == 0x8000
        with on_pod.open(f"/{name}", "rb") as file:
            assert bytes(file.read()).rstrip(b" ") == content.rstrip(b" ")
        piece, found = bytearray(255), b""
        with on_pod.open(f"/{name}", "rb") as file:
            while size := file.readinto(piece):
                found += piece[:size]
        assert found.rstrip(b" ") == content.rstrip(b" ")
    for path in ("/absent.mpy", "/one", "/one.py", "/.mpy", "/absent.json", "/"):
        if path[1:] not in files:
            with pytest.raises(OSError, match="2"):
                on_pod.stat(path)


def test_a_file_that_is_no_whole_archive_is_refused(tmp_path):
    path = tmp_path / "a.pod"
    data = archive.packed(FILES)
    for damaged in (b"", b"BSA1", data[:60], data[:-8], data + b"        ", b"XSA1" + data[4:]):
        path.write_bytes(damaged)
        with pytest.raises((OSError, IndexError)):
            Archive(str(path))


def test_a_vm_imports_from_it_and_finds_no_more_than_there_is(tmp_path):
    inside = {"told.mpy": bytecode.compiled("WORDS = 'x' * 1000\n", "told"), "board.json": b'{"k": [1]}\n'}
    (tmp_path / "a.pod").write_bytes(archive.packed(inside))
    (tmp_path / "archive.mpy").write_bytes(podfiles.firmware_files()["archive.mpy"])
    said = run_on_vm(
        "import sys, vfs, json, archive\n"
        "Archive = [v for v in archive.__dict__.values() if isinstance(v, type) and 'mount' in dir(v)][0]\n"
        f"vfs.mount(Archive({str(tmp_path / 'a.pod')!r}), '/f')\nsys.path.insert(0, '/f')\n"
        "import told\nprint(len(told.WORDS), told.__file__)\n"
        "with open('/f/board.json') as file: print(json.loads(file.read()))\n"
        "try:\n    import absent\nexcept ImportError as error:\n    print(error)\n",
        path=(tmp_path,),
    )
    assert said.split("\n")[:3] == ["1000 /f/told.mpy", "{'k': [1]}", "no module named 'absent'"]


def test_the_manifest_tells_code_board_and_processor_apart():
    one, other, virtual = (
        json.loads(podfiles.slot_files(board, arch)[podfiles.MANIFEST])
        for board, arch in (("qtpy_s3", None), ("qtpy_s3_psram", None), ("virtual", "x86"))
    )
    assert one["code"] == other["code"] != virtual["code"] and one["board_file"] != other["board_file"]
    assert (virtual["arch"], other["arch"], one["board"]) == ("x86", "xtensawin", "qtpy_s3")
