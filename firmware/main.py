"""Starts the firmware of a slot, as firmware/backstep/starting.py chooses it."""

import sys

_HERE = "/fw"  # the two modules that are needed before an archive is mounted
sys.path.insert(0, _HERE)


def _parts():
    from backstep.starting import start  # here, where it is forgotten afterwards

    fell = start()
    from backstep.board import load

    return load("/f/board.json", fell)


def _run():
    parts = _parts()
    from backstep.app.pod import run

    run(parts, "/kept/settings.json")


try:
    _run()
except BaseException as error:  # whatever it was, it goes on to the REPL
    sys.path.insert(0, _HERE)
    from backstep.starting import ended

    ended(error)
    raise
