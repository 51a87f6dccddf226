"""The section of PROTOCOL.md on what the pods of a band say to each other, byte by byte."""

from backstep.app.radio import band_hub, band_link, band_uuids, seal
from backstep.core.radio import band_words as words

# Of each kind: name, what its values are called, and what it says. Their sizes are those of band_words.
WORDS = (
    (
        words.BEAT,
        "beat",
        "ms, how, battery",
        "the hub's clock as it was sent, from another pod what that takes it for; 0; the sender's charge [%], "
        "255 = not known",
    ),
    (
        words.SESSION,
        "session",
        "number, how",
        "of the band's session; bit 0: it runs, bit 1: the wearer has begun or ended it at this pod, and the hub "
        "is to do the same; bit 2: the pod lies still and goes off: its link ends in a moment, and is not lost; "
        "bit 3, of a session that runs: the hub was in it minutes ago at most, and the beat before has its clock "
        "of then; a hub that has started anew since goes on with both",
    ),
    (
        words.PATTERN,
        "pattern",
        "index, ms, pod",
        "of the [haptic words](HAPTICS.md), in the order of `core/patterns.py` from 0; when it began; whose it is",
    ),
    (
        words.EVENT,
        "event",
        "code, ms, way, steps",
        "of an event: 1, a stride, when its foot landed, its direction as in the log (2 is backward) and how many "
        "steps it counts; or 7, a fall is over",
    ),
    (
        words.ORDER,
        "order",
        "order",
        "what the wearer did at one pod, for all: 1 lap, 2 mark, 3 snooze, 4 awake, 5 the alarm's end",
    ),
)

TEXT = """## What the pods of a band say to each other

Pods are linked in a star. A pod that is not the hub advertises, until it has its hub, with a structure of type
FF: `{advert}` for a band `01020304` and place 2 in its list of pods. No address is
kept. What it serves:

- service `{service}`
- `{to_pod}`: written to by the hub, without response
- `{from_pod}`: notified to the hub

Nothing takes more than 20 bytes, which every link carries at once. Numbers have the lowest byte first.

1. **Hello**, by the hub: version {version}, the band's 4 bytes, a nonce of {nonce}.
2. **Answer**, by the pod: the version, a nonce of {nonce} of its own.
3. From here on **frames**: `counter u32 | ciphertext | tag, 8 bytes`, of words of at most {longest} bytes. Each
   side has a key for what it says: HMAC-SHA256(the band's key, `backstep-band-1 ` + `>` from the hub or `<` to
   it + hub's nonce + pod's nonce + the pod's place u8). The ciphertext is the word xor HMAC-SHA256(key, `01` +
   counter), the tag the first 8 bytes of HMAC-SHA256(key, `02` + counter + ciphertext). The counter begins at 1,
   and only rises. The first frame proves the key; the hub's is a beat, the pod's says how its session is, unless a
   beat comes before that.

A frame with a wrong tag, a counter that is not higher than the last, or no known word in it is dropped and
counted, and nothing else. Who has not proven the key within {proof_s} s, or said three things that are none of
the band's, is disconnected. A pod that is not heard for {silent_s} s is taken for gone; the hub beats twice a
second, others once.

| word | bytes | is |
|---|---|---|
{rows}

The clock is the hub's `time.ticks_ms`, 30 bits, and begins anew after 12 days. The hub wants a connection event
every {interval} * 1.25 ms: a prime number of units, so that beats sent at ticks of 10 ms meet every wait there
is, and the least of a minute of them tells the clock. A `band` record in the log has it for its sample, once it
is known to 5 ms, 7.5, 15 and 30 s later, then each minute. A pattern that began more than a second ago is not
played.

The hub passes words on: of patterns to the pods that buzz, and to spotters of sways and falls alone; of strides
and orders to all but spotters; of falls to all. A spotter's words are not heeded. Begun or ended by button or
console, a session does so at all; what else ends one, such as a flat battery, does not.
"""


def section() -> str:
    """Return it."""
    units = band_hub.INTERVAL_MS * 1000 // 1250
    return TEXT.format(
        advert=band_uuids.advert(bytes((1, 2, 3, 4)), 2).hex(" "),
        service=band_uuids.SERVICE,
        to_pod=band_uuids.TO_POD,
        from_pod=band_uuids.FROM_POD,
        version=words.BAND_VERSION,
        nonce=seal.NONCE_BYTES,
        longest=words.LONGEST,
        proof_s=band_link.PROOF_MS // 1000,
        silent_s=band_link.SILENT_MS // 1000,
        interval=units,
        rows="\n".join(_row(*word) for word in WORDS),
    )


def _row(kind: int, name: str, values: str, told: str) -> str:
    named = [f"{value} u{8 * size}" for value, size in zip(values.split(", "), words.sizes(kind), strict=True)]
    return f"| {name} | `{kind:02x}`, {', '.join(named)} | {told} |"
