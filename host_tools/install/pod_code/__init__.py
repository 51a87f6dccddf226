"""What becomes of the firmware's sources before they land on a pod: the same program in less memory."""

from collections.abc import Mapping

from host_tools.install import bytecode
from host_tools.install.pod_code import constants, kernels, modules, names


def prepared(sources: Mapping[str, str], main: str = "", native: bool = False) -> dict[str, str]:
    """Return module name on the pod -> Python, line for line what the sources are.

    sources: dotted module name -> Python, packages too.  main: main.py as on the pod; the names it uses stay.
    native: whether kernels become machine code.  UserError when something in them stands in the way.
    """
    return names.shortened(modules.flat(constants.folded(kernels.placed(sources, native))), main)


def compiled(sources: Mapping[str, str], main: str = "", arch: str = "") -> dict[str, bytes]:
    """Return module name on the pod -> .mpy; arch: as of bytecode.compiled; for the rest see prepared()."""
    made = prepared(sources, main, bool(arch)).items()
    return {module: bytecode.compiled(text, module, arch) for module, text in made}
