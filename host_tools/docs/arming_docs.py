"""The belt's states of arming, as a diagram and a table made from core's own."""

from backstep.core.belt.arming import STATES

# What makes each state so, as Arming.state() asks.
CAUSES = (
    "half a second after a start or a gap of over 100 ms",
    "the wearer wants no warnings for a while",
    "refractory time after a warning",
    "lying, or bent over, in the mean of the last seconds",
    "gait is recent and lively",
    "gait is recent",
    "standing or sitting",
)


def section() -> str:
    """Return the section of the belt's page, as Markdown."""
    rows = "\n".join(
        f"| {name} | {cause} | {_word(gait)} | {_word(always)} | {warning or '-'} | {caution or '-'} |"
        for cause, (name, gait, always, warning, caution) in zip(CAUSES, STATES, strict=True)
    )
    head = '| state | holds when | armed with `sway_arming` "gait" | with "always" | warning | caution |'
    return f"```mermaid\n{diagram()}\n```\n\n{head}\n|---|---|---|---|---|---|\n{rows}\n"


def diagram() -> str:
    """Return a Mermaid flow chart: causes are asked in order, the first that holds gives the state."""
    lines = ["flowchart LR", "    s((sample)) --> q0"]
    last = len(STATES) - 1
    for k, (cause, (name, gait, always, *_)) in enumerate(zip(CAUSES, STATES, strict=True)):
        look = "warns" if gait else "asked" if always else "silent"
        if k == last:
            lines.append(f"    q{k}[{name}]:::{look}")
        else:
            lines += [f'    q{k}{{"{cause}?"}} -- yes --> a{k}[{name}]:::{look}', f"    q{k} -- no --> q{k + 1}"]
    looks = (("silent", "#eee"), ("warns", "#9d9"), ("asked", "#dd9"))
    return "\n".join(lines + [f"    classDef {look} fill:{fill},stroke:#555" for look, fill in looks])


def _word(armed) -> str:
    return "yes" if armed else "no"
