"""Chips by MicroPython's spellings of them: before 1.29, from 1.29 on, and those of single boards."""

import pytest

from host_tools.install.chip_names import mcu_of


@pytest.mark.parametrize(
    ("said", "mcu"),
    (
        ("ESP32S3", "esp32s3"),
        ("ESP32-S3", "esp32s3"),
        ("ESP32-S3-FN8", "esp32s3"),
        ("ESP32-S3-PICO-1-N8R2", "esp32s3"),
        ("ESP32C3", "esp32c3"),
        ("ESP32-C3", "esp32c3"),
        ("ESP32-C3FH4", "esp32c3"),
        ("ESP32", "esp32"),
        ("ESP32-PICO-D4", "esp32"),
        ("ESP32-PICO-V3-02", "esp32"),
        ("ESP32-D2WD", "esp32"),
        ("ESP32-UNICORE", "esp32"),
        ("ESP32-S2FN4R2", "esp32s2"),
        ("ESP32-S31", "esp32s31"),
        ("ESP32C6", "esp32c6"),
        ("ESP32-C61", "esp32c61"),
        ("ESP32-H2", "esp32h2"),
        ("ESP32P4", "esp32p4"),
        ("RP2040", None),
    ),
)
def test_a_spelling_is_a_board_files_mcu(said, mcu):
    assert mcu_of(f"Some board with {said}") == mcu


@pytest.mark.parametrize(
    ("machine", "mcu"),
    (
        ("Generic ESP32S3 module with Octal-SPIRAM with ESP32-S3", "esp32s3"),
        ("4MB/OTA module with ESP32", "esp32"),
        ("linux [GCC 12.2.0] version", None),
        ("ESP32-S3", None),
        ("", None),
    ),
)
def test_the_chip_is_what_stands_last(machine, mcu):
    assert mcu_of(machine) == mcu
