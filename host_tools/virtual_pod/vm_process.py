"""The process that is the pod's MicroPython, and the socket on which it asks for its hardware."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

_LINK_VARIABLE = "BACKSTEP_POD_FD"  # read by host_tools/micropython/variant/podlink.c


class VmCrash(RuntimeError):  # noqa: N818 - what happened
    """The MicroPython process ended by itself."""


class VmProcess:
    """Starts MicroPython as a pod's; it ends by itself when this process does.

    program: the MicroPython.  heap: size of its heap, as for -X heapsize.
    """

    def __init__(self, program: Path, heap: str) -> None:
        self.socket, pod = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with pod:
            self._process = subprocess.Popen(
                [program, "-X", f"heapsize={heap}", "-c", "import _pod; _pod.run()"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[pod.fileno()],
                env=os.environ | {_LINK_VARIABLE: str(pod.fileno())},
                cwd="/",
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def receive(self, size: int) -> bytes:
        """Return the next request; VmCrash when the process has ended."""
        message = self.socket.recv(size)
        if not message:
            raise VmCrash(f"micropython ended by itself with {self._process.wait()}")
        return message

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in what it runs."""
        self._process.send_signal(signal.SIGINT)

    def cpu_s(self) -> float:
        """Return the processor time it has used [s]."""
        return time.clock_gettime((~self._process.pid << 3) | 2)  # clock_getcpuclockid(3)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self.socket.close()
