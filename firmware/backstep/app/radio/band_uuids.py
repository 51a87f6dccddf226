"""How the pods of a band find each other: advertised bytes, and the numbers of their service."""

from ...core.radio.adverts import BASE, structure

SERVICE = BASE % 0x10
TO_POD = BASE % 0x11  # written to by the hub, without response
FROM_POD = BASE % 0x12  # notified to the hub
_MADE_BY = 0xFF  # [Bluetooth assigned numbers, 2.3] manufacturer's data, of
_NOBODY = b"\xff\xff"  # no company: for whoever has no number [the same, 7.1]


def advert(band: bytes, index: int) -> bytes:
    """Return the AD structure of a pod that looks for its hub.  band: 4 bytes.  index: its place in the band."""
    return structure(_MADE_BY, _NOBODY + b"BS" + band + bytes((index,)))
