"""What a pod's flash holds, read by esptool: for a pod that no longer starts, and before flashing."""
