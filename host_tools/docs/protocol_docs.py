"""firmware/PROTOCOL.md: how a program talks to a pod, from the code that answers it."""

import inspect
import re
from types import ModuleType

from backstep.app.console import lines
from backstep.app.desk import (
    ask_band,
    ask_calibration,
    ask_log,
    ask_pod,
    ask_record,
    ask_settings,
    ask_strap,
    desk,
)
from backstep.core.log import chest, log_format, log_head, log_reader

from host_tools.docs import band_protocol, phone_protocol

MODULES: dict[str, ModuleType] = {
    "desk": desk,
    "pod": ask_pod,
    "settings": ask_settings,
    "calibration": ask_calibration,
    "log": ask_log,
    "record": ask_record,
    "band": ask_band,
    "strap": ask_strap,
}
KINDS = {"int": "whole number", "text": "text", "flag": "true or false", "table": "table", "list": "list of texts"}

HEAD = """# How a program talks to a pod

Made by `backstep docs` from `backstep/app/desk/`; not to be edited. The host's client is
`host_tools/talk/client.py`.

On the pod's serial port (115200 baud where that matters), beside what the console tells and beside the session, a
line that begins with `{{` is a request: a JSON table of at most {line_max} bytes in UTF-8 with `id` (a whole
number 0..{id_max}, which the answer repeats), `do` (its name) and its arguments. Each gets one line of answer,
which begins with `{{"id"`; other lines may come between. A line that was damaged on its way gets an answer whose
`id` is null, or none.

```
{example}
```

An answer has `ok`, a table, or `error`, text with a fault a line; a request that is refused has changed nothing.
With `"busy": true` beside it the same may be granted in a moment: the pod moves too much to write to its flash
just now, keeps what a calibration has found, or lacked memory, which alone does not say whether the request was
carried out. None is begun while a sway may have to be warned of within a second. Whoever hears nothing may ask
again: only `mark`, `begin`, `end` and `buzz` then happen twice or are refused. What answers is loaded
when it is asked: each of the groups below but the first is dropped for the next one, and all after half a
minute without a request. An answer may reach a program that comes after the one that asked: begin `id` somewhere
else every time. In safe mode what needs a session is refused.
"""


def page() -> dict[str, str]:
    """Return the page: path -> text."""
    example = "\n".join(line.strip() for line in (desk.__doc__ or "").splitlines() if line.startswith("    {"))
    parts = [HEAD.format(line_max=lines.LINE_MAX, id_max=desk._ID_MAX, example=example)]
    for name, module in MODULES.items():
        title = "Who the pod is" if module is desk else _title(module)
        parts.append(f"## {title}\n")
        rows = [row.split() for row in desk.TABLE]
        parts += [_request(row[0], row[2:], module) for row in rows if row[1] == name]
    parts += [_log(), _chest(), phone_protocol.section(), band_protocol.section()]
    return {"firmware/PROTOCOL.md": "\n".join(parts)}


def _title(module: ModuleType) -> str:
    return (module.__doc__ or "").splitlines()[0].rstrip(".")


def _request(name: str, arguments: list[str], module: ModuleType) -> str:
    told = inspect.cleandoc(module.HANDLERS[name].__doc__)
    lines_ = [f"### `{name}`\n", re.sub(r"\n\n+", "\n\n", told) + "\n"]
    for argument in arguments:
        word, kind = argument.split(":")
        optional = ", may be left out" if kind.endswith("?") else ""
        lines_.append(f"- `{word}`: {KINDS[kind.rstrip('?')]}{optional}")
    return "\n".join(lines_) + ("\n" if arguments else "")


def _log() -> str:
    """Return the section on the files that `read` hands out."""
    heads = ", ".join(f"{name} u{8 * size}" for name, size in log_head.HEAD)
    rows = "\n".join(f"- {row.split()[0]}: {', '.join(row.split()[1:])}" for row in log_reader.TABLE)
    about = inspect.cleandoc(log_format.__doc__ or "")
    intro, _, rest = about.partition("\n")
    return (
        f"## The files of the session log\n\n{intro.removeprefix('The session log: ').capitalize()}\n{rest}\n\n"
        f"HEAD is: {heads}.\n\nRecords beside the events:\n\n{rows}\n\n"
        f"Why a session begins or ends: {', '.join(log_reader.REASONS)}.\n"
    )


def _chest() -> str:
    intro, _, rest = inspect.cleandoc(chest.__doc__ or "").partition("\n")
    return f"## The files of raw seconds\n\n{intro}\n{rest}\n"
