"""The services that a phone or watch finds on the pod; an app may write its own way and place, no more."""

from . import irq

_READ = irq.READ
_TELLS = irq.READ | irq.NOTIFIES


class Service:
    """What all of them have; see Air for what it is asked."""

    advert = b""
    handles: tuple = ()

    def opened(self, conn: int) -> None:
        """Take note of a phone."""

    def closed(self, conn: int) -> None:
        """Take note that it is gone."""

    def written(self, conn: int, handle: int, data: bytes) -> None:
        """Take what was written; of what takes no writes NimBLE refuses them."""


class RscService(Service):
    """Running Speed and Cadence, 0x1814."""

    advert = b"\x03\x03\x14\x18\x03\x19\x40\x04"  # its UUID, and the look of a running and walking sensor

    def __init__(self, air, rsc):
        """air: Air.  rsc: Rsc."""
        self._air = air
        self._rsc = rsc
        uuid = air.uuid
        characteristics = [(uuid(0x2A53), irq.NOTIFIES), (uuid(0x2A54), _READ), (uuid(0x2A5D), _READ)]
        if rsc.measures:
            characteristics.append((uuid(0x2A55), irq.WRITE | irq.INDICATES))
        self.definition = uuid(0x1814), tuple(characteristics)

    def begin(self) -> None:
        """Have what may be read be there, once the radio is on."""
        self._air.keep(self.handles[1], self._rsc.features)
        self._air.keep(self.handles[2], self._rsc.place)

    def told(self) -> None:
        """Send the measurement to who has subscribed."""
        self._air.publish(self.handles[0], self._rsc.value)

    def written(self, conn: int, handle: int, data: bytes) -> None:
        """Answer a request at the control point."""
        answer = self._rsc.answer(data)
        if answer:
            self._air.keep(self.handles[2], self._rsc.place)
            self._air.indicate(conn, handle, answer)


class InfoService(Service):
    """Device Information, 0x180A: maker, board, serial number and firmware."""

    def __init__(self, air, texts: tuple):
        """air: Air.  texts: of maker, board, serial number, firmware."""
        self._air = air
        self._texts = texts
        uuid = air.uuid
        kinds = (0x2A29, 0x2A24, 0x2A25, 0x2A26)
        self.definition = uuid(0x180A), tuple([(uuid(kind), _READ) for kind in kinds])

    def begin(self) -> None:
        """Have the texts be there."""
        for k in range(len(self._texts)):
            self._air.keep(self.handles[k], self._texts[k].encode())
        self._texts = ()


class BatteryService(Service):
    """Battery, 0x180F."""

    def __init__(self, air):
        """air: Air."""
        self._air = air
        self._pct = -1
        self.definition = air.uuid(0x180F), ((air.uuid(0x2A19), _TELLS),)

    def told(self, pct: int) -> None:
        """Tell how full it is [%], if that has changed; -1, which a pod on USB has, changes nothing."""
        if pct not in (-1, self._pct):
            self._pct = pct
            self._air.publish(self.handles[0], bytes((pct,)))


class PodService(Service):
    """The pod's own: counts, the last stride, warnings, the dose; see PROTOCOL.md."""

    def __init__(self, air, base: str):
        """air: Air.  base: of the UUIDs, with a place for the number."""
        self._air = air
        characteristics = [(air.uuid(base % number), _TELLS) for number in (2, 3, 4, 5)]
        self.definition = air.uuid(base % 1), tuple(characteristics)

    def told(self, which: int, value) -> None:
        """Tell a value: 0 counts, 1 stride, 2 alert, 3 dose."""
        self._air.publish(self.handles[which], value)
