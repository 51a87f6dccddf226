"""What the virtual pod's process listens to: its MicroPython, a serial port, a program that may end."""

from __future__ import annotations

import selectors


class Ears(selectors.DefaultSelector):
    """A selector whose keys' data are what to call when there is something to read."""

    def serve(self, patience_s: float | None) -> None:
        """Call those that have something, waiting for the first of them so long [s]; None: as long as it takes.

        Where there is one alone and no end to the wait, its own read waits: two calls of the system less.
        """
        if patience_s is None and len(self.get_map()) == 1:
            (key,) = self.get_map().values()
            key.data()
            return
        for key, _ in self.select(patience_s):
            key.data()
