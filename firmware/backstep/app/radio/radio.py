"""Radio: what runs of the radio in this pod, for whoever answers about it or stops it."""

import time

from ...core.compat import const

_SENT_MS = const(100)  # three connection events of a band: so long until the others have it


class Radio:
    """Air, and what speaks through it.

    air: Air.  others: what uses it, each with wire(running) that returns its tasks, (name, run) of each.
    phone, strap, band: of the others, None where that is off.
    """

    def __init__(self, air):
        self.air = air
        self.others: list = []
        self.phone = self.strap = self.band = None

    def wire(self, running) -> tuple:
        """Have everything know the pod that runs; return the tasks.  running: Running."""
        running.writer.say("no light sleep: the radio is on")  # it would end its connections
        tasks: tuple = (("radio", self.air.run),)
        for other in self.others:
            tasks += other.wire(running)
        return tasks

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for this pod's word though it lies still."""
        return self.band is not None and self.band.session.is_awaited

    def rest(self) -> None:
        """Switch the radio off for a rest: the band is told, and every connection ends in order."""
        if self.band:
            self.band.session.rest()
            time.sleep_ms(_SENT_MS)
        self.air.hang_up()
        time.sleep_ms(_SENT_MS)
        self.stop()

    def stop(self) -> None:
        """Switch the radio off, for good."""
        self.air.stop()
