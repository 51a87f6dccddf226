"""A pod at the other end of a serial port: its filesystem, through mpremote's raw REPL."""

import ast
import contextlib
import io
import os
import time
from collections.abc import Callable, Iterable

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport
from serial import SerialException

from host_tools.errors import UserError

_CTRL_C, _FRIENDLY, _SOFT_RESET = b"\r\x03", b"\x02", b"\x04"
_PROMPT = b">>> "
_ANSWER_S = 2.0
_READ_S = 2.0  # between two bytes
_POLL_S = 0.01
_WRITE_S = 10.0
_ATTEMPTS = 3
_CHUNK = 2048  # bytes a command; its text must fit into the pod's heap

# Runs on the pod. The app's watchdog cannot be stopped, so it is fed; when the host is gone it restarts the pod.
_ON_POD = """
import os, binascii, hashlib, machine
wdt = machine.WDT(timeout=60000)
def sha256(path):
    wdt.feed()
    try:
        file = open(path, "rb")
    except OSError:
        return None
    digest = hashlib.sha256()
    chunk = memoryview(bytearray(512))
    with file:
        while True:
            n = file.readinto(chunk)
            if not n:
                return binascii.hexlify(digest.digest()).decode()
            digest.update(chunk[:n])
def copy(source, target):
    wdt.feed()
    with open(source, "rb") as old, open(target, "wb") as new:
        while True:
            data = old.read(512)
            if not data:
                break
            new.write(data)
def place(temporary, path, digest):
    if sha256(temporary) != digest:
        return False
    os.rename(temporary, path)
    return True
def tree(folder):
    try:
        rows = list(os.ilistdir(folder))
    except OSError:
        return
    for row in rows:
        path = folder + "/" + row[0]
        if row[1] & 0x4000:
            tree(path)
        else:
            print(path)
"""


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
                self.exec(_ON_POD)
                return
            except TransportError:
                continue
            except OSError as error:
                raise lost(self.port, error) from error
        raise UserError(
            f"{self.port}: no MicroPython answers; is this the pod's port, and is MicroPython on it "
            "(backstep flash)? Pressing its reset button may help"
        )

    def _interrupt(self) -> bytes:
        """Stop what runs; return what was heard: any MicroPython says something to these."""
        self._transport.serial.write(_CTRL_C + _CTRL_C + _FRIENDLY)
        return self._read_until(_PROMPT, _ANSWER_S)

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

    def tree(self, folder: str) -> list[str]:
        """Return the paths of all files under a folder, none when it is not there."""
        return self.exec(f"tree({folder!r})").split()

    def read(self, path: str) -> bytes | None:
        """Return a (small) file's content, None when there is no such file."""
        if self.ask(f"sha256({path!r})") is None:
            return None
        return self.ask(f"open({path!r}, 'rb').read()")

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
            self.exec(f"wdt.feed()\nfile.write({chunk!r})")
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

    def restart(self, wait_s: float) -> str:
        """Soft-reset into main.py; return the first line the firmware prints, "" when it is silent for wait_s [s].

        UserError when it ends in the REPL instead.
        """
        try:
            self._transport.exit_raw_repl()
            self._read_until(_PROMPT, _ANSWER_S)
            self._transport.serial.write(_SOFT_RESET)
            heard = self._read_until(_PROMPT, wait_s, lambda text: _first_line(text) != "")
            if heard.endswith(_PROMPT) or _first_line(heard).startswith(("Traceback", "MicroPython v")):
                heard += b"" if heard.endswith(_PROMPT) else self._read_until(_PROMPT, _ANSWER_S)
                raise UserError(f"{self.port}: the firmware ended: {_last_line(heard)}")
        except OSError as error:
            raise lost(self.port, error) from error
        return _first_line(heard)

    def _read_until(self, ending: bytes, limit_s: float, enough=lambda text: False) -> bytes:
        serial = self._transport.serial
        end_s = time.monotonic() + limit_s
        heard = b""
        while time.monotonic() < end_s and not heard.endswith(ending) and not enough(heard):
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
    if os.name == "posix" and not os.access(port, os.R_OK | os.W_OK):
        return f"{port}: no permission; on most Linux systems: sudo usermod -aG dialout $USER, then log in again"
    return f"{port}: cannot be opened; is another program (a terminal, an IDE) using it?"


def _first_line(heard: bytes) -> str:
    """Return the first whole line after the soft reset's own, "" when there is none yet."""
    lines = heard.partition(b"soft reboot")[2].decode(errors="replace").splitlines(keepends=True)[1:]
    return next((line.strip() for line in lines if line.strip() and line.endswith("\n")), "")


def _last_line(heard: bytes) -> str:
    lines = [line for line in heard.decode(errors="replace").splitlines() if line.strip() not in ("", ">>>")]
    errors = [line for line in lines if "Error" in line or "Interrupt" in line]
    return (errors or lines or ["it printed nothing"])[-1]
