"""Times of day as the wearer's clock showed them, with the zone beside."""

from datetime import UTC, datetime, timedelta, timezone

DAY_S = 86400


def at(unix_ms: int, utc_offset_min: int | None) -> datetime:
    """Return a time in its zone.  unix_ms: since 1970 [ms].  utc_offset_min: None: the laptop's zone."""
    moment = datetime.fromtimestamp(unix_ms / 1000, UTC)
    return moment.astimezone(None if utc_offset_min is None else timezone(timedelta(minutes=utc_offset_min)))


def shown(unix_ms: int, utc_offset_min: int | None = None) -> str:
    """Return a time as "2026-11-29 10:30 +01:00", "not told yet" for 0.  Arguments as of at()."""
    if not unix_ms:
        return "not told yet"
    words = at(unix_ms, utc_offset_min).isoformat(" ", "minutes")
    return f"{words[:16]} {words[16:]}"
