"""Which heart straps are near, by all that advertises; loaded for who asks."""

from binascii import hexlify

from ...core.compat import const
from ...core.radio.adverts import holds

PASSING = True  # see app/passing.py

_MOST = const(8)  # straps that are told of: the nearest
_HEART_RATE = b"\x0d\x18"  # 0x180D
_LISTS = (0x02, 0x03)  # of UUIDs of 16 bits: some, all [Bluetooth assigned numbers, 2.3]
_NAMES = (0x08, 0x09)  # cut, whole
_ADDRESS_BYTES = const(6)


class Survey:
    """Who advertises a heart rate.  found: [address, kind of address, strongest signal [dBm], name] of each."""

    def __init__(self):
        self.found: list[list] = []

    def heard(self, rows) -> None:
        """Take an advertisement, or the answer to who asked for its name.  rows: Rows, which holds it."""
        address, advert = rows.data[:_ADDRESS_BYTES], rows.data[_ADDRESS_BYTES:]
        row = self._row(address)
        if not row:
            if not any([holds(advert, kind, _HEART_RATE, 2) for kind in _LISTS]):
                return
            row = [address, rows.one, rows.three, ""]
            self._keep(row)
        row[2] = max(row[2], rows.three)
        row[3] = row[3] or name_in(advert)

    def _row(self, address):
        for row in self.found:
            if row[0] == address:
                return row
        return None

    def _keep(self, row):
        if len(self.found) == _MOST:
            weakest = min(self.found, key=_signal)
            if _signal(weakest) >= _signal(row):
                return
            self.found.remove(weakest)
        self.found.append(row)


def name_in(advert: bytes) -> str:
    """Return the name that an advertisement tells, "" where it tells none; what is no ASCII as a question mark."""
    at = 0
    while at + 1 < len(advert) and advert[at]:
        end = at + 1 + advert[at]
        if advert[at + 1] in _NAMES:
            return "".join([chr(code) if 32 <= code < 127 else "?" for code in advert[at + 2 : end]])
        at = end
    return ""


def shown(address: bytes) -> str:
    """Return an address as it is written."""
    digits = hexlify(address).decode()
    return ":".join([digits[at : at + 2] for at in range(0, len(digits), 2)])


def _signal(row):
    return row[2]
