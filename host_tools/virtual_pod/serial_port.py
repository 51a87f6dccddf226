"""A pseudo-terminal that stands for the pod's USB serial port; host programs may open and close it at will."""

from __future__ import annotations

import contextlib
import os
import pty
import time
import tty
from pathlib import Path

_STALL_S = 0.5  # a reader that takes nothing for so long is no reader


class SerialPort:
    """Both ends of a pseudo-terminal; the pod holds its end, programs open `path`.

    link: a symbolic link to make to it, replaced when it is one already.
    """

    def __init__(self, link: Path | None = None) -> None:
        self.fd, self._slave = pty.openpty()  # holding the slave too: a client's close is no hang-up
        tty.setraw(self._slave)
        os.set_blocking(self.fd, False)
        self.path = os.ttyname(self._slave)
        self.link = link
        self._rest = b""
        self._stalled_s: float | None = None
        if link:
            if link.is_symlink():
                link.unlink()
            link.symlink_to(self.path)

    def close(self) -> None:
        """Take the port away, with its link."""
        os.close(self.fd)
        os.close(self._slave)
        if self.link:
            with contextlib.suppress(FileNotFoundError):
                self.link.unlink()

    def read(self) -> bytes:
        """Return what a program wrote to the port."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self.fd, 4096)
        return b""

    def write(self, data: bytes) -> None:
        """Send to whoever reads; flush() tells when it is gone."""
        self._rest += data
        self.flush()

    def flush(self) -> bool:
        """Send on; returns True when nothing is left. With no reader for half a second the rest is dropped."""
        while self._rest:
            try:
                sent = os.write(self.fd, self._rest)
            except BlockingIOError:
                return self._give_up()
            self._rest = self._rest[sent:]
            self._stalled_s = None
        return True

    def _give_up(self) -> bool:
        now_s = time.monotonic()
        if self._stalled_s is None:
            self._stalled_s = now_s
        if now_s - self._stalled_s < _STALL_S:
            return False
        self._rest = b""
        return True
