"""Commands of the host at a serial port: of a virtual pod that runs, and of a line with a pod's manners."""

import base64
import contextlib
import io
import json
import os
import pty
import select
import threading
import time
import tty
from binascii import crc32

from backstep.app.desk.ask_log import LENGTH_MAX, piece_line

from host_tools.__main__ import main

_LOOK_S = 0.05
_READ_S = 0.2  # in which a host takes what came before the cable is pulled


def while_running(pod, work):
    """Let a virtual pod live while work(port) runs in a thread; return what that did, or raise it."""
    return while_all_run([pod], lambda ports: work(ports[0]))


def while_all_run(pods, work, heard=None):
    """Let virtual pods live while work(ports) runs in a thread; return what that did, or raise it.

    heard: for each, called with the bytes that it prints.
    """
    said: list = []
    ports = [pod.serve_pty() for pod in pods]

    def run() -> None:
        try:
            said.append(work(ports))
        except BaseException as error:
            said.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        for n, pod in enumerate(pods):
            pod.run(heard[n] if heard else None, wall_s=0.05 / len(pods))
    for pod in pods:
        pod.unserve_pty()
    if isinstance(said[0], BaseException):
        raise said[0]
    return said[0]


def command(*words):
    """Return (exit code, stdout, stderr) of one `backstep` command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    return code, out.getvalue(), err.getvalue()


class Line:
    """A serial port with a small pod of its own: who it is, and files it lets be read.

    damage: so many answers to read, or pieces of a stream, are damaged on their way.  mute: it says nothing.
    busy: so many times.  late: so many answers come with the next one.  ahead_ms: its clock, None = never told.
    requests: that it tells it knows.  pieces_left: so many of a stream, then the cable is pulled; -1 = it is not.
    """

    def __init__(self, name="left", uid="01", files=None):
        self.name, self.uid, self.files = name, uid, dict(files or {})
        self.damage = self.busy = self.late = 0
        self.requests: list[str] = []
        self.pieces_left = -1
        self._streamed = b""
        self.settings: dict = {}
        self.growing = ""
        self.ahead_ms: int | None = None
        self.mute = False
        self.asked: list[dict] = []
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        """Pull the cable; again does nothing. A thread left would read whatever gets its file number."""
        if self._open:
            self._open = False
            self._thread.join()

    def _serve(self):
        rest = held = b""
        with contextlib.suppress(OSError):
            while self._open:
                if not select.select([self._master], [], [], _LOOK_S)[0]:
                    continue
                rest += os.read(self._master, 4096)
                *lines, rest = rest.split(b"\n")
                for line in lines:
                    if not line.strip() or self.mute:
                        continue
                    answer = self._answer(json.loads(line)).encode() + b"\r\n"
                    held += self._streamed + answer
                    self._streamed = b""
                    if self.late:
                        self.late -= 1
                    else:
                        os.write(self._master, held)
                        held = b""
        self._open = False
        os.close(self._slave)
        os.close(self._master)

    def _answer(self, asked):
        self.asked.append(asked)
        number, do = asked["id"], asked["do"]
        if self.busy:
            self.busy -= 1
            return json.dumps({"id": number, "busy": True, "error": "moves"})
        try:
            return json.dumps({"id": number, "ok": getattr(self, "_" + do)(asked)})
        except (AttributeError, KeyError) as error:
            return json.dumps({"id": number, "error": str(error)})

    def _hello(self, asked):
        return {"name": self.name, "uid": self.uid, "requests": self.requests}

    def _get(self, asked):
        return {"settings": self.settings, "waits": []}

    def _time(self, asked):
        return {"ahead_ms": self.ahead_ms, "stepped_back": (self.ahead_ms or 0) > 300_000, "uptime_ms": 5}

    def _sessions(self, asked):
        return self._page("log/", asked, lambda path: [False, False])

    def _marks(self, asked):
        return self._page(("marks/", "raw/"), asked, lambda path: [path == self.growing])

    def _page(self, folder, asked, more_of):
        paths = [path for path in sorted(self.files) if path.startswith(folder) and path > asked.get("after", "")]
        files = [[path, len(self.files[path])] + more_of(path) for path in paths[:2]]
        return {"files": files, "more": len(paths) > 2}

    def _read(self, asked):
        data = self.files[asked["path"]]
        if asked["offset"] > len(data):
            raise KeyError("offset")
        piece = data[asked["offset"] : asked["offset"] + asked["length"]]
        shown = base64.b64encode(piece).decode()
        if self.damage:
            self.damage -= 1
            shown = shown[:-4] + "AAA="
        return {"data": shown, "crc32": crc32(piece), "size": len(data)}

    def _stream(self, asked):
        data = self.files[asked["path"]]
        at, end = asked["offset"], asked["offset"] + asked["length"]
        if at > len(data):
            raise KeyError("offset")
        while at < min(end, len(data)) and self.pieces_left:
            self.pieces_left -= 1
            line = piece_line(at, data[at : min(at + LENGTH_MAX, end)]).replace(b"\n", b"\r\n")
            if self.damage:
                self.damage -= 1
                line = line[:-3] + b"?\r\n"
            self._streamed += line + b"a line of the console\r\n"
            at += LENGTH_MAX
        if not self.pieces_left:
            os.write(self._master, self._streamed)
            time.sleep(_READ_S)
            raise OSError
        return {"offset": min(at, end, len(data)), "size": len(data)}

    def _synced(self, asked):
        data = self.files[asked["path"]]
        if (len(data), crc32(data)) != (asked["size"], asked["crc32"]):
            raise KeyError("differs")
        return {"path": asked["path"]}

    def _delete(self, asked):
        del self.files[asked["path"]]
        return {}
