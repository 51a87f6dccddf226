"""The detector of a belt pod: lean, sway, steps, posture; enters what only a trunk needs."""
