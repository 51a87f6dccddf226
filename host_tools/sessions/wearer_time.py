"""Times of day as the wearer's clock showed them, with the zone beside."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

DAY_S = 86400


def zone_of(unix_ms: int, utc_offset_min: int | None) -> tzinfo | None:
    """Return the wearer's zone, None for that of this laptop, which knows its name and its summer time.

    unix_ms: since 1970 [ms].  utc_offset_min: of the wearer's clock then, None = not told: the laptop's zone.
    """
    if utc_offset_min is None or in_zone(unix_ms, None).utcoffset() == timedelta(minutes=utc_offset_min):
        return None
    return timezone(timedelta(minutes=utc_offset_min))


def in_zone(unix_ms: int, zone: tzinfo | None) -> datetime:
    """Return a unix time [ms] in a zone, as of zone_of()."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).astimezone(zone)


def shown(unix_ms: int, utc_offset_min: int | None = None) -> str:
    """Return a time as "2026-11-29 10:30 +01:00", "not told yet" for 0.  Arguments as of zone_of()."""
    if not unix_ms:
        return "not told yet"
    words = in_zone(unix_ms, zone_of(unix_ms, utc_offset_min)).isoformat(" ", "minutes")
    return f"{words[:16]} {words[16:]}"
