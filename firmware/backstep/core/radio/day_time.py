"""The time a phone tells [Bluetooth CTS 1.1, 3.1 and 3.2]."""

from ..compat import const

_QUARTER_MIN = const(15)
_YEARS = (2025, 2099)  # there were no pods before
_DAYS_TO_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_NOT_KNOWN = (0, 0, 0)


def current(data: bytes) -> tuple:
    """Return (day since 1970, second of it, ms) by Current Time, which is the wearer's; (0, 0, 0) = none."""
    if len(data) < 9:
        return _NOT_KNOWN
    year, month, day = data[0] | data[1] << 8, data[2], data[3]
    hour, minute, second = data[4], data[5], data[6]
    if not (_YEARS[0] <= year <= _YEARS[1] and 1 <= month <= 12 and 1 <= day <= 31):
        return _NOT_KNOWN
    if hour > 23 or minute > 59 or second > 59:
        return _NOT_KNOWN
    past = year - 1970
    days = 365 * past + (past + 1) // 4 + _DAYS_TO_MONTH[month - 1] + day - 1
    if month > 2 and year % 4 == 0:  # so are all of those years
        days += 1
    return days, 3600 * hour + 60 * minute + second, data[8] * 1000 >> 8


def offset_min(data: bytes):
    """Return how far Local Time Information is ahead of UTC [min], None where the phone does not know."""
    if len(data) < 2:
        return None
    zone = data[0] - 256 if data[0] > 127 else data[0]
    if not -48 <= zone <= 56 or data[1] not in (0, 2, 4, 8):
        return None
    return _QUARTER_MIN * (zone + data[1])
