"""The firmware's modules side by side on the pod: a package costs memory, and each module its path three times.

Tracebacks name `health` for backstep/app/health.py.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from host_tools.errors import UserError
from host_tools.install.pod_code import imports
from host_tools.install.pod_code.edits import Edit, applied, instead_of
from host_tools.install.pod_code.walking import walked


def flat(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the sources by their names on the pod, importing each other by these; packages are gone.

    sources: dotted module name -> Python, packages too, which hold nothing but a docstring: else UserError.
    """
    names = flat_names(sources)
    for package in set(sources) - set(names):
        if not _is_told_only(sources[package]):
            raise UserError(f"{package}: a package with code, want a docstring at most: the pod has no packages")
    return {name: flattened(module, sources[module], names) for module, name in names.items()}


def flat_names(modules: Mapping[str, str]) -> dict[str, str]:
    """Return dotted name -> name on the pod, with its room where two would be the same; packages have none."""
    packages = {module.rpartition(".")[0] for module in modules}
    files = [module.split(".") for module in modules if module not in packages]
    count = Counter(parts[-1] for parts in files)
    return {".".join(parts): "_".join(parts[-2:] if count[parts[-1]] > 1 else parts[-1:]) for parts in files}


def flattened(module: str, text: str, names: Mapping[str, str]) -> str:
    """Return one source with its imports of our modules by their names on the pod.

    module: its dotted name.  names: from flat_names().
    """
    return applied(text, _edits(module, ast.parse(text, module), names))


def _is_told_only(text: str) -> bool:
    """Return whether a source is empty but for its docstring."""
    tree = ast.parse(text)
    return len(tree.body) == (ast.get_docstring(tree) is not None)


def _edits(module: str, tree: ast.Module, names: Mapping[str, str]) -> Iterator[Edit]:
    packages = {name.rpartition(".")[0] for name in names}
    for node, source in imports.own(module, walked(tree), names.keys() | packages):
        if source in names:
            yield instead_of(node, imports.statement(names[source], node.names))
        else:
            whole = [_alias(names[f"{source}.{alias.name}"], alias.asname or alias.name) for alias in node.names]
            yield instead_of(node, f"import {', '.join(whole)}")


def _alias(name: str, here: str) -> str:
    return name if name == here else f"{name} as {here}"
