"""Both ends of the link agree on numbers and layouts."""

import re
import struct

from host_tools.micropython import build
from host_tools.virtual_pod import wire

HEADER = (build._VARIANT / "podlink.h").read_text()
SIZES = {"uint8_t": "B", "uint16_t": "H", "uint32_t": "I", "int32_t": "i", "uint64_t": "Q"}


def layout(name: str) -> str:
    """Return a C structure of the header as a struct format."""
    [body] = re.findall(r"typedef struct __attribute__\(\(packed\)\) {([^}]*)} " + name + ";", HEADER)
    fields = re.findall(r"(u?int\d+_t) \w+(?:\[(\d+)\])?;", body)
    return "<" + "".join(f"{count}s" if count else SIZES[kind] for kind, count in fields)


def test_the_verbs_have_the_same_numbers():
    numbers, number = {}, 0
    for name, told in re.findall(r"^    POD_(\w+)(?: = (\d+))?,", HEADER, re.MULTILINE):
        number = int(told) if told else number + 1
        numbers[name] = number
    assert next(iter(numbers)) == "HELLO" and "FREQUENCY" in numbers and "REGISTER" in numbers
    assert {name: getattr(wire, name) for name in numbers} == numbers


def test_the_messages_have_the_same_layout():
    assert layout("pod_request_t") == wire._REQUEST.format
    assert layout("pod_answer_t") == wire._ANSWER.format
    assert layout("pod_hello_t") == wire._HELLO.format
    assert struct.calcsize(wire._REQUEST.format) == 16
