"""The firmware for a MicroPython on this machine with its kernels as machine code, as a pod has them."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from host_tools.install import bytecode, kept_build, podfiles
from host_tools.install.pod_code import constants, inline, kernels
from host_tools.micropython.script import word_bits

ARCH = bytecode.VIRTUAL  # of the 32-bit MicroPython


def host_arch() -> str:
    """Return what kernels are made for on this machine: bytecode where MicroPython's words have 64 bits."""
    return ARCH if word_bits() == 32 else ""


@functools.cache
def firmware(arch: str = ARCH) -> Path:
    """Return a folder like firmware/ for script.run_script's path, that lasts as long as this process.

    arch: "" for kernels as bytecode, all else being the same.  UserError when the compiler cannot make it.
    """
    folder = Path(_scratch().name) / (arch or "bytecode")
    sources = podfiles.firmware_sources()
    packages = {module.rpartition(".")[0] for module in sources}
    for module, text in kept_build.kept(f"side by side {bool(arch)}", sources, lambda: _made(bool(arch))).items():
        path = folder / module.replace(".", "/")
        path = path / "__init__.py" if module in packages else path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        if kernels.has_kernels(text):
            path.with_suffix(".mpy").write_bytes(bytecode.compiled(text, module, arch))
        else:
            path.write_text(text, encoding="utf-8")
    return folder


def _made(is_native: bool) -> dict[str, str]:
    return inline.inlined(constants.folded(kernels.placed(podfiles.firmware_sources(), is_native)))


@functools.cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="backstep-native-")
