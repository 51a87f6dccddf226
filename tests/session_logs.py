"""Session logs of what a detector found, to be read as fetched ones."""

from binascii import crc32

from backstep.core import events
from backstep.core.log import log
from backstep.core.log.log_format import Block
from backstep.core.log.log_head import HEAD
from backstep.core.log.recording import PLACEMENTS

from host_tools.replay import replay_recording
from host_tools.virtual_pod.console_log import coded

STRIDE = (events.STRIDE, 300, (10, 250, events.BACKWARD, 480, 40, 0, 2, 90, 540, 1, 0, 3000, 0))


def heard(recording, settings=None):
    """Return the records (code, sample, fields) of a recording at the pod's rate, by its own detector."""
    return [(code, event["sample"], fields) for event in replay_recording(recording, settings)
            for code, fields in [coded(event)]]  # fmt: skip


def write(
    path, records, placement="shoe", rate_hz=208, seconds=60, wearer=(1, 20000, 70, 175), ended=log.BY_CONSOLE,
    **told,
):  # fmt: skip
    """Write a session of records between its begin and its end.

    wearer: None leaves that record out.  ended: why.  told: what else its heads say, fields of HEAD by name.
    """
    about = [] if wearer is None else [(log.WEARER, 0, wearer)]
    whole = [(log.BEGIN, 0, (log.BY_CONSOLE,)), *about, *records, (log.END, seconds * rate_hz, (ended,))]
    data, block, numbers = b"", Block(), 0
    known = {"placement": PLACEMENTS.index(placement), "rate_hz": rate_hz, "boot": 1, "session": 1} | told
    for code, sample, fields in whole:
        if block.full or code == log.END:
            data += bytes(block.close([(known | {"number": numbers}).get(name, 0) for name, _ in HEAD], crc32))
            block.clear()
            numbers += 1
        block.put(code, sample, fields)
    data += bytes(block.close([(known | {"number": numbers}).get(name, 0) for name, _ in HEAD], crc32))
    path.write_bytes(data)
    return path
