"""Foot-off and initial contact of a stride, found as it happens."""


class Times:
    """Foot-off: the foot's last rise to walking speed before its fastest. Contact: the hardest jolt after it.

    A foot that is never twice as fast as that has left when it rose to a quarter of it.
    fastest: the last sample was the fastest so far.
    """

    def __init__(self, off_speed2: int):
        """off_speed2: the squared speed that says the foot has left, as Strapdown gives it."""
        self._off = off_speed2
        self._slow_off = off_speed2 >> 4
        self._fast = off_speed2 << 2
        self.restart(0)

    def restart(self, n: int) -> None:
        """Begin a stride at sample n."""
        self._rise = self._slow_rise = self.start = self.contact = n
        self._above = self._slow_above = False
        self._top = self._jolt = 0
        self.fastest = False

    def feed(self, n: int, speed2: int, motion2: int) -> None:
        """Take sample n's squared speed and motion energy."""
        if speed2 <= self._slow_off:
            self._slow_above = False
        elif not self._slow_above:
            self._slow_above = True
            self._slow_rise = n
        if speed2 <= self._off:
            self._above = False
        elif not self._above:
            self._above = True
            self._rise = n
        self.fastest = speed2 > self._top
        if self.fastest:
            self._top = speed2
            self.start = self._rise if speed2 > self._fast else self._slow_rise
            self.contact = n
            self._jolt = 0
        elif motion2 > self._jolt:
            self._jolt = motion2
            self.contact = n
