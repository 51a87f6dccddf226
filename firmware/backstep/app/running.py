"""What a pod that runs is made of, for whoever answers requests about it."""


class Running:
    """The parts of the app by name; in safe mode most of them are None.

    parts: from board.load.  path: of the settings.  state: from state_store.begin.  clock: Clock.
    name: of the pod.  kind: (placement, rate [Hz]).  frame: of the samples.  safe: whether this is safe mode.
    waits: names of settings that were changed and hold from the next start on.
    """

    def __init__(self, parts, path: str, state: dict, clock):
        self.parts = parts
        self.path = path
        self.state = state
        self.clock = clock
        self.name = ""
        self.kind = ("", 0)
        self.frame = ""
        self.safe = False
        self.waits: list[str] = []
        self.keeper = self.detecting = self.notifying = self.sampling = None
        self.health = self.faults = self.writer = self.teller = self.live = None
        self.heading = None  # of a shoe that is worn anyhow

    @property
    def root(self) -> str:
        """The folder of the settings, of the state and of the log, with its slash."""
        return self.path[: self.path.rfind("/") + 1]

    @property
    def recorder(self):
        """The Recorder, None while no chosen minutes are recorded."""
        return self.keeper.recorder if self.keeper else None

    @property
    def book(self):
        """The LogBook, None where nothing is logged."""
        return self.keeper.log if self.keeper else None


def quiet(running) -> bool:
    """Return whether the flash may be written: no turn that may become a sway, no pattern.  running: Running."""
    return running.safe or (running.detecting.calm() and not running.notifying.busy)
