"""The virtual pod: the whole firmware on a real MicroPython, its hardware modelled on the host."""
