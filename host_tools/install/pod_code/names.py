"""Shorter names for the pod: it keeps every name it has ever read, and ours are nobody's business outside.

Ours become words that are in its ROM anyway (words.py), but where a file knows such a word by itself; two of ours
share one where no file, nor the files its classes derive from, has both.
Names that MicroPython has anyway stay: they cost nothing, and may be its own. So do texts, modules and lines.
"""

import ast
import functools
import io
import tokenize
from collections.abc import Container, Iterator, Mapping

from host_tools.errors import UserError
from host_tools.install.pod_code.constants import definitions
from host_tools.install.pod_code.walking import children, walked
from host_tools.install.pod_code.words import words

# What both we and MicroPython have a name for; a test compares with all the names of a real one.
MICROPYTHON = frozenset((
    "IN", "OUT", "add", "args", "bluetooth", "buffer", "callback", "cancel", "chr", "clear", "close",
    "code", "collect", "const", "copy", "cos", "count", "crc32", "data", "decode", "default", "done", "drive", "e",
    "end", "esp32", "event", "extend", "feed", "file", "fill", "flags", "flush", "get", "hold", "id", "index",
    "ioctl", "kbd_intr", "key", "level", "line", "listen", "load", "log", "machine", "mkfs", "mode", "module",
    "mount", "n", "name", "on", "open", "pack", "path", "period", "pin", "read", "readinto", "readonly",
    "register", "release", "reset", "reset_cause", "run", "scl", "sda", "seek", "self", "send", "set", "sin",
    "sleep_ms", "sleep_us", "start", "stat", "state", "stdout", "step", "stop", "stream", "sz", "tell", "text",
    "time", "umount", "unpack", "value", "values", "version", "w", "wait", "wake", "write",
))  # fmt: skip


def shortened(sources: Mapping[str, str], main: str = "") -> dict[str, str]:
    """Return the sources with short names.

    sources: module name on the pod -> Python; all that there is.  main: source of main.py, whose names stay.
    UserError when a file uses a private name that is another file's.
    """
    files = {module: _File(module, text) for module, text in sources.items()}
    outside = [file.outside(sources) for file in files.values()]
    lines = {module: _line(module, files) for module in files}
    short = _short(files, lines, MICROPYTHON.union(sources, _words(main), *outside))
    for module, file in files.items():
        file.rename(short[module])
    return {module: file.text for module, file in files.items()}


def candidates(sources: Mapping[str, str]) -> set[str]:
    """Return the names, but for private ones, that would be short if MicroPython had none of them."""
    return set().union(*[file.public | file.arguments for file in (_File(*item) for item in sources.items())])


_Files = Mapping[str, "_File"]
_Line = frozenset[str]  # a file and those that its classes derive from: what an object of it has names of


def _line(module: str, files: _Files) -> _Line:
    bases = files[module].bases & files.keys()
    return frozenset((module,)).union(*[_line(base, files) for base in bases])


def _short(files: _Files, lines: Mapping[str, _Line], kept: frozenset[str]) -> dict[str, dict[str, str]]:
    """Return module -> name -> short name; no line has two names with one."""
    short: dict[str, dict[str, str]] = {module: {} for module in files}
    for name, home in _homes(files, lines, kept):
        at = [module for module, line in lines.items() if line & home]
        busy = kept.union(*[files[module].words for module in at], *[short[module].values() for module in at])
        word = next(word for word in words() if word not in busy)
        for module in at:
            short[module][name] = word
    return short


def _homes(files: _Files, lines: Mapping[str, _Line], kept: frozenset[str]) -> list[tuple[str, _Line]]:
    """Return every name to shorten with the files that mean the same by it; those of many files come first."""
    public = set().union(*[file.public for file in files.values()]) - kept
    homes = [(name, frozenset(module for module, file in files.items() if name in file.words)) for name in public]
    inside: dict[str, set[str]] = {}
    for module, file in files.items():
        for name in (file.arguments - kept | file.private) - public:
            inside.setdefault(name, set()).add(module)
    homes += [(name, home) for name, modules in inside.items() for home in _joined(modules, lines)]
    return sorted(homes, key=lambda home: (-len(home[1]), home[0], sorted(home[1])))


def _joined(modules: set[str], lines: Mapping[str, _Line]) -> set[_Line]:
    """Return the files in groups: two that one line has are in one."""
    group = {module: frozenset((module,)) for module in modules}
    for line in lines.values():
        met = line & modules
        joined = frozenset().union(*[group[module] for module in met])
        group.update(dict.fromkeys(joined, joined))
    return set(group.values())


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
        self._nodes = walked(self._tree)
        self._folded = {name for name, _, _ in definitions(self._tree)}
        self._tokens = list(_tokens(text))
        self.words = {token.string for token in self._tokens}
        bound = set(self._bound()) - self._folded
        self.private = {name for name in bound if _is_private(name)}
        self.public = {name for name in bound if not name.startswith("_")}

    @functools.cached_property
    def arguments(self) -> set[str]:
        """Names that are nothing but arguments here."""
        attributes = {node.attr for node in self._nodes if isinstance(node, ast.Attribute)}
        arguments = {node.arg for node in self._nodes if isinstance(node, ast.arg)}
        return arguments - attributes - self.public - self.private

    @functools.cached_property
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
        for node in self._nodes:
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
        for token in reversed(self._tokens):
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
        for node in self._nodes:
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
                todo.extend(children(node))
