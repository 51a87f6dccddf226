"""The virtual pod's radio: MicroPython's `bluetooth` on one side, bumble and a virtual air on the other."""
