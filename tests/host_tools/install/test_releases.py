"""MicroPython's newest release: found on the page, kept with its sum, and said by whom it is to be fetched."""

import functools
import http.server
import os
import threading

import images
import pytest
from talking import command

from host_tools.errors import UserError
from host_tools.install import image_check, releases, writing

BOARD = "qtpy_s3_psram"
NAME = "ESP32_GENERIC_S3-{}.bin"
OLD, NEW = NAME.format("20250911-v1.26.1"), NAME.format("20260406-v1.28.0")
OTHERS = (
    NAME.format("20260824-v1.29.0-preview.12.g0123456789"),
    "ESP32_GENERIC_S3-SPIRAM_OCT-20260824-v1.29.0.bin",
    NAME.format("20270101-v2.0.0"),
    "ESP32_GENERIC-20260824-v1.29.0.bin",
    NEW.replace(".bin", ".uf2"),
)
IMAGE = images.image(version=b"1.28.0")


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A download page like MicroPython's, by HTTP; returns its folder, and what a board says of it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "site"
    (root / "resources" / "firmware").mkdir(parents=True)
    (root / "download" / "ESP32_GENERIC_S3").mkdir(parents=True)
    rows = [f'<li><a class="x" href="/resources/firmware/{name}">{name}</a></li>' for name in (OLD, *OTHERS, NEW)]
    (root / "download" / "ESP32_GENERIC_S3" / "index.html").write_text("<html>" + "\n".join(rows))
    (root / "resources" / "firmware" / NEW).write_bytes(IMAGE)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/download/ESP32_GENERIC_S3/"
    yield root, {"board": "ESP32_GENERIC_S3", "url": url, "min_version": "1.25.0"}
    server.shutdown()
    server.server_close()


def faults(content):
    return image_check.faults(content, writing.wanted(BOARD)[1])


def newest(where, told=lambda done, total: None):
    return releases.newest(BOARD, where, faults, told)


def test_a_full_disk_is_told_with_the_file_and_leaves_none(site, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"bin(\.sha256)?: No space left on device; make room there, then repeat"):
        newest(site[1])
    assert list(releases.images_folder().iterdir()) == []


def test_the_newest_release_is_fetched_once_and_kept_with_its_sum(site):
    root, where = site
    told = []
    file, said = newest(where, lambda done, total: told.append((done, total)))
    assert file.name == NEW and file.read_bytes() == IMAGE and "SHA-256" in said
    assert told[-1] == (len(IMAGE), len(IMAGE))
    (root / "resources" / "firmware" / NEW).unlink()
    assert newest(where)[0] == file, "from the cache"


def test_a_file_in_the_cache_that_was_damaged_is_fetched_anew(site):
    file, _ = newest(site[1])
    file.write_bytes(b"damaged")
    assert newest(site[1])[0].read_bytes() == IMAGE


def test_a_release_that_is_another_one_than_when_it_was_first_fetched_is_refused(site):
    root, where = site
    file, _ = newest(where)
    file.unlink()
    (root / "resources" / "firmware" / NEW).write_bytes(images.image(version=b"1.27.0"))
    with pytest.raises(UserError, match=r"its SHA-256 is \w+, and was \w+ when it was first fetched; remove "):
        newest(where)


@pytest.mark.parametrize(("content", "said"), ((IMAGE[:-9], "download it again"), (b"<html>", "not an ESP32")))
def test_what_is_no_sound_image_is_said_and_not_kept(site, content, said):
    root, where = site
    (root / "resources" / "firmware" / NEW).write_bytes(content)
    with pytest.raises(UserError, match=said):
        newest(where)
    assert not list(releases.images_folder().glob("*"))


def test_without_a_network_what_is_here_is_taken_or_what_to_fetch_is_said(site):
    _, where = site
    away = where | {"url": "http://127.0.0.1:9/download/ESP32_GENERIC_S3/"}
    with pytest.raises(UserError) as found:
        newest(away)
    assert str(found.value) == (
        f"{away['url']} cannot be reached (Connection refused): fetch ESP32_GENERIC_S3-...bin from {away['url']}, "
        f"then backstep flash {BOARD} --image FILE"
    )
    file, _ = newest(where)
    again, said = newest(away)
    assert again == file and f"{NEW}, fetched before, is taken" in said


def test_a_page_that_has_changed_and_a_link_that_is_dead_are_said(site):
    root, where = site
    (root / "resources" / "firmware" / NEW).unlink()
    with pytest.raises(UserError, match=f"{NEW}: HTTP 404: repeat, or fetch ESP32_GENERIC_S3"):
        newest(where)
    (root / "download" / "ESP32_GENERIC_S3" / "index.html").write_text("all new")
    with pytest.raises(UserError, match="names no release of ESP32_GENERIC_S3 that will do: fetch"):
        newest(where)


def test_flash_takes_it_where_no_image_is_named(site, monkeypatch):
    _, where = site
    asked = writing.wanted(BOARD)[1]
    monkeypatch.setattr(writing, "wanted", lambda board: (where, asked))
    code, out, _ = command("flash", BOARD, "--dry-run")
    assert code == 0 and NEW in out and f"write {releases.images_folder() / NEW}" in out
