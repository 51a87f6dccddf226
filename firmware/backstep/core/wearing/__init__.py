"""How a pod is worn: calibration, placement, falls; wraps any detector."""
