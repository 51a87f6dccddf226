"""A pod's IMU and haptic driver for CPython, strict and in virtual time."""

from array import array

REST = (0, 0, 1000, 0, 0, 0)
ENODEV, EIO = 19, 5


class Imu:
    """Samples at its rate into a FIFO of `depth`; INT1 rises when the watermark is reached."""

    RATES_HZ = (26, 52, 104, 208)

    def __init__(self, world, rows=(), depth=200):
        self.world = world
        self.rows = rows
        self.depth = depth
        self.overflows = 0
        self.rate_permille = 1000
        self.is_tagged = True  # tells its true rate
        self.true_permille = 1000
        self.refuses = None  # message of probe, and every transfer fails
        self.drain_error = None  # raised by the next drains
        self.stuck = False  # True: every sample at rest is the same
        self.edges = True  # False: the interrupt line is broken
        self.stopped = 0
        self.started = []  # times [ms]
        self.drains = 0
        self.on_edge = None
        self._probed = False
        self._run = 0
        self._rate_hz = 0
        self._fifo = []
        self._lost = 0
        self._next = 0

    def probe(self):
        if self.refuses:
            raise OSError(ENODEV, self.refuses)
        self._probed = True

    def start(self, rate_hz, watermark):
        assert self._probed, "start before probe"
        assert rate_hz in self.RATES_HZ and 1 <= watermark <= 255
        if self.refuses:
            raise OSError(ENODEV)
        self.started.append(self.world.now_us // 1000)
        self._rate_hz, self._watermark = rate_hz, watermark
        self._fifo.clear()
        self._lost = 0
        self._begin()

    def _begin(self):
        self._run += 1
        run, from_us, count = self._run, self.world.now_us, 0
        period_us = 1_000_000_000 / (self._rate_hz * self.true_permille)

        def sample():
            nonlocal count
            if run != self._run:
                return
            count += 1
            self._sample()
            self.world.at_us(round(from_us + (count + 1) * period_us), sample)

        self.world.at_us(round(from_us + period_us), sample)

    def _sample(self):
        row = self.rows[self._next] if self._next < len(self.rows) else REST
        if row == REST and not self.stuck:
            row = REST[:5] + (self._next % 3 - 1,)  # noise
        self._next += 1
        if len(self._fifo) == self.depth:
            self._lost += 1
            return
        self._fifo.append(row)
        if len(self._fifo) == self._watermark and self.edges and self.on_edge:
            self.on_edge(None)

    def freeze(self):
        """The sensor stops on its own, as after a brown-out."""
        self._run += 1

    def drain_into(self, taker):
        assert self._run, "drain before start"
        self.drains += 1
        if self.drain_error:
            raise self.drain_error
        if self.refuses:
            raise OSError(ENODEV)
        count = min(len(self._fifo), taker.room)
        for index, row in enumerate(self._fifo[:count]):
            taker.behind = count - index - 1
            taker.extend(array("h", row), 1)
        del self._fifo[:count]
        if self._lost and not self._fifo:
            taker.gap(self._lost)
            self.overflows += 1
            self._lost = 0
        return count

    def set_watermark(self, watermark):
        self._watermark = min(watermark, 190)
        return self._watermark

    def notice_movement(self, on):
        self.notices = on

    def watch(self):
        if self.refuses:
            raise OSError(ENODEV)
        self.watches = True

    def stop(self):
        self.stopped += 1
        self._run += 1
        if self.refuses:
            raise OSError(ENODEV)


class Haptic:
    """Records every write as (time [ms], level)."""

    rise_ms = 0

    def __init__(self, world):
        self.world = world
        self.writes = []
        self.refuses = None
        self.fail_next = 0
        self.level = 0
        self._started = False

    def _transfer(self):
        if self.refuses:
            raise OSError(ENODEV, self.refuses)
        if self.fail_next:
            self.fail_next -= 1
            raise OSError(EIO)

    def start(self):
        self._transfer()
        self._started = True
        self.level = 0

    def drive(self, level):
        assert self._started, "drive before start"
        assert isinstance(level, int) and -127 <= level <= 127
        self._transfer()
        self.level = level
        self.writes.append((self.world.now_us / 1000, level))

    def stop(self):
        self._transfer()
        self.level = 0
        self.writes.append((self.world.now_us / 1000, 0))

    def rest(self):
        self._transfer()

    def on_spans(self):
        """Return (from, to) [ms] of every stretch the motor ran."""
        spans, since = [], None
        for at_ms, level in self.writes:
            if level > 0 and since is None:
                since = at_ms
            elif level <= 0 and since is not None:
                spans.append((since, at_ms))
                since = None
        assert since is None, "the motor still runs"
        return spans
