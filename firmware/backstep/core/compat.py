"""What core has to know of the interpreters: how they spell a constant, and a kernel of machine code.

A kernel is a function marked with @viper: integers and arrays of integers in, an integer out. On a pod it is
compiled to machine code (host_tools/install/pod_code/kernels.py), where ints have 32 bits and ptr8, ptr16, ptr32
read memory without asking what lies there; elsewhere it is plain Python over the arrays themselves. Both agree
while every intermediate stays inside +-2^30 and every index inside its array, and where what is read through ptr16
is made signed by hand: on the pod it comes as 0 .. 65535.
"""

try:
    from micropython import const
except ImportError:  # CPython

    def const(value):  # type: ignore[misc]
        """Return value; on MicroPython the compiler folds it into the bytecode."""
        return value


def viper(kernel):
    """Return a kernel as it is."""
    return kernel


def native(function):
    """Return a function as it is; on a pod it is machine code over the same objects, twice as fast as bytecode."""
    return function


def ptr8(room):
    """Return a bytearray as it is."""
    return room


def ptr16(room):
    """Return an array("h") as it is."""
    return room


def ptr32(room):
    """Return an array("i") as it is."""
    return room
