"""Sessions as files of other programs: activities for training logs, tables for analysis."""
