"""What lands on a pod and how it gets there: boards, firmware slots, MicroPython images."""
