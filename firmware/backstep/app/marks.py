"""Marks: the raw seconds around a sway go to flash, piece by piece, while nothing can be warned of."""

from .faults import reason
from .passing import once


class Marks:
    """Writes what the raw ring holds, once it is marked."""

    def __init__(self, raw, keeper, notifying, folder: str, rate_hz: int, say):
        """Take the parts.

        raw: RawRing.  keeper: SessionKeeper, at rest where nothing can be warned of.  notifying: not busy then.
        folder: made when missing.  rate_hz: of the raw samples [Hz].  say: takes a line for the console.
        """
        self.raw = raw
        self._keeper = keeper
        self._notifying = notifying
        self._folder = folder
        self._rate_hz = rate_hz
        self._say = say
        self._pieces = None

    def keep(self, sample: int) -> None:
        """Want the seconds around the warning at `sample` on flash, as a false alarm."""
        if self.raw.code and self.raw.sample == sample:
            self.raw.wanted = self.raw.marked = True
            self._pieces = None  # what is begun has another name
        else:
            self._say("mark: its raw seconds are not held")

    def rest(self) -> None:
        """Write a piece of what is wanted; called by detecting when the ring is empty, and only then.

        Not while a pattern plays: a flash erase takes long enough to be felt in it.
        """
        if self.raw.wanted and self.raw.still and not self._notifying.busy and self._keeper.at_rest():
            self.write_piece()

    def close(self) -> None:
        """Write all that is wanted, or will be, at once: for the way out."""
        if self.raw.code and self.raw.keeps:
            self.raw.wanted = True
        while self.raw.wanted:
            self.write_piece()

    def write_piece(self) -> None:
        """Write a piece of what is wanted now; the ring is released with the last one."""
        pieces, self._pieces = self._pieces, None  # who breaks into it has it begun anew
        try:
            if not pieces:
                from .mark_file import pieces as begin

                pieces = once(begin, self.raw, self._folder, self._rate_hz)
            path = next(pieces)
            if not path:
                self._pieces = pieces
                return
            self._say("%s: raw seconds kept as %s" % ("mark" if self.raw.marked else "sway", path))
        except (OSError, MemoryError) as error:
            self._say("mark: raw seconds not kept: " + reason(error))
        self.raw.release()
