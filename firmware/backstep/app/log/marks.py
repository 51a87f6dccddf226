"""Marks: the raw seconds around sways and falls go to flash, piece by piece, while nothing can be warned of."""

from ...core import events
from ..faults import reason
from ..passing import once


class Marks:
    """Writes what the raw rings hold, one after the other, once it is wanted."""

    def __init__(self, rings, sensing, pod, kept, say):
        """rings: RawRings.  sensing, pod, kept: of running.py.  say: takes a line."""
        self._rings = rings
        self._sensing = sensing
        self._kept = kept
        self._say = say
        self._raw = None  # the ring whose pieces are being written
        self._kind = pod.rate_hz, pod.placement, pod.frame
        self._pieces = None

    def keep(self, sample: int) -> None:
        """Want the seconds around the warning at `sample` on flash, as a false alarm."""
        for raw in self._rings:
            if raw.code and raw.sample == sample:
                raw.wanted = raw.marked = True
                if raw is self._raw:
                    self._begin_anew()  # what is begun has another name
                return
        self._say("mark: its raw seconds are not held")

    def rest(self) -> bool:
        """Write a piece of what is wanted, True when it has; called by detecting just after a drain.

        Not while a pattern plays: a flash erase takes long enough to be felt in it. Who walks on before all is
        written has it begun anew at the next rest: what writes takes memory.
        """
        raw, keeper = self._raw or self._next(), self._sensing.keeper
        if raw and self._sensing.quiet() and keeper.at_rest():
            self.write_piece(raw)
            return True
        if self._pieces and keeper.gait_is_recent():
            self._begin_anew()
        return False

    def close(self) -> None:
        """Write all that is wanted, or will be, at once: for the way out."""
        self._begin_anew()
        for raw in self._rings:
            if raw.code and raw.keeps:
                raw.wanted = True
            while raw.wanted:
                self.write_piece(raw)

    def write_piece(self, raw) -> None:
        """Write a piece of what a ring holds; it is released with the last one."""
        pieces, self._pieces = self._pieces, None  # who breaks into it has it begun anew
        self._raw = raw
        try:
            if not pieces:
                from .mark_file import pieces as begin

                self._pieces = once(begin, raw, self._kept, *self._kind)
                return  # loading that has taken long enough
            path = next(pieces)
            if not path:
                self._pieces = pieces
                return
            name = "mark" if raw.marked else "fall" if raw.code == events.FALL else "sway"
            self._say("%s: raw seconds kept as %s" % (name, path))
        except (OSError, MemoryError) as error:
            self._say("mark: raw seconds not kept: " + reason(error))
        self._raw = None
        raw.release()

    def _next(self):
        for raw in self._rings:
            if raw.wanted and raw.still:
                return raw
        return None

    def _begin_anew(self):
        """Close what is begun: a file left open would be written to once its memory is collected."""
        if self._pieces:
            self._pieces.close()
        self._pieces = self._raw = None
