"""Sampling: the IMU's interrupt says when, this task drains the FIFO into the detector."""

import asyncio
import time

from ..core.compat import const
from .detecting import AT_ONCE
from .faults import BUS_ERRORS, LOST_INTERRUPTS, SENSOR_RESTARTS, SENSOR_SILENT, SENSOR_STUCK, reason
from .passing import once
from .signals import PinFlag

_BAD_MAX = const(4)  # after bus errors: again in 4, 16, 64 ms; the FIFO loses nothing meanwhile
_BACK_OFF_MAX_S = const(16)
_SLICE_MS = const(250)
_LOOK_MS = const(100)
_STUCK_MS = const(5000)  # a sensor that works has noise: its last digits never rest that long
_SETTLE_MS = const(400)  # a sensor that was just started may take this long to its first samples


class Sampling:
    """Keeps the IMU running and its samples flowing; says so when it cannot, and keeps trying."""

    def __init__(self, imu, detecting, rate_hz: int, wait_ms: int, faults, say, cue):
        """Take the parts.

        imu: driver.  detecting: Detecting, takes the samples.  rate_hz: [Hz].
        wait_ms: so long a sample waits in the FIFO of a pod that is awake [ms].
        faults: counters.  say: takes a line for the console.  cue: plays a pattern by name.
        """
        self.turns = 0  # progress, for health
        self.rated: tuple = ()  # each called with the true sample rate over the nominal one [0.1 %] at a start
        self.well = False
        self.waits = False  # for INT1, the FIFO being below its watermark as far as anybody knows
        self.data_ready = PinFlag()
        self.awake_ms = self.wait_ms = self._asked_ms = wait_ms
        self._imu = imu
        self._detecting = detecting
        self._rate_hz = rate_hz
        self._watermark = max(1, rate_hz * wait_ms // 1000)
        self._notices = 0
        self._faults = faults
        self._say = say
        self._cue = cue
        self._turns_seen = 0
        self._bad = 0  # bus errors in a row, and twice the silences
        self._late = False
        self._sampled = False
        self._stuck = False
        self._sampled_ms = self._looked_ms = self._changed_ms = time.ticks_ms()

    def limit_wait(self) -> None:
        """Called ten times a second by health, by a pod that sleeps more rarely: limits the wait for INT1.

        No turn since the last call, no drain for longer than a sample waits in the FIFO, and no edge that waits
        for its own, mean a lost edge or a dead sensor: drain anyway. (A time limit around the wait itself would
        make and cancel a task 52 times a second.)
        """
        if self.turns != self._turns_seen:
            self._turns_seen = self.turns
        elif self.since_drain_ms() > self.wait_ms:
            self.miss()

    def miss(self) -> None:
        """Drain though no edge came: it should have."""
        self._late = not self.data_ready.rose
        self.drain_soon()

    def drain_soon(self) -> None:
        """Drain in this task's next turn; nobody sleeps before that."""
        self.waits = False
        self.data_ready.set()

    def since_drain_ms(self) -> int:
        """Return how long ago the last drain began [ms]."""
        return time.ticks_diff(time.ticks_us(), self._detecting.drain_began_us) // 1000

    def follow(self, wait_ms: int, notices: int) -> bool:
        """Let samples wait in the FIFO for so long [ms], as far as it goes; False when the IMU did not take that.

        notices: whether INT1 is to rise at movement too.
        """
        if not self.well:
            return False
        try:
            if notices != self._notices:
                self._imu.notice_movement(notices)
                self._notices = notices
            if wait_ms != self._asked_ms:
                self._watermark = self._imu.set_watermark(max(1, self._rate_hz * wait_ms // 1000))
                self._asked_ms = wait_ms
                self.wait_ms = self._watermark * 1000 // self._rate_hz
                self.drain_soon()  # a lower one may have been passed already: then no edge comes
        except OSError:
            self._faults[BUS_ERRORS] += 1
            return False
        return True

    async def run(self) -> None:
        """Bring the IMU up, drain it until it fails, and again."""
        while True:
            await self._bring_up()
            await self._drain_while_well()
            self._faults[SENSOR_RESTARTS] += 1

    async def _bring_up(self):
        tries, delay_s = 0, 1
        while True:
            try:
                self._imu.probe()
                once(self._imu.start, self._rate_hz, self._watermark)
                self._notices = 0
                break
            except OSError as error:
                tries += 1
                self._say("imu: %s; trying again in %d s" % (reason(error), delay_s))
                self._cue("fault")
                await self._pause(delay_s)
                delay_s = min(2 * delay_s, _BACK_OFF_MAX_S)
        self._resume(tries)

    async def _pause(self, delay_s):
        self.well = False
        for _ in range(delay_s * 1000 // _SLICE_MS):  # in slices: the watchdog wants to see us alive
            await asyncio.sleep_ms(_SLICE_MS)
            self.turns += 1
            self._detecting.rest()

    def _resume(self, tries):
        now_ms = time.ticks_ms()
        missing = time.ticks_diff(now_ms, self._sampled_ms) * self._rate_hz // 1000 if self._sampled else 0
        if missing > 0:
            self._detecting.gap(missing)
        if tries or missing > 0:
            self._say("imu: running again, %d samples missing" % missing)
        self._sampled_ms = self._changed_ms = now_ms
        self._late = False
        self.data_ready.clear()
        self.turns += 1  # or the next limit_wait() takes the time that starting took for a lost edge
        self.well = True
        for rated in self.rated if self._imu.rate_permille else ():
            rated(self._imu.rate_permille)

    async def _drain_while_well(self):
        self._bad = 0
        self._stuck = False
        while self._bad < _BAD_MAX and not self._stuck:
            self.waits = True
            await self.data_ready.wait()
            pause_ms = self._drain()
            if pause_ms >= 0:
                await asyncio.sleep_ms(pause_ms)

    def drain_now(self) -> None:
        """Drain in the caller's own turn, while the task waits for INT1."""
        if self._drain() >= 0:
            self.drain_soon()
        else:
            self.waits = True

    def _drain(self, looks=True):
        """Drain and judge; return how long the others have their turn before the next one [ms], -1: until INT1.

        Whose turn it was after that may have taken long: the FIFO is drained again before anybody else's.
        """
        self.waits = self.data_ready.rose = False
        detecting = self._detecting
        detecting.drain_began_us = time.ticks_us()
        detecting.room = AT_ONCE
        pause_ms = -1
        try:
            if self._imu.drain_into(detecting):
                self._note_samples()
            elif self._is_silent():
                self._bad += 2
            if detecting.room <= 0:  # there may be more
                pause_ms = 0
        except OSError:
            self._bad += 1
            self._faults[BUS_ERRORS] += 1
            pause_ms = 1 << 2 * self._bad
        self.turns += 1
        if pause_ms >= 0:
            self.data_ready.set()  # INT1 stays high: no edge will come
            return pause_ms
        if detecting.paused:
            detecting.paused()
        if looks and (detecting.recorder or time.ticks_diff(self._sampled_ms, self._looked_ms) >= _LOOK_MS):
            self._look()  # who records has much to write
            if self.data_ready.rose:
                return self._drain(False)
        return 0 if self.data_ready.rose else -1

    def _note_samples(self):
        self._bad = 0
        self._sampled = True
        self._sampled_ms = time.ticks_ms()
        if self._late:
            self._late = False
            self._faults[LOST_INTERRUPTS] += 1

    def _look(self):
        """Let those have a turn who wait for a drain to be over, and see whether the sensor repeats itself."""
        self._looked_ms = self._sampled_ms
        self._detecting.rest()
        if self._detecting.changed:
            self._detecting.changed = False
            self._changed_ms = self._sampled_ms
        if time.ticks_diff(self._sampled_ms, self._changed_ms) >= _STUCK_MS:
            self._stuck = True
            self._faults[SENSOR_STUCK] += 1
            self._say("imu: the same sample for %d s; starting it anew" % (_STUCK_MS // 1000))
            self._cue("fault")

    def _is_silent(self):
        late, self._late = self._late, False
        silent = late and time.ticks_diff(time.ticks_ms(), self._sampled_ms) > _SETTLE_MS
        self._faults[SENSOR_SILENT] += silent
        return silent
