"""The command `backstep`: a table of verbs."""

import argparse
import contextlib
import errno
import importlib
import io
import signal
import sys
from collections.abc import Callable

from backstep.core.version import VERSION

from host_tools.errors import UserError

# (verb, module with add_arguments(parser) and run(args) -> exit code, or what in a module has them, help)
VERBS = (
    ("tour", "host_tools.tour.tour", "the first ten minutes, with a simulated pod"),
    ("sim", "host_tools.sim.sim", "run the whole firmware on a virtual pod"),
    ("replay", "host_tools.replay", "run the step and sway logic over a recording"),
    ("evaluate", "host_tools.evaluate", "score the detectors on folders of labelled recordings"),
    ("train", "host_tools.train", "learn a detector's numbers from labelled recordings"),
    ("status", "host_tools.talk.status", "who the pod on USB is and how it goes"),
    ("config", "host_tools.talk.config", "list, get, set or reset a pod's settings"),
    ("pair", "host_tools.talk.pair", "have pods that are worn together know each other; a strap"),
    ("time", "host_tools.talk.clock", "tell the pod the time"),
    ("buzz", "host_tools.talk.orders:buzz", "have the pod buzz, by default once to find it"),
    ("mark", "host_tools.talk.orders:mark", "mark this moment; soon after a warning: it was a false alarm"),
    ("lap", "host_tools.talk.orders:lap", "begin the next lap of the session"),
    ("snooze", "host_tools.talk.orders:snooze", "have no sways warned of for a while"),
    ("awake", "host_tools.talk.orders:awake", "have sways warned of again"),
    ("direction", "host_tools.talk.orders:direction", "say which way the wearer of a belt or wrist pod goes"),
    ("session", "host_tools.talk.orders:session", "begin or end a session"),
    ("sessions", "host_tools.talk.sessions", "list the sessions on a pod, or show some that were fetched"),
    ("report", "host_tools.report.report", "show a session, a week or all as one page of HTML"),
    ("export", "host_tools.export.export", "a session as fit, tcx, gpx, csv, parquet, gaitmap or json"),
    ("sync", "host_tools.talk.sync", "fetch the sessions and raw seconds that are not here yet"),
    ("rescue", "host_tools.rescue.rescue", "sessions and settings out of a pod that no longer starts"),
    ("marks", "host_tools.talk.marks", "list and fetch raw seconds: of sways, falls, chosen minutes"),
    ("record", "host_tools.talk.orders:record", "record raw samples for some minutes, to be fetched by sync"),
    ("live", "host_tools.talk.live", "show what the pod senses, as it senses it"),
    ("calibrate", "host_tools.talk.calibrate", "teach the pod how it is worn: stand, then walk eight steps"),
    ("doctor", "host_tools.doctor.doctor", "what is wrong with cable, port, pod or parts; the remedy"),
    ("reasons", "host_tools.talk.reasons", "tell why the pod started and why sessions ended"),
    ("reboot", "host_tools.talk.orders:reboot", "have the pod start anew"),
    ("maintenance", "host_tools.talk.orders:maintenance", "have the pod leave to MicroPython's prompt"),
    ("boards", "host_tools.install.boards", "list and check board files"),
    ("power", "host_tools.power.power", "a board's current and hours by state, on a virtual pod"),
    ("deploy", "host_tools.install.deploy", "put the firmware onto a pod that runs MicroPython"),
    ("flash", "host_tools.install.flash", "put MicroPython's newest release onto a chip, then deploy"),
    ("bench", "host_tools.bench.bench", "measure the firmware's speed and memory"),
    ("docs", "host_tools.docs.docs", "write the parts of the documents that are made from code"),
    ("micropython", "host_tools.micropython", "find or build the MicroPython of the virtual pod"),
    ("completion", "host_tools.completion", "print what makes a shell complete this command's words"),
)

_ENDS = (
    "Ends with 0: done; 1: done, and what was found is not well: lost, faulty, below its floor; 2: not done, or "
    "from a file that is not whole: a line says why and what to do; 130: by Ctrl-C."
)


class _Formatter(argparse.HelpFormatter):
    """Gives the verbs a column as wide as the longest: argparse forgets that they are indented."""

    def __init__(self, prog: str):
        super().__init__(prog)
        self._action_max_length = 4 + max(len(name) for name, *_ in VERBS)


def _parser(wanted: str | None) -> argparse.ArgumentParser:
    """Return the parser; only the wanted verb's module is imported, all of them when none is named."""
    parser = argparse.ArgumentParser(
        prog="backstep",
        description="Tools for a pod that counts backward steps.",
        epilog=_ENDS,
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"backstep {VERSION}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, module, text in VERBS:
        sub = verbs.add_parser(name, help=text, description=text)
        if name == wanted:
            loaded = _loaded(module)
            loaded.add_arguments(sub)
            sub.set_defaults(run=loaded.run, every_verb=_every_verb, refuse=sub.error)
    return parser


def _every_verb() -> argparse.ArgumentParser:
    """Return the parser with the arguments of all verbs, but those whose extra packages are not here."""
    parser = _parser(None)
    (verbs,) = [action.choices for action in parser._actions if isinstance(action.choices, dict)]
    for name, module, _ in VERBS:
        with contextlib.suppress(ImportError):
            _loaded(module).add_arguments(verbs[name])
    return parser


def _loaded(module: str):
    name, _, part = module.partition(":")
    found = importlib.import_module(name)
    return getattr(found, part) if part else found


def main(argv: list[str] | None = None, on_loaded: Callable[[], object] = lambda: None) -> int:
    """Run one verb; 0 = done, 2 = the caller can mend it (one line on stderr), 130 = interrupted.

    on_loaded: called once its module is there and its words are understood.
    """
    words = sys.argv[1:] if argv is None else argv
    try:
        if words and not words[0].startswith("-") and words[0] not in [name for name, *_ in VERBS]:
            return _no_verb(words[0])
        args, beyond = _parser(words[0] if words else None).parse_known_args(words)
        if beyond:  # told with the verb's own usage
            args.refuse(f"unrecognized arguments: {' '.join(beyond)}")
        on_loaded()
        return args.run(args)
    except UserError as error:
        return _refuse(words, str(error))
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        room = "; make room there, then repeat" if error.errno == errno.ENOSPC else ""
        return _refuse(words, f"{where}{error.strerror or error}{room}")
    except KeyboardInterrupt:
        return 130


def _refuse(words: list[str], why: str) -> int:
    print(f"backstep {words[0]}: {why}", file=sys.stderr)
    return 2


def _no_verb(word: str) -> int:
    import difflib

    near = difflib.get_close_matches(word, [name for name, *_ in VERBS], 1)
    meant = f"did you mean {near[0]}? " if near else ""
    print(f"backstep: {word}: there is no such verb; {meant}backstep --help lists them", file=sys.stderr)
    return 2


def command() -> int:
    """Be the command `backstep`: main(), and a closed terminal or a kill leaves nothing lying about either.

    Before a verb runs and after it there is nothing to tidy up: Ctrl-C ends the process then, without a traceback.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
    for stream in (sys.stdout, sys.stderr):  # a name that the terminal has no letters for ends nothing
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what is in its background
        return main()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return main(on_loaded=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(command())
