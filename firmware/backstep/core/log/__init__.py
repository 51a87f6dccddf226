"""The bytes of logs and recordings, and their reader; knows events, no detector."""
