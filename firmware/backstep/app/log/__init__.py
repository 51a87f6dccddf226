"""What is written while a session runs: its log, raw seconds, chosen minutes."""
