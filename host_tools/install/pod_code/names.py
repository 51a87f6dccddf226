"""Shorter names for the pod: it keeps every name it has ever read, and ours are nobody's business outside.

Ours become a, b ... aa, ab; two of them share one where no file, nor the files its classes derive from, has both.
Names that MicroPython has anyway stay: they cost nothing, and may be its own. So do texts, modules and lines.
"""

import ast
import io
import itertools
import keyword
import string
import tokenize
from collections.abc import Container, Iterator, Mapping

from host_tools.errors import UserError
from host_tools.install.pod_code.constants import definitions

# What both we and MicroPython have a name for; a test compares with all the names of a real one.
MICROPYTHON = frozenset((
    "add", "args", "buffer", "cancel", "clear", "close", "code", "collect", "const", "copy", "cos",
    "count", "crc32", "data", "decode", "default", "drive", "end", "event", "feed", "flush", "get",
    "hold", "index", "key", "line", "listen", "load", "log", "mode", "module", "n", "name", "on", "open", "path",
    "read", "register", "release", "reset", "reset_cause", "run", "self", "set", "sin", "sleep_ms",
    "start", "state", "stdout", "step", "stop", "sz", "text", "time", "value", "values", "version", "wait",
    "wake", "write",
))  # fmt: skip


def shortened(sources: Mapping[str, str], main: str = "") -> dict[str, str]:
    """Return the sources with short names.

    sources: module name on the pod -> Python; all that there is.  main: source of main.py, whose names stay.
    UserError when a file uses a private name that is another file's.
    """
    files = {module: _File(module, text) for module, text in sources.items()}
    outside = [file.outside(sources) for file in files.values()]
    families = _families(files)
    short = _short(families, MICROPYTHON.union(sources, _words(main), *outside))
    for family, names in zip(families, short, strict=True):
        for file in family:
            file.rename(names)
    return {module: file.text for module, file in files.items()}


def candidates(sources: Mapping[str, str]) -> set[str]:
    """Return the names, but for private ones, that would be short if MicroPython had none of them."""
    return set().union(*[file.public | file.arguments for file in (_File(*item) for item in sources.items())])


def _families(files: Mapping[str, "_File"]) -> list[list["_File"]]:
    """Return the files in groups whose classes derive from each other's."""
    family = {module: {module} for module in files}
    for module, file in files.items():
        for base in file.bases & files.keys():
            joined = family[module] | family[base]
            family.update(dict.fromkeys(joined, joined))
    return [[files[module] for module in sorted(family[first])] for first in files if first == min(family[first])]


def _short(families: list[list["_File"]], kept: frozenset[str]) -> list[dict[str, str]]:
    """Return name -> short name for each family."""
    used = [set().union(*[file.words for file in family]) for family in families]
    taken = kept.union(keyword.kwlist, *used)
    letters = string.ascii_lowercase
    words = [word for word in [*letters, *map("".join, itertools.product(letters, letters))] if word not in taken]
    short: list[dict[str, str]] = [{} for _ in families]
    for name, at in _homes(families, used, kept):
        busy = set().union(*[short[i].values() for i in at])
        word = next(word for word in words if word not in busy)
        for i in at:
            short[i][name] = word
    return short


_Home = tuple[str, list[int]]  # a name, and the numbers of the families that mean the same by it


def _homes(families: list[list["_File"]], used: list[set[str]], kept: frozenset[str]) -> list[_Home]:
    """Return every name to shorten with its home; those of many families come first."""
    public = set().union(*[file.public for family in families for file in family]) - kept
    homes = [(name, [i for i, words in enumerate(used) if name in words]) for name in public]
    for i, family in enumerate(families):
        inside = set().union(*[file.arguments - kept | file.private for file in family]) - public
        homes += [(name, [i]) for name in inside]
    return sorted(homes, key=lambda home: (-len(home[1]), home))


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the names in a source, keywords too."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return (token for token in tokens if token.type == tokenize.NAME)


def _words(text: str) -> set[str]:
    return {token.string for token in _tokens(text)}


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


class _File:
    """One file and its names, by where they matter."""

    def __init__(self, module: str, text: str):
        self.module = module
        self.text = text
        self._tree = ast.parse(text, module)
        self._folded = {name for name, _, _ in definitions(self._tree)}
        self.words = _words(text)
        bound = set(self._bound()) - self._folded
        self.private = {name for name in bound if _is_private(name)}
        self.public = {name for name in bound if not name.startswith("_")}

    @property
    def arguments(self) -> set[str]:
        """Names that are nothing but arguments here."""
        attributes = {node.attr for node in ast.walk(self._tree) if isinstance(node, ast.Attribute)}
        arguments = {node.arg for node in ast.walk(self._tree) if isinstance(node, ast.arg)}
        return arguments - attributes - self.public - self.private

    @property
    def bases(self) -> set[str]:
        """Modules that the classes of this file derive from."""
        classes = [node for node in self._tree.body if isinstance(node, ast.ClassDef)]
        wanted = {ast.unparse(base) for node in classes for base in node.bases}
        imports = [node for node in self._tree.body if isinstance(node, ast.ImportFrom)]
        return {node.module or "" for node in imports if wanted & {alias.name for alias in node.names}}

    def outside(self, ours: Container[str]) -> set[str]:
        """Return names that are not ours to change: imported from elsewhere, keywords of calls, sought as texts.

        ours: our modules.
        """
        found: set[str] = set()
        for node in ast.walk(self._tree):
            match node:
                case ast.ImportFrom(module) if module in ours:
                    pass
                case ast.Import(names) | ast.ImportFrom(_, names):
                    found.update(alias.name for alias in names)
                case ast.keyword(str(name)):
                    found.add(name)
                case ast.Call(ast.Name("getattr" | "setattr" | "hasattr"), [_, ast.Constant(str(name)), *_]):
                    found.add(name)
        return found

    def rename(self, names: Mapping[str, str]) -> None:
        """Put names in place of the file's own; UserError for a private name that is not in them."""
        lines = self.text.splitlines(keepends=True)
        for token in reversed(list(_tokens(self.text))):
            name, (row, column) = token.string, token.start
            if name in self._folded:
                continue
            if _is_private(name) and name not in names:
                raise UserError(f"{self.module}: line {row}: {name} is private to another file")
            line = lines[row - 1]
            lines[row - 1] = line[:column] + names.get(name, name) + line[column + len(name) :]
        self.text = "".join(lines)

    def _bound(self) -> Iterator[str]:
        """Yield the names that are bound here, but for the variables of functions."""
        at_top = set(self._at_top())
        for node in ast.walk(self._tree):
            match node:
                case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                    yield name
                case ast.Attribute(_, name, ast.Store()) | ast.alias(_, str(name)):
                    yield name
                case ast.Name(name, ast.Store()) if node in at_top:
                    yield name

    def _at_top(self) -> Iterator[ast.AST]:
        """Yield every node outside functions."""
        todo: list[ast.AST] = [self._tree]
        while todo:
            node = todo.pop()
            yield node
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                todo.extend(ast.iter_child_nodes(node))
