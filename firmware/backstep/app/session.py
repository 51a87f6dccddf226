"""Session: counts what detecting finds, cues milestones, and obeys the wearer: mark, snooze, turn, begin, end."""

from ..core import events
from ..core.compat import const
from ..core.log import log
from ..core.training.session import Session
from .faults import ignore

# Of unknown, forward, backward: the cue, and which one a turn leads to.
_FACING = ("either", "forward", "backward")
_TURNED = (events.BACKWARD, events.UNKNOWN, events.FORWARD)
_FALSE_ALARM_S = const(15)  # so long after a warning a mark calls it false


class SessionKeeper:
    """The session that runs, or the last one that ended."""

    def __init__(self, queue, detecting, rate_hz: int, settings: dict, cue, snooze):
        """Take the parts.

        queue: EventQueue.  detecting: knows how many samples there were.  rate_hz: [Hz].
        settings: from settings.check.  cue: plays a pattern by name.
        snooze: has nothing warned of for so long [s], 0 = again; returns False where nothing ever is.
        """
        self.counts = Session(rate_hz)
        self.running = False
        self.report = ignore  # called with (event code, sample, fields), session or not
        self.alarm = None  # the fall alarm, which a press ends before it means anything else
        self.sum_up = ignore  # called once for each session, after its end
        self.marks = None  # Marks, where raw seconds are kept
        self.recorder = None  # Recorder, while chosen minutes are recorded
        self.log = None  # LogBook, where sessions are logged
        self.guide = None  # Guide, where a session has a dose
        self.band = None  # Band, where pods are worn together
        self._queue = queue
        self._detecting = detecting
        self._rate_hz = rate_hz
        self.cue = cue
        self.still = snooze
        self.adopt(settings)
        self.takes_direction = settings["placement"] != "shoe"
        self.direction = events.DIRECTIONS.index(settings["direction"]) if self.takes_direction else events.UNKNOWN
        self._faced = self.direction  # before the last change, at sample self._turned
        self._turned = 0
        self._rest = settings["gait_recent_s"] * rate_hz
        self._false_alarm = _FALSE_ALARM_S * rate_hz
        self._from_sample = self._to_sample = self._snoozed_to = 0
        self._laps = 1
        self._untold = False
        self.stepped = -self._rest
        self._forget_warnings()

    def adopt(self, settings: dict) -> None:
        """Take over what may change while a session runs: cues of training and the length of a snooze."""
        self._every_steps = settings["cue_every_steps"]
        self._goal_cue = settings["goal_cue"]
        self._stop_cue = settings["stop_cue"]
        self._snooze_s = 60 * settings["snooze_min"]

    @property
    def seconds(self) -> int:
        """Length of the session so far [s], by the sensor's samples."""
        until = self._detecting.samples if self.running else self._to_sample
        return (until - self._from_sample) // self._rate_hz

    @property
    def snoozed_s(self) -> int:
        """How long sways will not be warned of yet [s], rounded up; 0 = they are."""
        return max(0, -((self._detecting.samples - self._snoozed_to) // self._rate_hz))

    def at_rest(self) -> bool:
        """Return whether no step was so recent that a sway is armed, and no turn is fast enough for one."""
        return not self.gait_is_recent() and self._detecting.calm()

    def gait_is_recent(self) -> bool:
        """Return whether a step was so recent that a sway is armed."""
        return self._detecting.samples - self.stepped <= self._rest

    @property
    def totals(self) -> tuple:
        """What the day's counts take of the session: backward, forward, other steps, sways, falls."""
        counts = self.counts
        return counts.backward, counts.forward, counts.other, counts.sways, counts.falls

    def begin(self, why: int = log.BY_BUTTON) -> None:
        """Start counting from zero.  why: of log.AT_START and on."""
        self.tell_sum()
        if self.log:
            self.log.begin(why)
            self.log.end_counts()
        self.counts = Session(self._rate_hz)
        if self.guide:
            self.guide.begin(self.log.week_left(self.guide.goals[0]) if self.log else 0)
        self._from_sample = self._detecting.samples
        self._laps = 1
        self.running = True
        self.cue("start")
        if self.band:
            self.band.begun(why)

    def end(self, why: int = log.BY_BUTTON) -> None:
        """Stop counting; nothing when no session runs.  why: of log.AT_START and on."""
        if not self.running:
            return
        self._count_waiting()
        if self.log:
            self.log.end(why)
        self._to_sample = self._detecting.samples
        self.running = False
        self._untold = True
        self.cue("stop")
        if self.band:
            self.band.ended(why)

    def tell_sum(self) -> None:
        """Tell what the session that ended came to, once."""
        if self._untold:
            self._untold = False
            self.sum_up()

    async def run(self) -> None:
        """Count every event as it comes."""
        posted = self._queue.posted
        while True:
            await posted.wait()
            posted.clear()
            self._count_waiting()

    def tell_time(self) -> None:
        """Let the cadence run out when no step comes, and the snooze when its time is over."""
        now = self._detecting.samples
        self.counts.pause(now)
        if now >= self._snoozed_to:
            self.wake()

    def lap(self) -> bool:
        """Begin the next lap of the session; False when none runs."""
        if not self.running:
            return False
        self._count_waiting()
        self._laps += 1
        self.cue("lap")
        self.take(events.LAP, self._detecting.samples, (self._laps,))
        return True

    def mark(self) -> None:
        """Mark this moment; soon after a warning that warning as a false alarm, a sway rather than a caution."""
        self._count_waiting()
        now = self._detecting.samples
        warned = self._swayed if now - self._swayed <= self._false_alarm else self._cautioned
        self.cue("mark")
        if now - warned > self._false_alarm:
            self.take(events.MARK, now, (0, 0))
            return
        self._forget_warnings()
        self.take(events.MARK, now, (1, (now - warned) * 1000 // self._rate_hz))
        if self.marks:
            self.marks.keep(warned)

    def snooze(self) -> bool:
        """Have no sways warned of for a while; False when that is off, or nothing is warned of anyway."""
        if not self._snooze_s or not self.still(self._snooze_s):
            return False
        now = self._detecting.samples
        self._snoozed_to = now + self._snooze_s * self._rate_hz
        self.cue("snoozed")
        self.take(events.SNOOZE, now, (self._snooze_s,))
        return True

    def wake(self) -> bool:
        """End the snooze; False when there is none."""
        if not self._snoozed_to:
            return False
        self.still(0)
        self._snoozed_to = 0
        self.cue("awake")
        self.take(events.AWAKE, self._detecting.samples, ())
        return True

    def face(self, direction: int) -> bool:
        """Count steps from now on in a direction where nobody senses one; False for a shoe, which senses it.

        direction: unknown, forward or backward, of events.
        """
        if not self.takes_direction:
            return False
        self._count_waiting()
        self._faced = self.direction
        self._turned = self._detecting.samples
        self.direction = direction
        self.cue(_FACING[direction])
        return True

    def turn(self) -> bool:
        """Count steps in the next direction: backward, then forward, then unknown; False for a shoe."""
        return self.face(_TURNED[self.direction])

    def _forget_warnings(self):
        self._swayed = self._cautioned = -1 - self._false_alarm

    def _count_waiting(self):
        queue = self._queue
        while True:
            code = queue.take()
            if not code:
                return
            if self.alarm:
                self.alarm.hear(code)
            if code in (events.STEP, events.STRIDE):
                self.stepped = queue.sample
                if code == events.STEP:
                    queue.fields[1] = self._way(queue.fields)
            elif code == events.SWAY:
                self._swayed = queue.sample
            elif code == events.CAUTION:
                self._cautioned = queue.sample
            elif events.SLIDE <= code <= events.RECOVERY:
                self.cue("foot")
            elif code == events.POSTURE:
                self.cue("posture")
            self.take(code, queue.sample, queue.fields)

    def _way(self, fields):
        """Return which way a step went: by the shoe's word, else as it was sensed, else as the wearer has told."""
        contact, sensed = fields[0], fields[1]
        way = self.band.way(contact) if self.band else sensed
        if way or sensed:
            return way or sensed
        return self.direction if contact >= self._turned else self._faced  # a step given back may be older

    def take(self, code: int, sample: int, fields) -> None:
        """Count, log and tell an event.  code, sample, fields: as of EventQueue."""
        if self.running:
            self._count(code, fields)
            if self.log:
                self.log.put(code, sample, fields)
        self.report(code, sample, fields)
        if self.running and self.guide and code in (events.STEP, events.STRIDE):
            self._guide_on(self.guide, sample)

    def _count(self, code, fields):
        before = self.counts.backward
        self.counts.add(code, fields)
        every = self._every_steps
        if every and self.counts.backward // every > before // every:
            self.cue("milestone")

    def _guide_on(self, guide, sample):
        found = guide.feed(sample, self.counts.backward)
        if not found:
            return
        if found == events.GOAL and self._goal_cue:
            self.cue("goal")
        if found == events.DOSE_STOP and self._stop_cue:
            self.cue("dose_stop")
        self.take(found, sample, guide.fields)
