"""Single keys of a terminal, as they are pressed."""

import contextlib
import os
import select
from typing import Any, TextIO


class Keys:
    """Hears keys without Enter while it is entered; elsewhere than in a terminal of a Unix it hears none.

    heard: whether it does.  stream: what is typed at.
    """

    def __init__(self, stream: TextIO):
        self.heard = False
        self._stream = stream
        self._before: Any = None

    def __enter__(self) -> "Keys":
        with contextlib.suppress(ImportError, OSError, ValueError):
            import termios
            import tty

            number = self._stream.fileno()
            if os.isatty(number):
                self._before = termios.tcgetattr(number)
                tty.setcbreak(number)
                self.heard = True
        return self

    def __exit__(self, *_: object) -> None:
        if self.heard:
            import termios

            termios.tcsetattr(self._stream.fileno(), termios.TCSADRAIN, self._before)
            self.heard = False

    def pressed(self) -> str:
        """Return the key that was pressed since the last look, "" for none."""
        if not self.heard or not select.select([self._stream], [], [], 0)[0]:
            return ""
        pressed = os.read(self._stream.fileno(), 16).decode(errors="replace")
        if not pressed:
            self.__exit__()  # the terminal is gone
        return pressed[:1]
