"""The virtual pod's MicroPython: starts it, answers it, resets it, and passes its console on.

    with VirtualPod(hardware, files) as pod:
        reason = pod.run(lambda data: ...)          # until hardware.stop(reason), or nothing can happen any more
        reason = pod.run(until_us=5_000_000)        # or until a virtual time
    for line in pod.lines(until_us=...): ...        # the console line by line
    pod.serve_pty(Path("pod")); pod.run(process=subprocess.Popen(["mpremote", "connect", "pod", ...]))

Everything happens in run(), in the caller's thread. Virtual time moves while the firmware waits, computes or talks
to its hardware; at the REPL, with a serial port to type at, it keeps pace with the wall clock. A running watchdog
bites there too. A reset starts a new MicroPython process on the same flash.
"""

from __future__ import annotations

import selectors
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from host_tools.micropython import build
from host_tools.virtual_pod import wire
from host_tools.virtual_pod.costs import DEFAULT, Costs
from host_tools.virtual_pod.ears import Ears
from host_tools.virtual_pod.flash_image import SIZE, Flash, PowerCut, write_files
from host_tools.virtual_pod.limits import Limits
from host_tools.virtual_pod.link import POWER_ON, SOFT_RESET, Hardware
from host_tools.virtual_pod.serial_port import SerialPort
from host_tools.virtual_pod.vm_process import VmProcess, heap_areas

_BOOT_SOFT_US, _BOOT_HARD_US = 20_000, 250_000
_SLICE_US = 100_000  # virtual time between two looks at the console
_PORT_LOOK_S = 0.02


class VirtualPod:
    """A pod: hardware, flash and a MicroPython on it, powered on at once.

    files: absolute path -> content, put into the flash first.  flash: the image file; None = a temporary one.
    heap: size of MicroPython's heap, all areas together, as for -X heapsize.  flash_size: of a new image [bytes].
    costs: what things take in virtual time.
    Attributes: hardware; flash, a flash_image.Flash; console; server; resets, the cause of each reset so far.
    UserError when there is no MicroPython or the image is no file system.
    """

    def __init__(
        self,
        hardware: Hardware,
        files: Mapping[str, bytes] | None = None,
        *,
        flash: str | Path | None = None,
        heap: str = build.POD_HEAP,
        flash_size: int = SIZE,
        costs: Costs = DEFAULT,
    ) -> None:
        self.hardware = hardware
        hardware.costs, hardware.mhz = costs, costs.mhz
        self.resets: list[int] = []
        self.port: SerialPort | None = None
        self._program = build.find()
        self._heap, heap_size = heap_areas(heap)
        self._scratch = tempfile.TemporaryDirectory(prefix="backstep-pod-")
        self._image = Path(flash) if flash else Path(self._scratch.name) / "flash.bin"
        if files:
            write_files(self._image, files, flash_size)
        self.flash = Flash(self._image, flash_size, costs)
        self.console = wire.Console(hardware, self._interrupt, self._print)
        self.server = wire.Server(hardware, self.flash, self.console, heap_size)
        self._ears = Ears()
        self._process: VmProcess | None = None
        self._held: bytes | None = None  # an answer that waits for the port to take the console's output
        self._on_output: Callable[[bytes], None] | None = None
        self.power_on()

    def __enter__(self) -> VirtualPod:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the MicroPython process and give everything back."""
        self._kill()
        self.unserve_pty()
        self.flash.close()
        self._ears.close()
        self._scratch.cleanup()

    # ---- power

    @property
    def is_on(self) -> bool:
        return self._process is not None

    def power_on(self) -> None:
        """Switch the pod on; does nothing when it is."""
        if not self.is_on:
            self._spawn(POWER_ON, raw_repl=False)

    def power_cut(self) -> None:
        """Take the power away at this very moment; the flash keeps what was written."""
        self._kill()
        self.hardware.reset(POWER_ON)

    @property
    def pid(self) -> int | None:
        """The process id of the present MicroPython; None with the power off."""
        return self._process.pid if self._process else None

    def cpu_s(self) -> float:
        """Return the processor time this MicroPython process has used [s]; for measuring what code costs."""
        return self._process.cpu_s() if self._process else 0.0

    def _spawn(self, cause: int, raw_repl: bool) -> None:
        self._process = VmProcess(self._program, self._heap)
        self._ears.register(self._process.socket, selectors.EVENT_READ, self._serve)
        self.server.start(cause, raw_repl)
        self.console.interrupt_char = None
        self._held = None

    def _kill(self) -> None:
        if self._process:
            self._ears.unregister(self._process.socket)
            self._process.kill()
            self._process = None

    def _reset(self, cause: int, raw_repl: bool) -> None:
        self._kill()
        self.resets.append(cause)
        self.hardware.reset(cause)
        self.hardware.advance_to(self.hardware.now_us + (_BOOT_SOFT_US if cause == SOFT_RESET else _BOOT_HARD_US))
        self._spawn(cause, raw_repl)

    # ---- console

    def send(self, data: bytes) -> None:
        """Type at the console; at a virtual time with hardware.at(time_us, lambda: pod.send(data))."""
        self.console.type(data)

    def serve_pty(self, link: Path | None = None) -> str:
        """Open a pseudo-terminal that is the pod's serial port; returns its path, `link` being a name for it.

        Where the firmware waits for an answer over the port (mpremote mount), the hardware wants realtime.
        """
        self.port = SerialPort(link)
        self._ears.register(self.port.fd, selectors.EVENT_READ, self._read_port)
        return self.port.path

    def unserve_pty(self) -> None:
        """Take the serial port away; does nothing without one."""
        if self.port:
            self._ears.unregister(self.port.fd)
            self.port.close()
            self.port = None

    def _interrupt(self) -> None:
        if self._process:
            self._process.interrupt()

    def _print(self, data: bytes) -> None:
        if self._on_output:
            self._on_output(data)
        if self.port:
            self.port.write(data)

    def _read_port(self) -> None:
        if self.port:
            self.console.type(self.port.read())

    # ---- running

    def run(
        self,
        on_output: Callable[[bytes], None] | None = None,
        *,
        until_us: int | None = None,
        wall_s: float | None = None,
        process: subprocess.Popen | None = None,
    ) -> str:
        """Let the pod live, and return why it stopped; call again to go on from there.

        on_output: called with the console's bytes.  until_us: virtual time to stop at [us].
        wall_s: longest time by the wall clock [s].  process: a program on the serial port, to stop with.
        UnknownAccess from a model; VmCrash when MicroPython ends by itself.
        """
        self._on_output = on_output
        limits = Limits(until_us, wall_s, process)
        self.hardware.clock.resume()
        with limits.watched(self._ears):
            while not (reason := self._reason(limits)):
                self._step(limits)
        self.hardware.stopped = None
        return reason

    def lines(self, until_us: int | None = None, wall_s: float | None = None) -> Iterator[str]:
        """Let the pod live as run() does, yielding each console line as it is complete."""
        seen = bytearray()
        self._on_output = seen.extend
        limits = Limits(until_us, wall_s, None)
        self.hardware.clock.resume()
        while not self._reason(limits):
            self._step(limits)
            *whole, seen[:] = seen.split(b"\n")
            for line in whole:
                yield line.decode("utf-8", "replace").rstrip("\r")
        self.hardware.stopped = None

    def _reason(self, limits: Limits) -> str:
        if self.hardware.stopped:
            return self.hardware.stopped
        if not self.is_on:
            return "the power is off"
        if self._is_idle(limits) and not self.port:
            return "nothing can happen any more"
        return limits.reached(self.hardware.now_us)

    def _step(self, limits: Limits) -> None:
        try:
            if self.server.restart:
                self._reset(*self.server.restart)
            elif self.hardware.reset_due is not None:
                self._reset(self.hardware.reset_due, raw_repl=False)
            elif self._held is not None and self._port_is_free():
                self._reply(self._held)
            elif self.server.pending:
                self._advance(limits)
            patience_s = self._patience_s(limits)
            if patience_s != 0 or self.port:  # else the VM waits for its answer
                self._ears.serve(patience_s)
            if self.server.pending and self._is_paced():
                self._advance(limits)  # the time that was spent in select()
        except PowerCut:
            self.power_cut()

    def _serve(self) -> None:
        assert self._process
        answer = self.server.handle(self._process.receive(wire.MESSAGE_SIZE))
        if answer is not None:
            self._reply(answer)
        elif not self.hardware.clock.realtime:
            self.hardware.clock.resume()

    def _reply(self, answer: bytes) -> None:
        """Answer the VM, unless it has to wait for its output to go through the port, or is to be reset."""
        self._held = None if self._port_is_free() else answer
        if self._held is None and self._process and self.hardware.reset_due is None:
            self._process.send(answer)

    def _port_is_free(self) -> bool:
        return self.port is None or self.port.flush()

    def _advance(self, limits: Limits) -> None:
        """Let virtual time go on towards what the VM waits for, and answer it when that is there."""
        if self._is_paced() or not self.server.is_ready():
            target_us = self._target_us(limits)
            if target_us != wire.FOREVER_US:
                self.hardware.advance_to(target_us, stop_early=True)
        if self.server.is_ready():
            self._reply(self.server.finish_wait())

    def _is_idle(self, limits: Limits) -> bool:
        """Return whether the VM waits and only a byte on the console can end that."""
        waits = self.server.pending and self._horizon_us(limits) == wire.FOREVER_US and not self.server.is_ready()
        return bool(waits) and self._target_us(limits) == wire.FOREVER_US

    def _is_paced(self) -> bool:
        at_repl = self.server.pending is not None and self.server.pending[0] == wire.CONSOLE_IN
        return self.hardware.clock.realtime or (at_repl and self.port is not None)

    def _horizon_us(self, limits: Limits) -> int:
        """Return the end of the pending wait or the run, whichever comes first."""
        assert self.server.pending
        op, value = self.server.pending
        until_us = wire.FOREVER_US if limits.until_us is None else limits.until_us
        return min(until_us, wire.FOREVER_US if op == wire.CONSOLE_IN else value)

    def _target_us(self, limits: Limits) -> int:
        """Return how far time may go now, at most one slice where something happens; FOREVER_US: nothing will."""
        now_us = self.hardware.now_us
        horizon_us = self._horizon_us(limits)
        if self._is_paced():
            return max(now_us, min(horizon_us, self.hardware.clock.wall_us()))
        due_us = self.hardware.next_due_us()
        return horizon_us if due_us is None else min(horizon_us, max(due_us, now_us + _SLICE_US))

    def _patience_s(self, limits: Limits) -> float | None:
        """Return how long to wait for the VM or the port; None = until one of them says something."""
        if self.server.restart or self.hardware.reset_due is not None or self.hardware.stopped or not self.is_on:
            return 0
        if self._held is not None:
            return _PORT_LOOK_S
        if self.server.pending is None:
            return limits.wall_left_s()
        if not self._is_paced():
            return limits.wall_left_s() if self._is_idle(limits) else 0
        due_us = self.hardware.next_due_us()
        wake_us = min(self._horizon_us(limits), wire.FOREVER_US if due_us is None else due_us)
        delay_s = None if wake_us == wire.FOREVER_US else self.hardware.clock.wall_delay_s(wake_us)
        return limits.wall_left_s(delay_s)
