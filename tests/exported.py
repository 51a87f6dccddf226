"""When the session that is exported in tests began."""

BEGAN_S = 1_761_436_740  # 2025-10-25 23:59 UTC: midnight passes in it
OFFSET_MIN = 120
