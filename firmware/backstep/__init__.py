"""What lands on the pod; MicroPython and CPython import it unchanged."""
