"""The belt's states of arming, as a diagram and a table made from core's own."""

from backstep.core.arming import STATES


def section() -> str:
    """Return the section of firmware/README.md."""
    rows = "\n".join(
        f"| {name} | {cause} | {_word(gait)} | {_word(always)} | {more or '-'} |"
        for name, cause, gait, always, more in STATES
    )
    head = '| state | holds when | armed with `sway_arming` "gait" | with "always" | more score it takes |'
    return f"```mermaid\n{diagram()}\n```\n\n{head}\n|---|---|---|---|---|\n{rows}\n"


def diagram() -> str:
    """Return a Mermaid flow chart: causes are asked in order, the first that holds gives the state."""
    lines = ["flowchart LR", "    s((sample)) --> q0"]
    last = len(STATES) - 1
    for k, (name, cause, gait, always, _) in enumerate(STATES):
        look = "warns" if gait else "asked" if always else "silent"
        if k == last:
            lines.append(f"    q{k}[{name}]:::{look}")
        else:
            lines += [f'    q{k}{{"{cause}?"}} -- yes --> a{k}[{name}]:::{look}', f"    q{k} -- no --> q{k + 1}"]
    looks = (("silent", "#eee"), ("warns", "#9d9"), ("asked", "#dd9"))
    return "\n".join(lines + [f"    classDef {look} fill:{fill},stroke:#555" for look, fill in looks])


def _word(armed) -> str:
    return "yes" if armed else "no"
