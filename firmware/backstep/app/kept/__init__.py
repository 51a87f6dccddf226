"""What outlives a power cut besides the log: settings and state, twice each."""
