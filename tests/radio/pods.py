"""A pod around the radio for unit tests: what it has sensed, a test says."""

from types import SimpleNamespace

from backstep.app.clock import Clock
from backstep.app.faults import no_faults
from backstep.app.radio.air import Air
from backstep.app.radio.phone import Phone
from backstep.app.radio.phone_clock import PhoneClock
from backstep.app.radio.strap import Strap
from backstep.core import settings as rules
from backstep.core.radio.adverts import BASE
from backstep.core.training.guide import Guide
from backstep.core.training.session import Session
from radio.fake_ble import Bluetooth


class Keeper:
    def __init__(self, rate_hz):
        self.counts = Session(rate_hz)
        self.running, self.snoozed_s = True, 0
        self.guide = Guide(rate_hz, (400, 10), (480, 12))
        self.log = None
        self.taken = []
        self.steps = False

    def gait_is_recent(self):
        return self.steps

    def take(self, code, sample, fields):
        self.taken.append((code, sample, tuple(fields)))


class Pod:
    """Phone and strap on a fake radio, wired and on."""

    strap_address = bytes.fromhex("a0b1c2d3e4f5")

    def __init__(self, **settings):
        full = rules.check({"radio": "phone", "pod_name": "left shoe", **settings})
        self.bluetooth = Bluetooth()
        self.ble = self.bluetooth.ble
        self.said = []
        self.air = Air(self.bluetooth, full["pod_name"], no_faults(), self.said.append)
        self.parts = SimpleNamespace(name="qtpy_s3", uid="020000000001", battery_mv=lambda: self.battery_mv)
        self.battery_mv = 3950
        self.phone = Phone(self.air, self.parts, full, BASE, PhoneClock(self.air, self.said.append))
        self.strap = Strap(self.air, self.strap_address, self.said.append)
        self.air.clients.append(self.strap)
        assert self.air.start()
        self.keeper = Keeper(208)
        self.detecting = SimpleNamespace(hears=(), samples=0)
        wearer = SimpleNamespace(is_level=True)
        sensing = SimpleNamespace(detecting=self.detecting, keeper=self.keeper, wearer=wearer)
        self.running = SimpleNamespace(sensing=sensing, clock=Clock())
        self.tasks = [name for name, _ in self.phone.wire(self.running) + self.strap.wire(self.running)]

    def sense(self, code, *fields):
        """Have the detector find an event."""
        fields = [*fields, *[0] * (13 - len(fields))]
        for hear in self.detecting.hears:
            hear(code, fields)
        self.keeper.counts.add(code, fields)

    def connect(self):
        """Have a phone connect and subscribe to all there is; return the connection."""
        self.phone.tick()
        conn = self.ble.phone()
        for handle, value in self.ble.values.items():
            if value.flags & 0x30:
                self.ble.subscribe(conn, handle)
        self.air.turn()
        return conn

    def told(self, uuid):
        """Return what a phone was sent of a characteristic."""
        handle = self.ble.handle_of(uuid)
        return [data for _, to, data, _ in self.ble.sent if to == handle]

    def read(self, conn, uuid):
        return self.ble.remote_read(conn, self.ble.handle_of(uuid))
