"""On the real MicroPython: the same frames as on CPython, and nothing taken of the heap at a sample."""

from backstep.app.radio import seal
from backstep.core.radio import band_words as words
from vm import run_on_vm

SAID = [
    (words.BEAT, 123456, 0, 70),
    (words.PATTERN, 3, 0x3FFFFFFF, 1),
    (words.EVENT, 1, 77, 2, 2),
    (words.ORDER, 4),
]

FRAMES = f"""
from backstep.app.radio import seal
from backstep.core.radio import band_words as words
sides = [seal.opened(bytes(range(16)), b"hubnonce", b"podnonce", 2, hub) for hub in (True, False)]
word, other, values = bytearray(8), bytearray(8), [0] * 4
for said in {SAID}:
    frame = sides[0][0].seal(word, words.write_word(word, *said))
    length = sides[1][1].open(frame, other)
    print(frame.hex(), words.read_word(other, length, values), sides[1][1].open(frame, other))
"""


def test_frames_are_the_same_bytes_on_both():
    sealing, word = seal.opened(bytes(range(16)), b"hubnonce", b"podnonce", 2, True)[0], bytearray(8)
    frames = [sealing.seal(word, words.write_word(word, *said)).hex() for said in SAID]
    assert run_on_vm(FRAMES).splitlines() == [
        f"{frame} {said[0]} 0" for frame, said in zip(frames, SAID, strict=True)
    ]


BAND = """
import asyncio, gc, micropython, time
from array import array
from backstep.app.radio.band import Band
from backstep.app.radio.band_hub import Hub
from backstep.core import events
class Air:
    uuid, stamp_ms = str, 0
    def __init__(self): self.clients, self.sent = [], []
    def write(self, conn, handle, data): self.sent.append(data); return True
    def seek(self, *args): pass
air = Air()
roles = {"uid": "x", "name": "x", "senses": True, "buzzes": True, "spots": False}
pods = [dict(roles, placement=placement) for placement in ("belt", "shoe")]
class Sensing:
    samples = 100
    hears = heard = ()
    drain_began_us = 0
    alarm, report, cue, still, begin, end = None, print, print, print, print, print
    running = True
    def index_of(self, name): return 5
sensing = Sensing()
sensing.detecting = sensing.notifying = sensing.keeper = sensing.sensing = sensing.pod = sensing.parts = sensing
sensing.rate_hz = 104
gc.collect()
before = gc.mem_alloc()
names = "sway", "caution", "foot"
band = Band({"pods": pods, "me": 0, "hub": 0}, bytes(16), b"band", names, lambda band: Hub(band, air))
tasks = band.wire(sensing)
gc.collect()
print("takes", gc.mem_alloc() - before)
fields = array("i", range(13))
codes = events.SWAY, events.STRIDE, events.CAUTION, events.STEP, events.FALL_OVER, events.BAND
micropython.heap_lock()
for code in codes:
    band.hear(code, fields)
micropython.heap_unlock()
band.heard("foot", 100, 100)
print([band._queue.take() for _ in range(5)], band._own, len(air.sent))
"""


def test_what_a_sample_finds_takes_no_memory_and_says_nothing():
    takes, found = run_on_vm(BAND).splitlines()
    assert found == "[3, 1, 6, 7, 0] 32 0"
    assert int(takes.split()[1]) < 4000
