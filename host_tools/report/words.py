"""Times and numbers as the report says them."""

from datetime import datetime

from host_tools.sessions.session_log import SessionLog
from host_tools.sessions.wearer_time import in_zone, zone_of

NICE_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200)


def length(seconds: float) -> str:
    """Return how long something took."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole // 60 % 60:02} min"


def at(seconds: float, tenths: bool = False) -> str:
    """Return a moment of a session, as m:ss or h:mm:ss, with tenths of a second where wanted."""
    whole = int(seconds * 10 + 0.5) / 10 if tenths else int(seconds)
    minutes, rest = divmod(whole, 60)
    last = f"{rest:04.1f}" if tenths else f"{int(rest):02}"
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{last}" if hours else f"{minutes}:{last}"


def local(found: SessionLog) -> datetime:
    """Return when a session began, as its wearer's clock showed it."""
    return in_zone(found.unix_ms, zone_of(found.unix_ms, found.utc_offset_min))


def when(unix_ms: int, seconds: float, utc_offset_min: int | None = None) -> str:
    """Return from when to when, with the zone; a clock that was put in between shows in it.

    utc_offset_min: of the wearer's clock, None = as this laptop's.
    """
    if not unix_ms:
        return "at a time that no clock told the pod (backstep time)"
    own = zone_of(unix_ms, utc_offset_min)
    begin, end = in_zone(unix_ms, own), in_zone(unix_ms + round(1000 * seconds), own)
    until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%d %b %H:%M}"
    if begin.utcoffset() != end.utcoffset():
        return f"{begin:%d %b %Y, %H:%M} {zone(begin)} to {until} {zone(end)}: the clock was put in between"
    past = ", past midnight" if begin.date() != end.date() else ""
    return f"{begin:%d %b %Y, %H:%M} to {until} {zone(end)}{past}"


def zone(moment: datetime) -> str:
    """Return a zone's name and its offset to UTC."""
    offset = moment.strftime("%z")
    name = moment.tzname() or ""
    told = f"UTC{offset[:3]}:{offset[3:]}" if offset.strip("+-0") else "UTC"
    return told if name[:1] in "+-" or name == told else f"{name} ({told})"


def number(value: float | None, digits: int = 1, unit: str = "") -> str:
    """Return a value with its unit, a dash where there is none."""
    if value is None or value != value:
        return "–"
    return f"{value:.{digits}f}{' ' if unit else ''}{unit}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def step_s(seconds: float, most: int) -> int:
    """Return a round time [s] that divides some seconds into no more than so many parts."""
    return next(
        (nice for nice in NICE_S if seconds <= nice * most), NICE_S[-1] * (int(seconds) // (NICE_S[-1] * most) + 1)
    )
