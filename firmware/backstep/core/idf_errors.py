"""What the error codes of ESP-IDF mean, which MicroPython's I2C and ADC pass on as the number of an OSError."""

# [MicroPython ports/esp32/machine_i2c.c; ESP-IDF esp_err.h]: what is neither "no acknowledge" nor "time is up"
# comes as ESP-IDF's own number, with either sign. 116 is newlib's ETIMEDOUT, which is 110 on a PC.
# One text takes the least memory; nothing is loaded to explain an error that may be the flash's.
_MEANINGS = (
    "110 ETIMEDOUT, the bus is held;116 ETIMEDOUT, the bus is held;258 ESP_ERR_INVALID_ARG;"
    "259 ESP_ERR_INVALID_STATE, the bus is busy or held;263 ESP_ERR_TIMEOUT, the bus is held;"
    "264 ESP_ERR_INVALID_RESPONSE, not acknowledged"
)


def meaning(code: int) -> str:
    """Return what a code means, "" when it is none of these."""
    for row in _MEANINGS.split(";"):
        if isinstance(code, int) and row.startswith("%d " % abs(code)):
            return row[4:]
    return ""
