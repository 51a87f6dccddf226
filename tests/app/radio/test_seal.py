"""Sealing: HMAC by its published vectors; what was changed, cut, repeated or another's is dropped."""

import hashlib
import hmac

import pytest
from backstep.app.radio import seal
from hypothesis import given
from hypothesis import strategies as st

KEY, HUB, POD = bytes(range(16)), b"hubnonce", b"podnonce"
WORD = st.binary(min_size=1, max_size=8)

# RFC 4231, test cases 1 to 4: key, data, HMAC-SHA-256. The others have longer keys than a band, or cut the tag.
VECTORS = [
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (
        bytes(range(1, 26)),
        b"\xcd" * 50,
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
]


@pytest.mark.parametrize(("key", "data", "code"), VECTORS)
def test_hmac_is_that_of_rfc_4231(key, data, code):
    assert seal.hmac(key, data).hex() == code
    assert seal.hmac(key, data[:3], data[3:]).hex() == code


@given(st.binary(max_size=64), st.binary(max_size=200))
def test_hmac_is_pythons_own(key, data):
    assert seal.hmac(key, data) == hmac.digest(key, data, hashlib.sha256)


def pair(key=KEY, other_key=KEY, hub=HUB, pod=POD, index=1):
    return seal.opened(key, hub, pod, index, True), seal.opened(other_key, HUB, POD, 1, False)


def said(sealing, opening, word):
    buffer = bytearray(8)
    length = opening.open(sealing.seal(word, len(word)), buffer)
    return bytes(buffer[:length])


@given(st.lists(st.tuples(st.booleans(), WORD), max_size=20))
def test_both_sides_hear_what_the_other_says(words):
    hub, pod = pair()
    for from_hub, word in words:
        sides = (hub, pod) if from_hub else (pod, hub)
        assert said(sides[0][0], sides[1][1], word) == word


@given(WORD, st.data())
def test_any_change_is_dropped_and_the_true_frame_still_counts(word, data):
    (sealing, _), (_, opening) = pair()
    frame, buffer = sealing.seal(word, len(word)), bytearray(8)
    at, bit = data.draw(st.integers(0, len(frame) - 1)), data.draw(st.integers(0, 7))
    changed = bytearray(frame)
    changed[at] ^= 1 << bit
    assert opening.open(changed, buffer) == 0
    assert opening.open(frame[: data.draw(st.integers(0, len(frame) - 1))], buffer) == 0
    assert opening.open(frame + data.draw(st.binary(min_size=1, max_size=9)), buffer) == 0
    assert opening.open(data.draw(st.binary(max_size=40)), buffer) == 0
    assert not any(buffer)
    assert opening.open(frame, buffer) == len(word)


@given(st.lists(WORD, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_a_frame_counts_once_and_none_after_a_later_one(words, random):
    (sealing, _), (_, opening) = pair()
    frames = [(number, sealing.seal(word, len(word))) for number, word in enumerate(words)] * 2
    random.shuffle(frames)
    heard, buffer = [], bytearray(8)
    for number, frame in frames:
        if opening.open(frame, buffer):
            heard.append(number)
    assert heard == sorted(set(heard))
    assert heard[-1] == len(words) - 1


@pytest.mark.parametrize(
    "other", [{"other_key": bytes(16)}, {"hub": b"anothers"}, {"pod": b"anothers"}, {"index": 2}]
)
def test_another_key_opening_or_place_hears_nothing(other):
    (sealing, _), (_, opening) = pair(**other)
    assert said(sealing, opening, b"sway") == b""


def test_one_cannot_be_told_its_own_words():
    hub, pod = pair()
    assert said(hub[0], hub[1], b"sway") == said(pod[0], pod[1], b"sway") == b""


def test_the_same_word_looks_another_way_each_time():
    (sealing, _), _ = pair()
    first, second = [sealing.seal(b"\x01\x02\x03\x04", 4)[4:] for _ in range(2)]
    assert all(one != other for one, other in ((first[:4], second[:4]), (first[4:], second[4:])))


def test_the_bytes_by_the_published_definition():
    hub, _ = pair()
    key = hmac.digest(KEY, b"backstep-band-1 >" + HUB + POD + b"\x01", hashlib.sha256)
    stream = hmac.digest(key, b"\x01" + b"\x01\0\0\0", hashlib.sha256)
    cipher = bytes(a ^ b for a, b in zip(b"word", stream, strict=False))
    tag = hmac.digest(key, b"\x02" + b"\x01\0\0\0" + cipher, hashlib.sha256)[:8]
    assert hub[0].seal(b"word", 4) == b"\x01\0\0\0" + cipher + tag


def test_a_link_that_has_had_all_its_frames_says_so():
    (sealing, _), _ = pair()
    sealing._counter = 0x3FFFFFFF
    with pytest.raises(ValueError, match="worn out"):
        sealing.seal(b"word", 4)
