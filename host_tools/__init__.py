"""Backstep on the laptop: replay, evaluate, simulate, deploy."""
