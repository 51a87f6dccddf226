"""A pod at the other end of a serial port: its filesystem, through mpremote's raw REPL."""

import ast
import base64
import contextlib
import io
import os
import re
import time
import zlib
from collections.abc import Callable, Iterable

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport
from serial import SerialException

from host_tools.errors import UserError
from host_tools.talk import announced, port_access
from host_tools.talk.on_pod import ON_POD

_CTRL_C, _FRIENDLY, _SOFT_RESET = b"\r\x03", b"\x02", b"\x04"
_PROMPT = b">>> "
_ANSWER_S = 2.0
_READ_S = 2.0  # between two bytes
_POLL_S = 0.01
_WRITE_S = 10.0
_ATTEMPTS = 3
_CHUNK = 4096  # bytes a command; its text must fit into the pod's heap
_WINDOW_BITS = -12  # deflated without a head, in windows of 4 KiB
_LASTS_S = 1.0  # a firmware that ends so soon after its greeting has not started
GREETING = "backstep on "  # as app/startup.py begins its first line
_ENDS = ("Traceback", "MicroPython v", "backstep: stopped")
_ESP_LOG = re.compile(r"[EWIDV] \(\d+\) ")  # ESP-IDF's own log: level, ms since the start


def lost(port: str, error: OSError) -> UserError:
    """Return what to say of a connection that broke."""
    return UserError(f"{port}: connection lost ({error}); power the pod again and repeat")


class Pod:
    """A pod in its raw REPL. Use as a context manager; every wait has a limit.

    port: serial port or pseudo-terminal.
    UserError when it cannot be opened or nothing like MicroPython answers, and when the connection breaks.
    """

    def __init__(self, port: str):
        self.port = port
        self._transport = _open(port)

    def __enter__(self) -> "Pod":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._transport.close()

    def enter(self) -> None:
        """Interrupt whatever runs, and start over in the raw REPL with an empty heap."""
        for _ in range(_ATTEMPTS):
            try:
                if not self._interrupt():
                    continue
                with contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it did not understand
                    self._transport.enter_raw_repl(soft_reset=True)
                self.exec(ON_POD)
                return
            except TransportError:
                continue
            except OSError as error:
                raise lost(self.port, error) from error
        raise UserError(
            f"{self.port}: no MicroPython answers; is this the pod's port, and is MicroPython on it "
            "(backstep flash)? Plugging it in again may help"
        )

    def _interrupt(self) -> bytes:
        """Stop what runs; return what was heard: any MicroPython says something to these."""
        self._transport.serial.write(_CTRL_C + _CTRL_C + _FRIENDLY)
        return self._read_until(_PROMPT, _ANSWER_S)

    def stop(self) -> None:
        """Have a firmware that runs write out what it holds and end; nothing where none answers."""
        with contextlib.suppress(OSError, TransportError):
            self._interrupt()

    def exec(self, code: str) -> str:
        """Run code on the pod and return what it printed; UserError with its error's last line."""
        try:
            printed, error = self._transport.exec_raw(code)
        except TransportError as broken:
            raise UserError(f"{self.port}: the pod stopped answering ({broken})") from broken
        except OSError as broken:
            raise lost(self.port, broken) from broken
        if error:
            raise UserError(f"{self.port}: on the pod: {error.decode(errors='replace').strip().splitlines()[-1]}")
        return printed.decode(errors="replace")

    def ask(self, expression: str):
        """Return the value of an expression on the pod (a literal)."""
        return ast.literal_eval(self.exec(f"print(repr({expression}))").strip())

    def sha256(self, paths: Iterable[str]) -> dict[str, str]:
        """Return the SHA-256 of those of the files that are on the pod: path -> hexadecimal digest."""
        names = list(paths)
        digests = self.exec(f"for path in {names!r}:\n print(sha256(path))").split()
        return {name: digest for name, digest in zip(names, digests, strict=True) if digest != "None"}

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        """Return the sizes of those of the files that are on the pod: path -> bytes."""
        names = list(paths)
        found = self.ask(f"[size(path) for path in {names!r}]")
        return {name: count for name, count in zip(names, found, strict=True) if count is not None}

    def read(self, path: str, most: int = -1) -> bytes | None:
        """Return a (small) file's content, or the first `most` bytes of it; None when there is no such file."""
        if path not in self.sizes([path]):
            return None
        return self.ask(f"open({path!r}, 'rb').read({most})")

    def free_bytes(self) -> int:
        """Return the free space of the filesystem."""
        block, free = self.ask("(lambda s: (s[1], s[3]))(os.statvfs('/'))")
        return max(0, block * free)  # littlefs may count what is shared twice

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it."""
        for depth in range(2, path.count("/") + 2):
            part = "/".join(path.split("/")[:depth])
            self.exec(f"try:\n os.mkdir({part!r})\nexcept OSError as e:\n if e.errno != 17:\n  raise")

    def write(self, path: str, data: bytes, on_bytes: Callable[[int], None]) -> None:
        """Write a file; on_bytes(count) is told of every chunk."""
        self.exec(f"file = open({path!r}, 'wb')")
        for at in range(0, len(data), _CHUNK):
            chunk = data[at : at + _CHUNK]
            deflating = zlib.compressobj(9, wbits=_WINDOW_BITS)
            text = base64.b64encode(deflating.compress(chunk) + deflating.flush()).decode()
            self.exec(f"put({text!r})")
            on_bytes(len(chunk))
        self.exec("file.close()")

    def copy(self, source: str, target: str) -> None:
        """Copy a file on the pod."""
        self.exec(f"copy({source!r}, {target!r})")

    def place(self, temporary: str, path: str, digest: str) -> bool:
        """Rename a file over another one (one step in LittleFS) if it has that SHA-256; False when not."""
        return self.ask(f"place({temporary!r}, {path!r}, {digest!r})")

    def remove(self, path: str) -> None:
        """Remove a file, which need not be there."""
        self.exec(f"try:\n os.remove({path!r})\nexcept OSError as e:\n if e.errno != 2:\n  raise")

    def clear(self, folder: str, names: tuple[str, ...], endings: tuple[str, ...]) -> None:
        """Remove the files of these names, first, and endings from a folder, and it when nothing else is in it."""
        while self.ask(f"clear({folder!r}, {names!r}, {endings!r})") > 0:
            pass

    def resume(self) -> None:
        """Have the pod start what it has, and wait for nothing."""
        with contextlib.suppress(OSError, TransportError):
            self._transport.exit_raw_repl()
            self._read_until(_PROMPT, _ANSWER_S)
            self._transport.serial.write(_SOFT_RESET)

    def leave_prompt(self, wait_s: float) -> str:
        """Have a pod at its prompt, or in a script that somebody left, start its firmware; as of restart."""
        try:
            self._interrupt()
        except OSError as error:
            raise lost(self.port, error) from error
        return self.restart(wait_s)

    def restart(self, wait_s: float) -> str:
        """Soft-reset into main.py; return the firmware's greeting once it has lasted a second.

        wait_s: the longest it may take to greet [s].  UserError when it ends instead, or stays silent.
        """
        try:
            self.resume()
            lines, greeted_s = [""], 0.0
            heard, end_s = b"", time.monotonic() + wait_s
            while time.monotonic() < end_s:
                heard += self._read_until(_PROMPT, _POLL_S)
                lines = _lines(heard)
                if heard.endswith(_PROMPT) or any(line.startswith(_ENDS) for line in lines):
                    heard += b"" if heard.endswith(_PROMPT) else self._read_until(_PROMPT, _ANSWER_S)
                    raise UserError(f"{self.port}: the firmware ended: {_why_ended(_lines(heard))}")
                greeting = [line for line in lines if line.startswith(GREETING)]
                if greeting and greeted_s and time.monotonic() - greeted_s > _LASTS_S:
                    return greeting[0]
                greeted_s = greeted_s or (time.monotonic() if greeting else 0.0)
        except OSError as error:
            raise lost(self.port, error) from error
        said = f"says {lines[0]!r} and no more" if lines else "says nothing"
        raise UserError(f"{self.port}: the firmware {said} for {wait_s:.0f} s; plug the pod in again")

    def _read_until(self, ending: bytes, limit_s: float) -> bytes:
        serial = self._transport.serial
        end_s = time.monotonic() + limit_s
        heard = b""
        while time.monotonic() < end_s and not heard.endswith(ending):
            time.sleep(_POLL_S)
            heard += serial.read(serial.inWaiting())
        return heard


def _open(port: str) -> SerialTransport:
    try:
        transport = SerialTransport(port)
    except (TransportError, SerialException, OSError):
        raise UserError(why_not_open(port)) from None
    transport.serial.timeout = _READ_S
    transport.serial.write_timeout = _WRITE_S
    return transport


def why_not_open(port: str) -> str:
    """Return why a port could not be opened, and what to do."""
    if os.name == "posix" and not os.path.exists(port):
        return f"{port}: there is no such port; is the pod plugged in?"
    if not port_access.is_serial(port):
        return f"{port}: is no serial port; backstep doctor finds the pod's"
    why, commands = port_access.refusal(port)
    if why:
        return f"{port}: {why}; {', '.join(commands) if len(commands) <= 2 else 'backstep doctor tells more'}"
    held = ", ".join(port_access.holders(port, announced.processes()))
    if held:
        return f"{port}: {held} has it open; end that and repeat"
    return f"{port}: cannot be opened; is another program (a terminal, an IDE) using it?"


def _lines(heard: bytes) -> list[str]:
    """Return the whole lines after the soft reset's own, without ESP-IDF's log."""
    lines = heard.partition(b"soft reboot")[2].decode(errors="replace").splitlines(keepends=True)[1:]
    whole = [line.strip() for line in lines if line.strip() and line.endswith("\n")]
    return [line for line in whole if not _ESP_LOG.match(line)]


def _why_ended(lines: list[str]) -> str:
    errors = [line for line in lines if "Error" in line or "Interrupt" in line or line.startswith(_ENDS[-1])]
    return (errors or lines or ["it printed nothing"])[-1]
