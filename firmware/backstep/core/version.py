"""The version of the firmware, and so of the whole project."""

VERSION = "0.2.0"
