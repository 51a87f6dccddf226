"""Modules that a pod loads together, as one: each has a path, a table of names, and its imports, all in memory."""

import ast
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter

from host_tools.errors import UserError
from host_tools.install.pod_code.edits import Edit, applied, instead_of
from host_tools.install.pod_code.scopes import Scopes, Target, Use, bound
from host_tools.install.pod_code.walking import walked
from host_tools.install.pod_code.words import words

# What every pod holds as long as it runs, and what each placement does; by name on the pod.
BUNDLES = {
    "pod": "alarm angle app_session battery bus clock console core_button day detecting detector"
    " drv2605l events fall faults fixed guide haptic health lines little_endian log_format logbook lsm6ds"
    " lsm6ds_fifo lsm6ds_tagged marks mcu notifying one_shot parts passing pod power power_states raw_ring"
    " registers rows running sampling signals still training_session wearer wearer_button worn",
    "shoe": "attitude clipping landing shoe shoe_cues stance stance_kernel strapdown strapdown_kernel stride_count"
    " stride_direction stride_heading stride_last stride_sure swing_kernel",
    "belt": "arming belt bounce lean memory steps sway sway_motion trunk_direction",
    "wrist": "lift rhythm wrist",
    "board": "axes board",
    "settings": "settings settings_store",
    "log_files": "log_files log_reader",
    "recording": "recording rice",
    "band": "band band_alarm band_clock band_link band_patterns band_session band_strides band_words seal",
    "radio": "adverts air air_rows band_uuids byte_copy finding irq radio",
    "phone": "day_time phone phone_clock pod_words rsc services",
    "strap": "heart strap",
}
PASSING = "PASSING"  # see firmware/backstep/app/passing.py
_FIRST = 128  # names that an instruction tells in one byte


def bundled(sources: Mapping[str, str], bundles: Mapping[str, str]) -> dict[str, str]:
    """Return the sources with one in place of each bundle's; who imports from its modules imports from that.

    sources: module name on the pod -> Python.  bundles: name on the pod -> its modules, in one text; one of this
    name keeps its names.  UserError where something in them stands in the way.
    """
    home = {module: bundle for bundle, modules in bundles.items() for module in modules.split()}
    files = {module: _File(module, text, sources.keys()) for module, text in sources.items()}
    for module in home.keys() - files.keys():
        raise UserError(f"bundles: {module}: no such module")
    groups: dict[str, list[_File]] = {}
    for module in files:
        groups.setdefault(home.get(module, module), []).append(files[module])
    made = {name: _Bundle(name, members, files) for name, members in groups.items()}
    of = {module: made[home.get(module, module)] for module in files}
    return {name: bundle.text(of) for name, bundle in made.items()}


class _File:
    """One source, its names and whose they are."""

    def __init__(self, module: str, text: str, ours: Iterable[str]):
        self.module = module
        self.source = text
        self.tree = ast.parse(text, module)
        self._ours = frozenset(ours)
        self.imported: dict[str, Target] = {}
        self.outside: dict[str, ast.Import | ast.ImportFrom] = {}  # modules of MicroPython's by their names here
        for node in self.tree.body:
            self.imported |= self.own(node)
            if isinstance(node, ast.Import | ast.ImportFrom) and not self.own(node):
                self.outside |= {alias.asname or alias.name: _one(node, alias) for alias in node.names}
        names = bound(self.tree.body)
        self.defined = [name for name in dict.fromkeys(names) if name not in self.imported | self.outside]
        self.uses = list(Scopes(self.own).uses(self.tree))
        self.attributes = {id(node.value): node for node in walked(self.tree) if isinstance(node, ast.Attribute)}

    def own(self, node: ast.stmt) -> dict[str, Target]:
        """Return what an import of our modules binds: name here -> module and name there."""
        match node:
            case ast.ImportFrom(str(module), names) if module in self._ours:
                return {alias.asname or alias.name: (module, alias.name) for alias in names}
            case ast.Import(names):
                return {
                    alias.asname or alias.name: (alias.name, "") for alias in names if alias.name in self._ours
                }
        return {}

    def target(self, use: Use) -> Target:
        """Return what a use means; the module is "" for a name of MicroPython's."""
        name = use.node.id
        if use.target:
            return use.target
        if name in self.imported:
            return self.imported[name]
        return (self.module, name) if name in self.defined and name != PASSING else ("", name)


def _one(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.Import | ast.ImportFrom:
    if isinstance(node, ast.Import):
        return ast.Import([alias])
    return ast.ImportFrom(node.module, [alias], node.level)


_Homes = Mapping[str, "_Bundle"]


class _Bundle:
    """Some sources that become one."""

    def __init__(self, name: str, members: list[_File], files: Mapping[str, _File]):
        self.name = name
        self._files = files
        inside = {file.module: file for file in members}
        needs = {  # sorted: a set's order is another in every process, and so would the firmware be
            file.module: sorted({source for source, _ in file.imported.values() if source in inside})
            for file in members
        }
        self._members = [inside[module] for module in TopologicalSorter(needs).static_order()]
        passing = {PASSING in file.defined for file in members}
        if len(passing) > 1:
            raise UserError(f"{name}: some of its modules are PASSING, and some are not")
        self._is_passing = passing == {True}
        self.is_alone = len(members) == 1
        self._names = self._named(inside)

    def _named(self, inside: Mapping[str, _File]) -> dict[Target, str]:
        """Return what each name at the top of a module is called here."""
        hidden: dict[Target, set[str]] = {}
        taken: dict[str, Target] = {}
        for file in self._members:
            for use in file.uses:
                target = self._whole(file.target(use))
                if target[0] in inside and not target[1] and id(use.node) in file.attributes:
                    target = self._whole((target[0], file.attributes[id(use.node)].attr))
                if target[0]:
                    hidden.setdefault(target, set()).update(use.hidden)
                else:
                    taken[target[1]] = target
            taken |= {name: ("", name) for name in file.outside}
        wanted: dict[Target, str] = {}
        for file in sorted(self._members, key=lambda file: file.module != self.name):
            others = {self._whole(target): name for name, target in file.imported.items()}
            own = {(file.module, name): name for name in file.defined if name != PASSING}
            wanted = {
                **wanted,
                **own,
                **{target: name for target, name in others.items() if target[0] not in inside},
                **wanted,
            }
        names: dict[Target, str] = {}
        for target, name in wanted.items():
            sign = "_" if name.startswith("_") else ""
            for word in itertools.chain([name], map(sign.__add__, words())):
                if word not in taken and word not in hidden.get(target, ()):
                    break
            names[target] = word
            taken[word] = target
        return names

    def _whole(self, target: Target) -> Target:
        """Return where a name that a module has imported itself is defined."""
        module, name = target
        while module and name in self._files[module].imported:
            module, name = self._files[module].imported[name]
        return module, name

    def called(self, target: Target) -> str:
        """Return what a name of one of its modules is called here."""
        return self._names[self._whole(target)]

    def text(self, homes: _Homes) -> str:
        """Return its source.  homes: which bundle has a module."""
        parts = [applied(file.source, self._edits(file, homes)) for file in self._members]
        if self.is_alone:
            return parts[0]
        first = [ast.unparse(node) for file in self._members for node in file.outside.values()]
        first += self._from_others(homes)
        if self._is_passing:
            first.append(f"{PASSING} = True")
        whole = "\n".join([*dict.fromkeys(first), *parts])
        return f"__name__ or ({', '.join(_frequent(whole))})\n{whole}"

    def _from_others(self, homes: _Homes) -> Iterator[str]:
        for (module, name), here in self._names.items():
            other = homes[module]
            if other is not self:
                if name:
                    yield f"from {other.name} import {other.called((module, name))} as {here}"
                else:
                    yield f"import {other.name} as {here}"

    def _edits(self, file: _File, homes: _Homes) -> Iterator[Edit]:
        for use in file.uses:
            module, name = target = self._whole(file.target(use))
            if module and not name:
                if not homes[module].is_alone:
                    yield self._of_module(file.attributes.get(id(use.node)), module, homes, use)
            elif module and (not use.target or homes[module] is self):
                yield instead_of(use.node, self._names[target])
        top = set(file.tree.body)
        for node in walked(file.tree):
            at_top = node in top
            match node:
                case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name) if at_top:
                    word = {"FunctionDef": "def ", "AsyncFunctionDef": "async def ", "ClassDef": "class "}
                    at = node.col_offset + len(word[type(node).__name__])
                    yield node.lineno, at, node.lineno, at + len(name), self._names[file.module, name]
                case ast.Import() | ast.ImportFrom() if file.own(node) or at_top and not self.is_alone:
                    gone = at_top and not self.is_alone
                    yield instead_of(node, "pass" if gone else self._import(file.own(node), homes))
                case ast.Assign([ast.Name(name)]) if at_top and name == PASSING and not self.is_alone:
                    yield instead_of(node, "pass")

    def _of_module(self, node: ast.Attribute | None, module: str, homes: _Homes, use: Use) -> Edit:
        if not node:
            raise UserError(f"{self.name}: line {use.node.lineno}: {use.node.id}: a module, want a name of it")
        other = homes[module]
        name = other.called((module, node.attr))
        if other is self:
            return instead_of(node, name)
        here = use.node.id if use.target else self._names[module, ""]
        return instead_of(node, f"{here}.{name}")

    def _import(self, wanted: Mapping[str, Target], homes: _Homes) -> str:
        words = []
        for here, (module, name) in wanted.items():
            other = homes[module]
            if other is self:
                continue
            if name:
                words.append(f"from {other.name} import {other.called((module, name))} as {here}")
            else:
                words.append(f"import {other.name} as {here}")
        return "; ".join(words) or "pass"


def _frequent(text: str) -> list[str]:
    """Return the names that a source tells most often, as far as they are no variables of functions."""
    tree = ast.parse(text)
    count = Counter(use.node.id for use in Scopes(lambda node: {}).uses(tree))
    for node in walked(tree):
        match node:
            case ast.Attribute(_, name) | ast.arg(name):
                count[name] += 1
    return [name for name, _ in count.most_common(_FIRST) if not name.startswith("_")]
