"""Radio: what runs of the radio in this pod, for whoever answers about it or stops it."""


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
        running.writer.say("never asleep: the radio is on")  # light sleep would end its connections
        tasks: tuple = (("radio", self.air.run),)
        for other in self.others:
            tasks += other.wire(running)
        return tasks

    def stop(self) -> None:
        """Switch the radio off, for good."""
        self.air.stop()
