"""The session log on flash: blocks are written while nothing can be warned of, or between two strides."""

from binascii import crc32

from ...core.compat import const
from ...core.log import log
from ..faults import reason
from ..kept.folders import FREE_MIN
from ..passing import once

_AGE_MS = const(20000)  # then a block is due: a power cut takes no more than that, and what follows
_DUE_BYTES = const(300)
_LATE_MS = const(20000)  # without a calm moment for so long it is written at any other but when a warning is near
_SESSIONS_MAX = const(99)  # of one start: the name of a file has two digits for it


class LogBook:
    """Takes records, keeps them in one block, writes it when that disturbs nobody.

    on: whether the session is logged; not while the flash is full or refuses.  session: its number in this start.
    kept: Kept.  root, state_path: its.  say: takes a line for the console.
    """

    def __init__(self, running, day):
        """running: Running, of a pod that senses.  day: DayCounts."""
        from ...core.log.log_format import Block
        from ...core.log.log_reader import CAUSES
        from ...core.log.recording import PLACEMENTS

        self.on = False
        self.kept = running.kept
        self.root, self.state_path = running.kept.root, running.kept.state_path
        self.say = running.writer.say
        self.boot = running.kept.state["boots"]
        self.session = 0
        self.clock = running.clock
        self._kind = PLACEMENTS.index(running.pod.placement), running.pod.rate_hz
        cause = running.pod.parts.reset_cause()
        self._boot = CAUSES.index(cause) if cause in CAUSES else 0, running.kept.state["early"]
        self._day = day
        self._sensing = running.sensing
        self._block = Block()
        self._number = 0
        self._rate_permille = 0
        self._file = None  # open while a block is written
        self._left = b""  # of it
        self._hurry = False  # it was written late, and is ended whatever the wearer does
        self._keep = None  # what keeps the day's counts, once it is loaded
        self._due = False
        self._since_ms = 0

    @property
    def path(self) -> str:
        """The file of the session that runs, or ran last."""
        return "%slog/%05d-%02d.bsl" % (self.root, self.boot, self.session)

    @property
    def open(self) -> bool:
        """Whether that file may grow yet."""
        return self.on or self._block.count > 0 or self._file is not None

    def begin(self, why: int) -> None:
        """Begin a session's file.  why: of log.AT_START and on."""
        self.write()  # what is left of the one before
        self.on = self._has_number() and self._has_room()
        self.session += self.on
        self._number = 0
        self.note(log.BEGIN, why)
        if why == log.AT_START:
            self.note(log.BOOT, *self._boot)
        wearer = self._sensing.wearer
        told = int(wearer.is_level), wearer.calibrated_day, wearer.kg, wearer.cm
        if any(told):
            self.note(log.WEARER, *told)
        if self._rate_permille:
            self.note(log.RATE, self._rate_permille)
        now_ms = self.clock.unix_ms
        if now_ms:
            self.note(log.CLOCK, now_ms // 1000, now_ms % 1000, 0, 1, self.clock.utc_offset_min)

    def rate(self, permille: int) -> None:
        """Take the IMU's true rate over the nominal one [0.1 %]; told in every session from then on."""
        if permille != self._rate_permille:
            self._rate_permille = permille
            self.note(log.RATE, permille)

    def end(self, why: int) -> None:
        """End the session; its last block is written soon."""
        self.note(log.END, why)
        self.on = False
        self._due = True

    def put(self, code: int, sample: int, fields) -> None:
        """Take a record; nothing where no session is logged.  code, sample, fields: as for log.Block.put."""
        if not self.on:
            return
        if not self._block.takes(code):
            self.write()
            if not self.on:  # the flash is full, or refuses
                return
        if not self._block.count:
            self._since_ms = self.clock.ms
        self._block.put(code, sample, fields)

    def note(self, code: int, *fields) -> None:
        """Take a record of now."""
        self.put(code, self._sensing.detecting.samples, fields)

    def buzz(self, pattern: str, length_ms: int, level: int) -> None:
        """Take that a pattern has started, but not a tick.  length_ms: [ms].  level: its strongest, 0..127."""
        if pattern != "tick":
            self.note(log.BUZZ, self._sensing.notifying.index_of(pattern), length_ms, level)

    def rest(self) -> bool:
        """Do a part of what is due, when that disturbs nobody, True when it has; called just after a drain.

        A block is written in two turns, and its file closed in another: the flash may have to erase for each. So
        may it for the day's counts, and what writes them takes its time to load. In a hurry patterns and turns
        do not count, as an alarm plays for minutes. A warning that is near does: an erase would hold it up.
        """
        block, age_ms = self._block, self.clock.ms - self._since_ms
        due = block.count and (self._due or age_ms >= _AGE_MS or block.length >= _DUE_BYTES)
        if not (due or self._file or self._day.news or self._keep):
            return False
        hurry = due and (block.full or age_ms >= _AGE_MS + _LATE_MS) or self._file and self._hurry
        if not (self._sensing.quiet() or hurry and self._sensing.detecting.steady()):
            return False
        self._hurry = bool(hurry)
        if self._file:
            self._write_on(self._file)
        elif due:
            self._append()
        elif self._keep:
            keep, self._keep = self._keep, None
            keep_counts(self, keep)
        else:
            self._day.news = False
            self._keep = once(_counts_keeper)
        return True

    def write(self) -> None:
        """Write the block now, if there is anything in it, and close its file."""
        self._append()
        self._close()

    def counts(self) -> tuple:
        """Return (day, its counts): backward, forward, other steps, sways, falls; day 0 = no clock has told it."""
        day, totals = self._day, self._sensing.keeper.totals
        if self.clock.day:
            day.date(self.clock.day, totals)
        return day.day, day.now(totals)

    def doubt_days(self) -> None:
        """Drop days that have not come: the clock that told them was set back."""
        self._day.doubt()
        self.counts()

    @property
    def days(self) -> list:
        """The days before, as of DayCounts."""
        return self._day.days

    def week_left(self, steps: int) -> int:
        """Return backward steps left until the week's limit, as Guide.begin takes it.  steps: of a dose."""
        from .week import left

        return once(left, self, steps, self._sensing.wearer.cap_pct)

    def end_counts(self) -> None:
        """Take what the session came to into the day's counts, before the next one begins."""
        self._day.end_session(self._sensing.keeper.totals)

    def _append(self):
        """Begin to write the block: at its first byte LittleFS copies the block of the flash that it adds to."""
        self._close()
        block = self._block
        if block.count:
            try:
                data = bytes(block.close(self._head(), crc32))
                file = self._file = open(self.path, "ab")  # noqa: SIM115 - closed in another turn
                file.write(data[:1])
                self._left = data[1:]
                self._number += 1
            except OSError as error:
                self._refused(error)
        block.clear()
        self._due = False

    def _write_on(self, file):
        """Write the rest of the block; when that is done close its file, and see how much room there is."""
        left = self._left
        try:
            if left:
                self._left = b""
                file.write(left)
                self.kept.grew(file.tell() - len(left) - 1, file.tell())
                return
            self._file = None
            file.close()
        except OSError as error:
            self._refused(error)
        if self.on and self.kept.free < FREE_MIN and not self._has_room():
            self.note(log.END, log.FLASH_FULL)
            self.on = False
            self.write()

    def _close(self):
        while self._file:
            self._write_on(self._file)

    def _head(self):
        start_ms = self.clock.start_unix_ms
        day, counts = self.counts()
        placement, rate_hz = self._kind
        head = [self._number, self.boot, self.session, placement, rate_hz, self.clock.ms]
        return head + [start_ms // 1000, start_ms % 1000, day] + counts

    def _has_number(self):
        if self.session < _SESSIONS_MAX:
            return True
        self.say("log: %d sessions since the start, and no more until the next start" % self.session)
        return False

    def _has_room(self):
        try:
            if once(_make_room, self):
                return True
            self.say("log: the flash is full, nothing is logged any more; fetch sessions: backstep sync")
        except OSError as error:
            self._refused(error)
            return False
        self._sensing.notifying.cue("fault")
        return False

    def _refused(self, error):
        self._file = None
        self.on = False
        self.say("log: the flash refuses (%s); nothing is logged until the next session" % reason(error))
        self._sensing.notifying.cue("fault")


def _make_room(book):
    from ..kept import log_files

    return log_files.make_room(book.kept, book.say, lambda: keep_counts(book))


def _counts_keeper():
    from ..kept.state_store import keep_counts

    return keep_counts


def keep_counts(book, keep=None) -> None:
    """Keep in the state what the days came to.  book: LogBook.  keep: of state_store, where it is loaded."""
    day, counts = book.counts()
    (keep or _counts_keeper())(book.state_path, day, counts, book.days, book.say)
