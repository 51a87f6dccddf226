"""The first ten minutes, without hardware."""
