"""All that a doctor knows, gathered once: the checks look at nothing else."""

from dataclasses import dataclass, field

FIRMWARE, PROMPT, NOBODY = "firmware", "prompt", "nobody"


@dataclass
class Facts:
    """What was found out, in the order it is found out.

    port: that is looked at, "" where none could be chosen; port_why: why not, or what is wrong with it.
    usb: vid, pid and product of its device, {} where it is not on USB.
    refusal: why it may not be opened and the commands that mend it.  holders: programs that have it open.
    answers: FIRMWARE, PROMPT or NOBODY; "" where nobody was asked.  first: the same, before it was started anew.
    silence: what is known of who does not answer.
    hello, reasons, settings: what the pod answered, {} where it did not.  status: of the beginning and of the end.
    sessions: rows of sessions.on_pod, None where they were not told.
    paired: what it tells of the pods worn with it, None where it was not told.
    clock_off_ms: the pod's clock against this laptop's, None where it was never told.  today: days since 1970.
    laptop_why: why this laptop's clock cannot be right.
    buzzed: whether the motor was asked to turn.  felt: whether it did, None where nobody was asked.
    prompt: what was seen from MicroPython's prompt, {} where nobody was let; prompt_why: why not.
    restarted: what the firmware said then; restart_why: why it did not start again.
    board: the board file, {} where it is not known.  said: lines that the pod's console said meanwhile.
    """

    port: str = ""
    port_why: str = ""
    usb: dict = field(default_factory=dict)
    refusal: tuple[str, tuple[str, ...]] = ("", ())
    holders: list[str] = field(default_factory=list)
    answers: str = ""
    first: str = ""
    silence: str = ""
    hello: dict = field(default_factory=dict)
    status: tuple[dict, dict] = field(default_factory=lambda: ({}, {}))
    reasons: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    sessions: list[dict] | None = None
    paired: dict | None = None
    clock_off_ms: int | None = None
    today: int = 0
    laptop_why: str = ""
    buzzed: bool = False
    felt: bool | None = None
    prompt: dict = field(default_factory=dict)
    prompt_why: str = ""
    restarted: str = ""
    restart_why: str = ""
    board: dict = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def parts(self) -> dict:
        """What the parts came to, looked at from the prompt; {} where they were not."""
        return self.prompt.get("parts") or {}
