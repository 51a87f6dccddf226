"""Numbers of the session log: its records beside the events, and why a session began or ended."""

from ..compat import const

# Beside the events; their names and fields are in log_reader.py.
BEGIN = const(32)
END = const(33)
BUZZ = const(34)
BATTERY = const(35)
CLOCK = const(36)
BOOT = const(37)
WEARER = const(38)
RATE = const(39)

# Why a session began or ended, in the order of log_reader.REASONS.
AT_START = const(0)
BY_BUTTON = const(1)
BY_CONSOLE = const(2)
STOPPED = const(3)
INTERRUPTED = const(4)
FAILED = const(5)
BATTERY_FLAT = const(6)
MAINTENANCE = const(7)
REBOOT = const(8)
EXIT = const(9)
FLASH_FULL = const(10)
STILL = const(11)
BY_BAND = const(12)
