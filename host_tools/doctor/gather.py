"""Finds out what a doctor has to know, once, from this laptop, from the pod that runs and from its prompt."""

import argparse
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from host_tools.doctor import at_prompt
from host_tools.doctor.facts import FIRMWARE, NOBODY, PROMPT, Facts
from host_tools.errors import UserError
from host_tools.install import boards, podfiles
from host_tools.talk import announced, clock, port_access, usb_port
from host_tools.talk.client import AtPrompt, Busy, Client, Refused
from host_tools.talk.find import connected
from host_tools.talk.sessions import on_pod

DAY_0 = date(1970, 1, 1).toordinal()
LISTEN_S = 1.5  # without INT1 the pod counts some five lost interrupts a second
BUZZ = "start"
_LEAVE_S = 10.0  # of which the last pattern takes up to 3 s
FELT = "Did the pod just buzz?"
MAY_LEAVE = """\
What only MicroPython's prompt tells comes last: flash, self-test, INT1, motor.
It ends a session that runs and takes some 20 s; then the firmware starts again.
Lay the pod still. Go on?"""


@dataclass
class Person:
    """Who may be asked.

    may_leave: what to answer to leaving the firmware where nobody can be, None = nobody can, and it is not done.
    ask: puts a question, None where nobody is there.  tell: takes what is being done just now.
    """

    may_leave: bool | None = None
    ask: Callable[[str], bool] | None = None
    tell: Callable[[str], None] = field(default=lambda words: None)


def gathered(args: argparse.Namespace, person: Person) -> Facts:
    """Return all there is to know of the pod that --port and --pod mean; nothing that is wrong ends it."""
    facts = Facts(today=date.today().toordinal() - DAY_0, laptop_why=clock.laptop_why())
    person.tell("looks for the pod")
    _choose(args, facts)
    if not facts.port or facts.port_why:
        return facts
    facts.usb = usb_port.described(facts.port)
    facts.refusal = port_access.refusal(facts.port, facts.usb.get("vid"))
    facts.holders = port_access.holders(facts.port, announced.processes())
    if not facts.refusal[0] and not facts.holders and facts.usb.get("kind") != "factory":
        _meet(facts, person)
        facts.first = facts.answers
        _leave(facts, person)
        if facts.restarted and facts.first != FIRMWARE:
            _meet(facts, person)
        elif facts.restarted and facts.clock_off_ms is not None:
            _tell_time_again(facts.port)
    return facts


def _choose(args: argparse.Namespace, facts: Facts) -> None:
    try:
        if args.pod and not args.port:
            simulated = announced.ports() if args.pod == announced.NAME else []
            if len(simulated) == 1:
                facts.port = simulated[0]
            else:
                with connected(args) as pod:
                    facts.port = pod.port
        else:
            facts.port = args.port or usb_port.find_port()
    except UserError as error:
        facts.port_why = str(error)
        return
    if not usb_port.is_there(facts.port):
        facts.port_why = "there is no such port"


def _meet(facts: Facts, person: Person) -> None:
    """Ask the firmware all that it tells."""
    person.tell("asks the pod")
    facts.silence = ""
    try:
        with Client(facts.port) as pod:
            facts.hello = pod.meet(on_wait=person.tell)
            facts.answers = FIRMWARE
            _ask(pod, facts, person)
    except AtPrompt:
        facts.answers = PROMPT
    except UserError as error:
        facts.answers = facts.answers or NOBODY
        facts.silence = _bare(error, facts.port)


def _ask(pod: Client, facts: Facts, person: Person) -> None:
    facts.board = _board_here(facts.hello)
    first = pod.ask_again("status")
    unix_s = time.time()
    facts.status = first, first
    if first["unix_ms"]:
        facts.clock_off_ms = round(first["unix_ms"] - 1000 * unix_s)
    with contextlib.suppress(Refused, Busy):  # an older firmware, or one that cannot just now
        facts.reasons = pod.ask_again("reasons")
        facts.settings = pod.ask_again("get")["settings"]
        facts.sessions = on_pod(pod)
        if "paired" in facts.hello.get("requests", ()):
            facts.paired = pod.ask_again("paired")
    if person.ask and not first["safe"]:
        _buzz(pod, facts, person.ask)
    time.sleep(LISTEN_S)
    facts.status = first, pod.ask_again("status")
    pod.listen(facts.said.append, 0)  # what it said meanwhile has come with the answer


def _buzz(pod: Client, facts: Facts, ask: Callable[[str], bool]) -> None:
    with contextlib.suppress(UserError):  # what is wrong is told by its counters
        pod.ask("buzz", pattern=BUZZ)
        facts.buzzed = True
    facts.felt = ask(FELT) if facts.buzzed else None


def _leave(facts: Facts, person: Person) -> None:
    """Look at what the prompt tells, where that is allowed."""
    may = person.may_leave if person.may_leave is not None else bool(person.ask and person.ask(MAY_LEAVE))
    if not may:
        facts.prompt_why = "it ends the session: --yes allows that"
        return
    person.tell("looks from MicroPython's prompt: leave the pod still")
    try:
        if facts.answers == FIRMWARE:
            _end_session(facts.port)
        facts.prompt = at_prompt.look(facts.port)
    except UserError as error:
        facts.prompt_why = _bare(error, facts.port)
        return
    facts.restarted, facts.restart_why = facts.prompt.pop("restarted"), facts.prompt.pop("restart_why")
    facts.board = facts.prompt["board"] or facts.board


def _end_session(port: str) -> None:
    """Have the firmware end its session and write its log; where it does not, it is interrupted later."""
    with contextlib.suppress(UserError), Client(port) as pod:
        pod.ask("maintenance")
        pod.await_end(_LEAVE_S)


def _tell_time_again(port: str) -> None:
    """Give back what a start takes away: a pod that knew the time knows it again."""
    with contextlib.suppress(UserError), Client(port) as pod:
        pod.meet()
        clock.set_time(pod)


def _board_here(hello: dict) -> dict:
    """Return the board file that came with this host, {} for one of the pod's owner."""
    name = (hello.get("archive") or {}).get("board", "")
    return boards.load(name) if name in podfiles.board_names() else {}


def _bare(error: UserError, port: str) -> str:
    return str(error).replace(f"{port}: ", "")
