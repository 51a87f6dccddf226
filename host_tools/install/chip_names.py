"""Chips as MicroPython spells them, in the words of our board files."""

import re

# Families have a letter and a number: S2, S3, S31, C3, C61, H2, P4. What follows, such as FH4, N8R2 or PICO, is a
# package or a module; the first ESP32 has no family, only these: ESP32-PICO-D4, ESP32-D2WD, ESP32-UNICORE.
_CHIP = re.compile(r"(ESP32)(?:-?([SCHPE]\d+))?")


def mcu_of(machine: str) -> str | None:
    """Return the `mcu` of a board file, None where no chip of Espressif's is named.

    machine: such as "Generic ESP32S3 module with ESP32S3", or "... with ESP32-S3" from 1.29 on; what
    sys.implementation._machine says.  [MicroPython: MICROPY_HW_MCU_NAME in ports/esp32/boards]
    """
    board, joined, chip = machine.rpartition(" with ")
    found = _CHIP.match(chip) if joined else None
    return "".join(part for part in found.groups() if part).lower() if found else None
