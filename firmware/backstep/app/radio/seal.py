"""Sealing: what two pods of a band say to each other, unreadable and unforgeable for whoever has not their key.

All of it is made of HMAC-SHA256 (RFC 2104, RFC 6234). Each opening of a link has keys of its own, one for each
direction, made of the band's key and a nonce of either side: what was heard in one is worth nothing in another.

    frame   counter u32, the lowest byte first; ciphertext; tag, 8 bytes
    ciphertext = plaintext xor HMAC(key, 1, counter)
    tag = HMAC(key, 2, counter, ciphertext), its first 8 bytes
"""

import hashlib

from ...core.compat import const
from ...core.log.little_endian import get_int, put_int

KEY_BYTES = const(16)  # of a band
NONCE_BYTES = const(8)
EXTRA = const(12)  # bytes that sealing adds
_BLOCK = const(64)  # bytes of SHA-256's
_COUNTER = const(4)
_TAG = const(8)
_COUNTER_MAX = const(0x3FFFFFFF)
_INNER = int.from_bytes(b"\x36" * 64, "big")
_OUTER = int.from_bytes(b"\x5c" * 64, "big")
_LABEL = b"backstep-band-1 "


def hmac(key, *parts) -> bytes:
    """Return HMAC-SHA256 of the parts, one behind the other.  key: at most 64 bytes."""
    pads = _pads(key)
    return _hmac(pads[0], pads[1], parts)


def _pads(key):
    number = int.from_bytes(key + bytes(_BLOCK - len(key)), "big")  # at once: who says hello costs little
    return (number ^ _INNER).to_bytes(_BLOCK, "big"), (number ^ _OUTER).to_bytes(_BLOCK, "big")


def _hmac(inner, outer, parts):
    inside = hashlib.sha256(inner)
    for part in parts:
        inside.update(part)
    outside = hashlib.sha256(outer)
    outside.update(inside.digest())
    return outside.digest()


def opened(key: bytes, hub_nonce: bytes, pod_nonce: bytes, index: int, hub: bool) -> tuple:
    """Return the Seal that one side seals with, and the one that it opens with.

    key: of the band.  index: of the pod that is not the hub.  hub: whether this side is.
    """
    nonces = hub_nonce + pod_nonce + bytes([index])
    keys = [hmac(key, _LABEL, way, nonces) for way in (b">", b"<")]
    if not hub:
        keys.reverse()
    return Seal(keys[0]), Seal(keys[1])


class Seal:
    """One direction of an open link: seals, or opens what the other side has sealed."""

    def __init__(self, key: bytes):
        self._inner, self._outer = _pads(key)
        self._counter = 0
        self._head = bytearray(1 + _COUNTER)

    def seal(self, word, length: int) -> bytes:
        """Return the frame of a word.  word: buffer; its first `length` bytes, at most 32, are sealed.

        ValueError once a link has had its 2^30 frames: it is opened anew.
        """
        if self._counter == _COUNTER_MAX:
            raise ValueError("band: the link is worn out")
        self._counter += 1
        frame = bytearray(length + EXTRA)
        put_int(frame, 0, _COUNTER, self._counter)
        stream = self._mac(1, frame, ())
        for i in range(length):
            frame[_COUNTER + i] = word[i] ^ stream[i]
        frame[_COUNTER + length :] = self._tag(frame, length)
        return bytes(frame)

    def open(self, frame, word) -> int:
        """Write the word of a frame into a buffer; return its length, 0 for a frame that is to be dropped.

        A frame counts once, and none after a later one.  word: buffer, of the longest word there is.
        """
        length = len(frame) - EXTRA
        if not 0 < length <= len(word) or frame[_COUNTER - 1] > 0x3F:
            return 0
        counter = get_int(frame, 0, _COUNTER)
        if counter <= self._counter or not _same(self._tag(frame, length), frame, _COUNTER + length):
            return 0
        self._counter = counter
        stream = self._mac(1, frame, ())
        for i in range(length):
            word[i] = frame[_COUNTER + i] ^ stream[i]
        return length

    def _tag(self, frame, length):
        return self._mac(2, frame, (memoryview(frame)[_COUNTER : _COUNTER + length],))[:_TAG]

    def _mac(self, what, frame, parts):
        """Return HMAC of what it is for, the counter that a frame begins with, and the parts."""
        head = self._head
        head[0] = what
        head[1:] = frame[:_COUNTER]
        return _hmac(self._inner, self._outer, (head,) + parts)


def _same(tag, frame, at):
    """Compare without telling by the time it takes where they differ."""
    differ = 0
    for i in range(_TAG):
        differ |= tag[i] ^ frame[at + i]
    return differ == 0
