"""Phone: what phones and watches nearby are told, once a second, and warnings at once."""

import asyncio
from array import array

from ...core import events
from ...core.compat import const
from ...core.radio import intervals, pod_words
from ...core.radio.rsc import Rsc
from ...core.version import VERSION
from ..battery import charge_pct
from .services import BatteryService, InfoService, PodService, RscService

_TICK_MS = const(1000)
_BATTERY_S = const(30)


class Phone:
    """Tells; in a sample's own step it only notes."""

    def __init__(self, air, parts, settings: dict, base: str, clock):
        """Make its services, before the radio is on.

        air: Air.  parts: of the pod.  settings: from settings.check.  base: of our UUIDs.  clock: PhoneClock.
        """
        self._air = air
        self._read_mv = parts.battery_mv
        self._clock = clock
        self._countdown_s = settings["fall_countdown_s"]
        self._rsc = Rsc(settings["placement"], settings["rsc_cadence"] == "strides")
        self._speed = RscService(air, self._rsc)
        self._info = InfoService(air, ("Backstep", parts.name, parts.uid, VERSION))
        self._battery = BatteryService(air) if parts.battery_mv() >= 0 else None
        self._pod = PodService(air, base)
        air.services += [self._speed, self._info, self._pod]
        if self._battery:
            air.services.append(self._battery)
        self._pod.opened = self._opened  # type: ignore[method-assign]  # the one who has to know
        self._pod.closed = self._closed  # type: ignore[method-assign]
        self._counts = bytearray(pod_words.COUNTS_BYTES)
        self._stride_word = bytearray(pod_words.STRIDE_BYTES)
        self._alert = bytearray(pod_words.ALERT_BYTES)
        self._dose = bytearray(pod_words.DOSE_BYTES)
        self._alerts = pod_words.Alerts(events.FALL_ALARM + 1)
        self._alarmed = asyncio.Event()
        self._stride = array("i", [0] * events.FIELD_COUNT)
        self._strides = self._strides_told = self._warnings = 0
        self._way_mm = self._left_s = self._mv = 0
        self._fall = (0, 0)
        self._fresh_s = self._resting_s = self._ticks = 0

    def wire(self, running) -> tuple:
        """Listen to what is sensed; return the tasks.  running: Running."""
        self._running = running
        self._clock.wire(running)
        running.sensing.detecting.hears += (self.hear,)
        self._speed.begin()
        self._info.begin()
        return ("phone", self.run), ("phone warnings", self.warn)

    def hear(self, code: int, fields) -> None:
        """Note an event at the sample that it was found in; nothing is sent here."""
        if code == events.STRIDE:
            stride = self._stride
            for k in range(events.FIELD_COUNT):
                stride[k] = fields[k]
            self._strides += 1
            self._way_mm += fields[3]
        elif events.SWAY <= code <= events.FALL_ALARM and code != events.GAP:
            self._alerts.note(code, fields)
            self._alarmed.set()

    async def run(self) -> None:
        """Tell once a second how it goes."""
        while True:
            await asyncio.sleep_ms(_TICK_MS)
            self.tick()

    async def warn(self) -> None:
        """Tell every warning as it comes."""
        while True:
            await self._alarmed.wait()
            self._alarmed.clear()
            self.warn_waiting()

    def warn_waiting(self) -> None:
        """Tell the warnings that wait."""
        alerts = self._alerts
        while alerts.take():
            if alerts.code == events.FALL:
                self._left_s = self._countdown_s
                self._fall = alerts.first, alerts.second
            elif alerts.code != events.SWAY and alerts.code != events.CAUTION:
                self._left_s = 0
            two = alerts.code != events.FALL_OVER and alerts.code != events.FALL_ALARM
            self._warnings += 1
            self._tell_alert(alerts.code, alerts.first if two else 0, alerts.second if two else 0)

    def tick(self) -> None:
        """Tell what there is to tell after another second."""
        keeper = self._running.sensing.keeper
        gait = keeper.running and keeper.counts.cadence_spm > 0
        self._resting_s = 0 if keeper.gait_is_recent() else self._resting_s + 1
        self._fresh_s += 1
        self._ticks += 1
        self._rsc.walk(self._way_mm)
        self._way_mm = 0
        if self._left_s:
            self._left_s -= 1
            self._tell_alert(events.FALL, *self._fall)
        taken = len(self._air.centrals) > 0
        row = intervals.state(keeper.gait_is_recent(), self._resting_s, self._fresh_s, taken)
        self._air.advertise(intervals.ADVERTISING[row][1], self)
        self._air.sweep()
        if not taken:
            return
        if gait or self._ticks % (intervals.RESTING_MS // _TICK_MS) == 0:
            self._tell_counts(keeper, gait)
        if self._ticks % _BATTERY_S == 0:
            self._tell_battery()

    def _tell_counts(self, keeper, gait):
        counts, fields = keeper.counts, self._stride
        self._rsc.fill(fields[3] if gait else 0, counts.cadence_spm if gait else 0)
        self._speed.told()
        flags = pod_words.RUNNING if keeper.running else 0
        if self._running.sensing.wearer.is_level:
            flags |= pod_words.LEVEL
        if keeper.snoozed_s:
            flags |= pod_words.SNOOZED
        steps = counts.backward, counts.forward, counts.other
        pod_words.counts_into(
            self._counts, steps, counts.direction, counts.cadence_spm, counts.grade_permille, flags
        )
        self._pod.told(0, self._counts)
        if self._strides != self._strides_told:
            self._strides_told = self._strides
            pod_words.stride_into(self._stride_word, self._strides, fields)
            self._pod.told(1, self._stride_word)
        guide = keeper.guide
        if guide:
            pod_words.dose_into(self._dose, guide.goals, counts.backward, guide.seconds)
            self._pod.told(3, self._dose)

    def _tell_alert(self, code, first, second):
        pod_words.alert_into(self._alert, self._warnings, code, first, second, self._left_s)
        self._pod.told(2, self._alert)

    def _tell_battery(self):
        mv = self._read_mv()
        if self._battery and mv != self._mv:
            self._mv = mv
            self._battery.told(charge_pct(mv))

    def _opened(self, conn):
        self._ticks = 0
        self._tell_counts(self._running.sensing.keeper, False)
        self._tell_battery()
        self._clock.ask(conn)

    def _closed(self, conn):
        self._fresh_s = 0
