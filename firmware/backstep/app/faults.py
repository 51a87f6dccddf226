"""What went wrong since the start, counted in one place."""

from array import array

from ..core.compat import const

BUS_ERRORS = const(0)
SENSOR_SILENT = const(1)
SENSOR_STUCK = const(2)
LOST_INTERRUPTS = const(3)
SENSOR_RESTARTS = const(4)
MOTOR_ERRORS = const(5)
EVENTS_LOST = const(6)
TASK_RESTARTS = const(7)
CONSOLE_LINES_LOST = const(8)
RADIO_LOST = const(9)

# In the order of the numbers, as a person reads them; one text takes the least memory.
_NAMES = (
    "bus errors,sensor silent,sensor stuck,lost interrupts,sensor restarts,"
    "motor errors,events lost,task restarts,console lines lost,radio lost"
)
# What MicroPython's I2C and ADC pass on as the number of an OSError. 116 is newlib's ETIMEDOUT, 110 a PC's, the
# others are ESP-IDF's own, with either sign [MicroPython ports/esp32/machine_i2c.c; ESP-IDF esp_err.h]. Nothing is
# loaded to explain an error that may be the flash's.
_MEANINGS = (
    "110 ETIMEDOUT, the bus is held;116 ETIMEDOUT, the bus is held;258 ESP_ERR_INVALID_ARG;"
    "259 ESP_ERR_INVALID_STATE, the bus is busy or held;263 ESP_ERR_TIMEOUT, the bus is held;"
    "264 ESP_ERR_INVALID_RESPONSE, not acknowledged"
)


def no_faults():
    """Return every counter at zero: a healthy pod."""
    return array("i", [0] * len(_NAMES.split(",")))


def counted(faults) -> dict:
    """Return those counters that are not zero, by their names."""
    if not any(faults):  # asked once a second
        return {}
    names = _NAMES.split(",")
    return {names[i]: faults[i] for i in range(len(names)) if faults[i]}


def reason(error) -> str:
    """Return what an exception says: a driver's own words as they are, anything else with its type."""
    if error.args and isinstance(error, OSError):
        words, last = _meaning(error.args[0]), error.args[-1]
        if isinstance(last, str):
            return "%s (%s)" % (last, words) if words else last
        if words:
            return "OSError %d: %s" % (last, words)
    return ("%s: %s" % (type(error).__name__, error)).rstrip(": ")


def _meaning(code):
    for row in _MEANINGS.split(";"):
        if isinstance(code, int) and row.startswith("%d " % abs(code)):
            return row[4:]
    return ""


def ignore(*args, **named) -> None:
    """Do nothing: who listens is wired later."""
