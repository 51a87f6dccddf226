"""What becomes of the firmware's sources before they land on a pod: the same program in less memory."""

from collections.abc import Mapping

from host_tools.install.pod_code import bundles, constants, inline, kernels, modules, names


def prepared(sources: Mapping[str, str], main: str = "", native: bool = False) -> dict[str, str]:
    """Return module name on the pod -> Python.

    sources: dotted module name -> Python, packages too.  main: main.py as on the pod; the names it uses stay.
    native: whether kernels become machine code.  UserError when something in them stands in the way.
    """
    whole = inline.inlined(constants.folded(kernels.placed(sources, native)))
    short = names.shortened(modules.flat(whole), main)
    return bundles.bundled(short, bundles.BUNDLES)
