"""The process that is the pod's MicroPython, and the socket on which it asks for its hardware."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

_LINK_VARIABLE = "BACKSTEP_POD_FD"  # read by host_tools/micropython/variant/podlink.c
_FIRST_AREA = 56 * 1024
# The collector takes whatever looks like an address for one: with the same addresses each run finds the same.
_SETARCH = shutil.which("setarch")
_AT_FIXED_ADDRESSES = (_SETARCH, "--addr-no-randomize") if _SETARCH else ()


class VmCrash(RuntimeError):  # noqa: N818 - what happened
    """The MicroPython process ended by itself."""


def heap_areas(heap: str) -> tuple[str, int]:
    """Return the size of a heap's first area, as for -X heapsize, and of all its areas together [bytes].

    heap: as for -X heapsize.  [ports/esp32/mpconfigport.h] an ESP32 starts with 56 KB and adds areas as it needs.
    """
    digits, by_word, unit = heap[:-1].rstrip("w"), "w" if heap[-2] == "w" else "", heap[-1]
    size = int(digits) * (1 << 10 if unit == "K" else 1 << 20)
    first = min(size, _FIRST_AREA)
    return f"{first // 1024}{by_word}K", size


class VmProcess:
    """Starts MicroPython as a pod's; it ends by itself when this process does.

    program: the MicroPython.  heap: size of the first area of its heap, as for -X heapsize.
    """

    def __init__(self, program: Path, heap: str) -> None:
        self.socket, pod = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with pod:
            self._process = subprocess.Popen(
                [*_AT_FIXED_ADDRESSES, program, "-X", f"heapsize={heap}", "-c", "import _pod; _pod.run()"],
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
        try:
            message = self.socket.recv(size)
        except ConnectionResetError:  # it ended before it read its answer
            message = b""
        if not message:
            raise self._crash()
        return message

    def send(self, answer: bytes) -> None:
        """Answer its request; VmCrash when the process has ended."""
        try:
            self.socket.send(answer)
        except (BrokenPipeError, ConnectionResetError):
            raise self._crash() from None

    def _crash(self) -> VmCrash:
        return VmCrash(f"micropython ended by itself with {self._process.wait()}")

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
