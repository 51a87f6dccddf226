"""`backstep sim --pty`: a pod on a pseudo-terminal, in real time, until Ctrl-C."""

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from host_tools.errors import UserError
from host_tools.sim.asked import Asked
from host_tools.talk.announced import announced
from host_tools.virtual_pod.link import UnknownAccess
from host_tools.virtual_pod.pod_run import Pod, PodRun
from host_tools.virtual_pod.timeline import LEVEL_MAX, Drive
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.vm_process import VmCrash


def serve(pod: Pod, link: str) -> int:
    """Run a pod whose console is a serial port, telling what its motor does; 1 when it crashed.

    link: a name to give the port that check() allows, "" for none.
    The wearer of a pod whose input comes again stands and walks as a calibration asks.
    """
    name = Path(link) if link else None
    run = PodRun(pod, on_drive=tell)
    run.model.hardware.unique_id = own_uid(pod.flash)
    try:
        with run.machine() as machine, ExitStack() as stack:
            path = machine.serve_pty(name)
            stack.enter_context(announced(link or path))
            print(f"the pod's serial port is {link or path}; Ctrl-C switches it off", flush=True)
            print(f"try: backstep status --pod sim, or mpremote connect {link or path}", flush=True)
            return wait(machine, Asked(run.world).hear if pod.again else None)
    except KeyboardInterrupt:
        print("the pod is switched off", flush=True)
        return 0


def own_uid(flash: str | None) -> bytes:
    """Return a uid that no other simulated pod on this machine has: pods of one band need their own.

    flash: file of its flash, whose pod is the same when it is switched on again; None = it has none for long.
    """
    if flash is None:
        return b"\x02" + os.getpid().to_bytes(5, "big")  # 2: locally administered [IEEE 802, 8.4]
    return b"\x02" + hashlib.sha256(os.path.realpath(flash).encode()).digest()[:5]


def check(link: str) -> None:
    """UserError when a name for the port is taken by something else, or its folder is not there."""
    name = Path(link)
    if link and not is_free(name):
        raise UserError(f"--pty: {link}: is taken; remove it or want another name")
    if link and not name.parent.is_dir():
        raise UserError(f"--pty: {link}: there is no folder {name.parent}")


def is_free(name: Path) -> bool:
    """Return whether a name may become a link to the port: nothing there, or a link whose terminal is gone."""
    return not name.exists() and (not name.is_symlink() or str(name.readlink()).startswith("/dev/"))


def wait(machine: VirtualPod, hear: Callable[[bytes], None] | None = None) -> int:
    """Let the pod live as long as it does.  hear: told what it says on its console."""
    try:
        print(f"backstep sim: {machine.run(hear)}", file=sys.stderr)
    except (UnknownAccess, VmCrash) as error:
        print(f"backstep sim: {error}", file=sys.stderr)
        return 1
    return 0


def tell(drive: Drive) -> None:
    """Print a change of the motor's drive."""
    print(f"{drive.time_us / 1e6:9.3f} s  motor {drive.level}/{LEVEL_MAX} ({drive.source})", flush=True)
