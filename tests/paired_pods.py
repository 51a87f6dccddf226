"""Lines with the manners of pods that can be paired: one with a radio, as the protocol has it."""

from talking import Line


class Paired(Line):
    """A pod that keeps a band.

    placement, radio: its settings.  band: what it keeps, {} = not paired.
    refuses: requests that it declines, with its words.  pulled: the request at which its cable is pulled.
    """

    def __init__(self, placement, name="pod", uid="01", radio="off", band=None):
        self.placement, self.radio, self.band = placement, radio, dict(band or {})
        self.strap, self.links, self.spread_ms = "", [], -1
        self.near: list[list] = []  # straps
        self.bpm = -1
        self.refuses: dict[str, str] = {}
        self.pulled = ""
        self.safe = self.waits = False
        self.why = ""  # its radio is off
        super().__init__(name, uid)
        self.requests = ["hello", "get", "set", "pair", "unpair", "paired", "strap", "reboot"]

    @property
    def did(self) -> list[str]:
        """The requests that were asked for, but for those that only look."""
        return [one["do"] for one in self.asked if one["do"] not in ("hello", "get", "paired")]

    def _answer(self, asked):
        if asked["do"] == self.pulled:
            raise OSError
        if asked["do"] in self.refuses:
            self.asked.append(asked)
            words = self.refuses[asked["do"]]
            return f'{{"id": {asked["id"]}, "error": "{words}"}}'
        return super()._answer(asked)

    def _hello(self, asked):
        return super()._hello(asked) | {"placement": self.placement, "safe": self.safe}

    def _get(self, asked):
        return {"settings": {"radio": self.radio, "placement": self.placement}, "waits": []}

    def _set(self, asked):
        self.radio = asked["values"]["radio"]
        return {"changed": ["radio"], "waits": ["radio"]}

    def _pair(self, asked):
        self.band = asked["values"]
        return {"waits": True}

    def _unpair(self, asked):
        if not self.band:
            raise KeyError("unpair: this pod is in no band")
        self.band = {}
        return {"waits": True}

    def _paired(self, asked):
        empty = {"band": "", "me": 0, "hub": 0, "pods": []}
        told = {name: value for name, value in self.band.items() if name != "key"}
        clock = {"hub_up": self.spread_ms >= 0, "clock_spread_ms": self.spread_ms}
        links = {"strap": self.strap, "links": self.links, "dropped": 0, "bpm": self.bpm}
        return empty | told | clock | links | {"waits": self.waits, "why": self.why}

    def _strap(self, asked):
        self.strap = asked["address"]
        return {"waits": True}

    def _straps(self, asked):
        return {"straps": self.near}

    def _reboot(self, asked):
        return {}
