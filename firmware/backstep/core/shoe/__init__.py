"""The detector of a shoe pod: strides by zero-velocity strapdown; enters what only a foot needs."""
