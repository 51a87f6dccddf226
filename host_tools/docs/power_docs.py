"""The states of power, as a diagram and a table made from core's own."""

from backstep.core.power_states import STATES

# What makes each state so, as Power and PowerStates ask.
CAUSES = (
    "a USB host is there, or somebody may want to talk",
    "a sway would be warned of",
    "a step was recent",
    "moved in the last 10 s",
    "not moved",
    "not moved for `off_min`",
)


def section() -> str:
    """Return the section of the room's page, as Markdown."""
    rows = "\n".join(
        f"| {name} | {cause} | {wait_ms or '-'} | {mhz or '-'} | " + " | ".join(map(_word, words)) + " |"
        for cause, (name, wait_ms, mhz, *words) in zip(CAUSES, STATES, strict=True)
    )
    head = (
        "| state | holds when | a sample waits at most [ms] | CPU [MHz] | light sleep between"
        " | haptic driver stands by | INT1 at movement too |"
    )
    return f"```mermaid\n{diagram()}\n```\n\n{head}\n|---|---|---|---|---|---|---|\n{rows}\n"


def diagram() -> str:
    """Return a Mermaid flow chart: causes are asked in order, the first that holds gives the state."""
    lines = ["flowchart LR", "    s((look)) --> q0"]
    order = [*range(len(STATES) - 2), len(STATES) - 1]  # off is asked before still, which is what is left
    for step, k in enumerate(order):
        cause = CAUSES[k].replace("`", "")
        lines.append(f'    q{step}{{"{cause}?"}} -- yes --> a{k}[{STATES[k][0]}]:::{_look(k)}')
        lines.append(f"    q{step} -- no --> q{step + 1}")
    still = len(STATES) - 2
    lines.append(f"    q{len(order)}[{STATES[still][0]}]:::{_look(still)}")
    looks = (("awake", "#dd9"), ("sleeps", "#9d9"), ("off", "#eee"))
    return "\n".join(lines + [f"    classDef {look} fill:{fill},stroke:#555" for look, fill in looks])


def _look(k: int) -> str:
    return "off" if not STATES[k][2] else "sleeps" if STATES[k][3] else "awake"


def _word(yes: int) -> str:
    return "yes" if yes else "no"
