"""A pod that runs, at the other end of a serial port: requests and their answers, one line of JSON each.

The protocol is described in firmware/PROTOCOL.md, made from firmware/backstep/app/desk/.
"""

import base64
import binascii
import contextlib
import json
import os
import random
import time
from collections.abc import Callable

import serial

from host_tools.errors import UserError
from host_tools.talk import usb_port
from host_tools.talk.pieces import STRETCH, Sound
from host_tools.talk.pod_link import lost, why_not_open

BAUD = 115200
PIECE = 768  # bytes of a file asked for at once
ANSWER_S = 10.0  # the pod waits up to twice 2 s before it loads what answers, and 5 s before it writes
_HELLO_S = 2.5
_WRITE_S = 8.0
START_S = 40.0  # a pod on a full flash starts that long, and as much again where it is slow
_TRIES = 3
_ID_FIRST_MAX = 1 << 29  # half of what a pod takes
_SLICE_S = 0.05
_CTRL_C = b"\x03"
_NEWER = "backstep deploy brings today's firmware, and what it has kept stays"
_LAST_LINE = "backstep: "  # as firmware/backstep/app/leaving.py writes it
_ECHO = b'"do": '  # of a request: only the prompt echoes
_ERROR = b"error: "  # what the firmware's own complaints begin with, which quote
_UNKNOWN = _ERROR + b"unknown command '{"  # says a firmware that knows no requests yet


class Refused(UserError):  # noqa: N818 - what the pod did
    """The pod understood and declined; nothing was changed."""


class Busy(UserError):  # noqa: N818 - what the pod is
    """The pod could not do it at that moment; its words say why."""


class Silent(UserError):  # noqa: N818 - what the pod is
    """No answer came; whether the request did is not known."""


class AtPrompt(UserError):  # noqa: N818 - where the pod is
    """MicroPython's prompt answered: the firmware has been left.  port: where."""

    def __init__(self, port: str):
        super().__init__(f"{port}: it is at MicroPython's prompt: backstep reboot starts its firmware")
        self.port = port


class Client:
    """Asks a pod. Use as a context manager; every wait has a limit.

    who: what the pod told of itself in meet().
    port: serial port or pseudo-terminal.  UserError when it cannot be opened, when nobody answers, when the
    connection breaks.
    """

    def __init__(self, port: str):
        self.port = port
        self._serial = _opened(port)
        self._in_pieces = usb_port.is_bridge(port)
        self.who: dict = {}
        self._number = random.randrange(_ID_FIRST_MAX)  # what a program before us asked may be answered yet
        self._heard = b""
        self._beside: list[str] = []
        self._pieces: Sound | None = None  # of the stretch that was asked for
        self._send(b"\n")  # ends whatever a program before us began

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._serial.close()

    def ask(self, do: str, limit_s: float = ANSWER_S, **arguments) -> dict:
        """Return the answer to a request; Refused with the pod's own words when it declines."""
        self._number += 1
        line = json.dumps({"id": self._number, "do": do} | arguments)
        self._send(line.encode() + b"\n")
        answer = self._answer(limit_s)
        if answer is None:
            raise self._whose_silence(limit_s)
        if "error" in answer:
            words = "\n".join(f"{self.port}: {line}" for line in str(answer["error"]).splitlines())
            raise Busy(words) if answer.get("busy") else Refused(words)
        return answer["ok"]

    def ask_again(self, do: str, **arguments) -> dict:
        """Return the answer to a request that may be asked twice; it is, where the answer is lost or "not now"."""
        for _ in range(_TRIES - 1):
            with contextlib.suppress(Silent, Busy):
                return self.ask(do, **arguments)
        return self.ask(do, **arguments)

    def meet(self, limit_s: float = START_S, on_wait: Callable[[str], None] = lambda words: None) -> dict:
        """Return who the pod is: it may be starting, or be talking of what a program before us left.

        limit_s: how long it may be silent.  on_wait: told in words that it is waited for, every few seconds.
        AtPrompt where its firmware has been left.
        """
        begun_s = time.monotonic()
        while True:
            try:
                self.who = self.ask("hello", _HELLO_S)
                return self.who
            except (Silent, Refused, Busy) as error:
                waited_s = time.monotonic() - begun_s
                if waited_s >= limit_s:
                    raise self._whose_silence(waited_s) if isinstance(error, Silent) else error from None
            on_wait(f"{self.port}: no answer yet: it may be starting; waits {limit_s - waited_s:.0f} s more")

    def read(self, path: str, offset: int) -> tuple[bytes, int]:
        """Return a piece of a file on the pod, and the file's size now; a damaged piece is asked for again."""
        for _ in range(_TRIES):
            told = self.ask_again("read", path=path, offset=offset, length=PIECE)
            with contextlib.suppress(binascii.Error):
                data = base64.b64decode(told["data"], validate=True)
                if binascii.crc32(data) == told["crc32"]:
                    return data, told["size"]
        raise UserError(f"{self.port}: {path}: damaged on its way {_TRIES} times at {offset}; is the cable sound?")

    def stretch(self, path: str, offset: int, on_data: Callable[[bytes], None]) -> int:
        """Have the next stretch of a file sent; return the file's size now, -1 where that was not told.

        on_data: given its bytes as they come, up to whatever is damaged on its way; nothing at the file's end.
        A pod that sends no streams, or cannot just now, is asked for a piece.
        """
        if "stream" in self.who.get("requests", ()):
            self._pieces = sound = Sound(offset, on_data)
            size = -1
            try:
                size = self.ask("stream", path=path, offset=offset, length=STRETCH)["size"]
            except (Silent, Busy):
                pass  # what came of it is kept
            finally:
                self._pieces = None
            if sound.end > offset or size == offset:
                return size
        data, size = self.read(path, offset)
        on_data(data)
        return size

    def listen(self, on_line: Callable[[str], None], until_s: float) -> None:
        """Pass on what the pod says by itself, and said beside answers, until a time of time.monotonic() [s]."""
        while True:
            beside, self._beside = self._beside, []
            for line in beside:
                on_line(line)
            if time.monotonic() >= until_s:
                return
            self._beside += self._lines()

    def await_end(self, limit_s: float) -> bool:
        """Wait until the firmware that was told to leave has written all it has; return whether it said so."""
        end_s = time.monotonic() + limit_s
        while time.monotonic() < end_s:
            if any(line.startswith(_LAST_LINE) for line in self._lines()):
                return True
        return False

    def _answer(self, limit_s: float) -> dict | None:
        end_s = time.monotonic() + limit_s
        while time.monotonic() < end_s and not self._is_echoed():
            for raw in self._raw_lines():
                if raw.startswith(_UNKNOWN):
                    raise UserError(f"{self.port}: its firmware knows no requests yet: {_NEWER}")
                if self._pieces and raw.startswith(b"="):
                    self._pieces.take(raw)
                    end_s = time.monotonic() + limit_s
                    continue
                line = _text(raw)
                answer = _as_answer(line)
                if answer is not None and answer["id"] in (self._number, None):
                    return answer
                self._beside.append(line)
        return None

    def _is_echoed(self) -> bool:
        return _ECHO in self._heard and not self._heard.startswith(_ERROR)

    def _lines(self) -> list[str]:
        return [_text(raw) for raw in self._raw_lines()]

    def _raw_lines(self) -> list[bytes]:
        try:
            self._heard += self._serial.read(max(1, self._serial.in_waiting))
        except OSError as error:
            raise lost(self.port, error) from error
        *lines, self._heard = self._heard.split(b"\n")
        return lines

    def _send(self, data: bytes) -> None:
        try:
            usb_port.write(self._serial, data, self._in_pieces)
        except OSError as error:
            raise lost(self.port, error) from error

    def _whose_silence(self, waited_s: float) -> UserError:
        if self._is_echoed():
            self._send(_CTRL_C)
            return AtPrompt(self.port)
        silent = f"{self.port}: no answer for {waited_s:.0f} s"
        if self._beside:
            return Silent(f"{silent}; it talks, but does not know requests: {_NEWER}")
        asked = "is this its port, does it sleep (press its button), is the firmware on it (backstep deploy)?"
        return Silent(f"{silent}; {asked}")


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace").strip()


def _as_answer(line: str) -> dict | None:
    if not line.startswith('{"id"'):
        return None
    try:
        answer = json.loads(line)
    except ValueError:
        return None  # damaged on its way
    return answer if "id" in answer and ("ok" in answer or "error" in answer) else None


def _opened(port: str) -> serial.Serial:
    """Open a port and leave DTR and RTS as the system has them: both on, which resets no board."""
    try:
        line = serial.Serial(port, BAUD, timeout=_SLICE_S, write_timeout=_WRITE_S, exclusive=_exclusive())
    except (OSError, ValueError):
        raise UserError(why_not_open(port)) from None
    usb_port.keep_lines(line)
    return line


def _exclusive() -> bool | None:
    return True if os.name == "posix" else None
