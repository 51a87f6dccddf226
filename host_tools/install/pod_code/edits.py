"""Changes to a source by place, so that every line keeps its number: MicroPython's compiler names lines."""

import ast
from collections.abc import Iterable

Edit = tuple[int, int, int, int, str]  # line from 1 and column where it begins, the same where it ends, new words


def instead_of(node: ast.stmt | ast.expr, words: str) -> Edit:
    """Return the edit that puts words in the place of a node; the source is ASCII, as the firmware's is."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, words


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return the source with its edits, which do not overlap; one over several lines takes them whole."""
    lines = text.splitlines(keepends=True)
    for row, column, last_row, last_column, words in sorted(edits, reverse=True):
        tail = lines[row - 1][last_column:] if row == last_row else "\n"
        lines[row - 1 : last_row] = [lines[row - 1][:column] + words + tail] + ["\n"] * (last_row - row)
    return "".join(lines)
