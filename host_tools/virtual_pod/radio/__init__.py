"""The virtual pod's radio: MicroPython's `bluetooth` on one side, Google's bumble and its virtual air on the other."""
