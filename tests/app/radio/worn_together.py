"""Pods of one wearer in virtual time: real Band, SessionKeeper and Alarm, over radios that a test joins."""

import asyncio
import time

from backstep.app.radio.band import Band
from backstep.app.radio.band_hub import Hub
from backstep.app.radio.band_member import Member
from backstep.app.session import SessionKeeper
from backstep.app.signals import EventQueue
from backstep.app.wearer.alarm import Alarm
from backstep.core import events, settings
from backstep.core.detectors import rate_hz
from backstep.core.log import log
from backstep.core.patterns import PATTERNS, index_of

INTERVAL_MS = 28.75
SUPERVISION_MS = 2560
READY_MS = 250  # to find the service and subscribe
KEY, BAND_ID = bytes(range(16)), b"\x0a\x1b\x2c\x3d"
NAMES = tuple(row[0] for row in PATTERNS)


class Sky:
    """What is between the radios: who hears whom, and when."""

    def __init__(self, world):
        self.world = world
        self.airs = []
        self.apart = set()  # of frozensets of two airs that do not hear each other
        self.conns = {}  # number -> (central, peripheral)
        self._number = 0
        world.at(10, self._look)

    @property
    def now_ms(self):
        return self.world.now_us / 1000

    def near(self, one, other):
        return one.on and other.on and frozenset((one, other)) not in self.apart

    def part(self, one, other):
        """Put two out of reach; who is linked notices it after the supervision timeout."""
        self.apart.add(frozenset((one, other)))
        for number, ends in list(self.conns.items()):
            if set(ends) == {one, other}:
                self.world.at(self.now_ms + SUPERVISION_MS, lambda number=number: self._expire(number))

    def meet(self, one, other):
        self.apart.discard(frozenset((one, other)))

    def connect(self, central, peripheral):
        self._number += 1
        self.conns[self._number] = central, peripheral
        for service in peripheral.services:
            service.opened(self._number)
        return self._number

    def hang_up(self, number):
        ends = self.conns.pop(number, None)
        if ends is None:
            return False
        for end in ends:
            for one in end.services + end.clients:
                one.closed(number)
        return True

    def carry(self, number, sender, handle, data):
        """Bring bytes to the other end at the next connection event, if it is near then."""
        if number not in self.conns:
            return False
        central, peripheral = self.conns[number]
        other = peripheral if sender is central else central
        turn = self.world.now_us // (INTERVAL_MS * 1000) + 1
        self.world.at(turn * INTERVAL_MS + 0.5, lambda: self._arrive(number, sender, other, handle, bytes(data)))
        return True

    def _arrive(self, number, sender, other, handle, data):
        if number not in self.conns:
            return
        if not self.near(sender, other):
            self.world.at(self.now_ms + INTERVAL_MS, lambda: self._arrive(number, sender, other, handle, data))
            return
        other.heard.append(data)
        other.stamp_ms = time.ticks_ms()
        if self.conns[number][1] is other:
            for service in other.services:
                service.written(number, handle, data)
        else:
            for client in other.clients:
                client.notified(number, handle, data)

    def _expire(self, number):
        if number in self.conns and not self.near(*self.conns[number]):
            self.hang_up(number)

    def _look(self):
        for central in self.airs:
            for peripheral in self.airs:
                if central.seeks[1] and peripheral.advertises and self.near(central, peripheral):
                    self._offer(central, peripheral)
        self.world.at(self.now_ms + 100, self._look)

    def _offer(self, central, peripheral):
        data = b"\x02\x01\x06" + b"".join(service.advert for service in peripheral.services)
        for client in central.clients:
            if client.wants(0, peripheral.address, data):
                self._join(central, client, peripheral)

    def _join(self, central, client, peripheral):
        number = self.connect(central, peripheral)
        client.opened(number)
        handles = list(peripheral.services[0].handles) if peripheral.services else [7, 9]
        self.world.at(self.now_ms + READY_MS, lambda: self._ready(client, number, handles))

    def _ready(self, client, number, handles):
        if number in self.conns:
            client.ready(number, handles)


class FakeAir:
    """Air, as the contract has it."""

    def __init__(self, sky, number):
        self.sky, self.address = sky, bytes((number,)) * 6
        self.uuid = str
        self.services, self.clients, self.heard = [], [], []
        self.seeks, self.advertises, self.stamp_ms = (0, 0), 0, 0
        self.on = True
        self.is_full = False
        self.refuses = 0  # so many sends more
        sky.airs.append(self)

    def start(self):
        for service in self.services:
            service.handles = (7, 9)

    def seek(self, interval_ms, window_ms, who=None):
        self.seeks = interval_ms, window_ms

    def advertise(self, interval_ms, who=None):
        self.advertises = interval_ms

    def write(self, conn, handle, data):
        if self.refuses:
            self.refuses -= 1
            return False
        return self.sky.carry(conn, self, handle, data)

    notify = write

    def disconnect(self, conn):
        return self.sky.hang_up(conn)


class Detecting:
    def __init__(self, world, rate):
        self.world, self.rate = world, rate
        self.hears = ()
        self.gaits = 0

    @property
    def samples(self):
        return self.world.now_us * self.rate // 1_000_000

    @property
    def drain_began_us(self):
        return self.world.now_us

    def gait(self):
        self.gaits += 1


class Notifying:
    """Keeps what was played as (ms, name), and tells who listens a moment later."""

    def __init__(self, world):
        self.world, self.heard, self.played = world, (), []

    index_of = staticmethod(index_of)

    def _play(self, name):
        self.played.append((self.world.now_us / 1000, name))
        self.world.at(self.world.now_us / 1000 + 1, lambda: [hear(name, 100, 100) for hear in self.heard])

    def warn(self):
        self._play("sway")

    def caution(self):
        self._play("caution")

    def cue(self, name):
        self._play(name)

    def hush(self, name):
        pass


class Pod:
    """One pod: say what it senses by feel(), and look at what it played, logged and counted."""

    def __init__(self, sky, table, key=KEY, **changed):
        world, me = sky.world, table["pods"][table["me"]]
        self.name, self.me, self.placement = me["name"], table["me"], me["placement"]
        self.air = FakeAir(sky, table["me"] + 1 + 16 * len(sky.airs))
        self.is_hub = table["me"] == table["hub"]
        carry = (lambda band: Hub(band, self.air)) if self.is_hub else (lambda band: Member(band, self.air, True))
        self.band = Band(table, key, bytes.fromhex(table["band"]), NAMES, carry)
        self.air.start()
        self.rate = rate_hz(self.placement)
        self.detecting, self.notifying = Detecting(world, self.rate), Notifying(world)
        self.snoozed, self.cancelled, self.told = [], 0, []
        self.queue = EventQueue(12)
        wanted = settings.check({"placement": self.placement} | changed)
        still = self._still if self.placement == "belt" else lambda seconds: None
        cue = self.notifying.cue
        self.keeper = SessionKeeper(self.queue, self.detecting, self.rate, wanted, cue, still)
        self.keeper.report = lambda code, sample, fields: self.told.append((code, sample, tuple(fields)))
        self.keeper.alarm = Alarm(self._cancel, self.notifying)
        self._alarm_run = self.keeper.alarm.run
        self.sensing, self.parts, self.pod, self.rate_hz = self, self, self, self.rate
        self.tasks = self.band.wire(self)
        self.start()

    def start(self):
        if not self.band.spots:
            self.keeper.begin(log.AT_START)

    def _still(self, seconds):
        self.snoozed.append(seconds)
        return True

    def _cancel(self):
        self.cancelled += 1

    def battery_mv(self):
        return 3900

    def runs(self):
        return [run for _, run in self.tasks] + [self.keeper.run, self._alarm_run]

    def feel(self, code, *fields):
        """Let the detector find something now, as Detecting passes it on."""
        row = list(fields) + [0] * (events.FIELD_COUNT - len(fields))
        if code == events.SWAY:
            self.notifying.warn()
        for hear in self.detecting.hears:
            hear(code, row)
        self.queue.put(code, self.detecting.samples, row)

    def played(self, *names):
        return [name for _, name in self.notifying.played if not names or name in names]

    def told_of(self, code):
        return [fields for told, _, fields in self.told if told == code]

    @property
    def linked(self):
        return [link.index for link in self.band.way_to.links() if link.is_proven]


def table_of(pods, me, hub=0, band=BAND_ID):
    """Return what is kept; pods: texts of a placement and its roles' first letters, as "belt s"."""
    rows = []
    for number, (placement, _, roles) in enumerate(text.partition(" ") for text in pods):
        row = {"name": f"{placement}{number}", "uid": f"{number}", "placement": placement}
        rows.append(row | {"senses": "s" in roles, "buzzes": "b" in roles, "spots": "p" in roles})
    return {"band": band.hex(), "key": KEY.hex(), "me": me, "hub": hub, "pods": rows, "strap": ""}


def together(world, *pods, sky=None, **changed):
    """Return (Sky, the pods); the first is the hub."""
    sky = sky or Sky(world)
    return sky, [Pod(sky, table_of(pods, me), **changed) for me in range(len(pods))]


def run(world, pods, until_ms):
    """Let all pods run until that time [ms]; what is to happen meanwhile is set by world.at."""

    async def all_of_them():
        tasks = [asyncio.create_task(one()) for pod in pods for one in pod.runs()]
        await asyncio.sleep(until_ms / 1000 - world.now_us / 1e6)
        for task in tasks:
            assert not task.done() or task.exception() is None
            task.cancel()

    asyncio.run(all_of_them())
