"""Every program and erase of a virtual pod's flash, and the flash as a power cut at any of them leaves it."""

from collections.abc import Iterator
from dataclasses import dataclass

from host_tools.virtual_pod.vm import VirtualPod

TORN = (0.1, 0.5, 0.9, 0.999)  # how much of an operation is done when the power fails in it


@dataclass(frozen=True)
class Operation:
    """One program (data) or erase (data None) of the flash.  at_us: virtual time before it."""

    at_us: int
    offset: int
    count: int
    data: bytes | None

    def apply(self, cells: bytearray, done: float = 1.0) -> None:
        """Do it to cells as NOR flash does, the first part of it where the power fails."""
        count = int(self.count * done)
        end = self.offset + count
        if self.data is None:
            cells[self.offset : end] = b"\xff" * count
            return
        old = int.from_bytes(cells[self.offset : end], "big")
        cells[self.offset : end] = (old & int.from_bytes(self.data[:count], "big")).to_bytes(count, "big")


class Journal:
    """Listens to a pod's flash from now on.

    before: the cells as they are now.  operations: each since.
    """

    def __init__(self, pod: VirtualPod):
        self.before, _ = pod.flash.read(0, pod.flash.size)
        self.operations: list[Operation] = []
        program, erase = pod.flash.program, pod.flash.erase

        def on_program(offset: int, data: bytes) -> int:
            self.operations.append(Operation(pod.hardware.now_us, offset, len(data), bytes(data)))
            return program(offset, data)

        def on_erase(offset: int, count: int) -> int:
            self.operations.append(Operation(pod.hardware.now_us, offset, count, None))
            return erase(offset, count)

        pod.flash.program, pod.flash.erase = on_program, on_erase  # type: ignore[method-assign]

    def cells(self, count: int) -> bytearray:
        """Return the cells after so many operations."""
        cells = bytearray(self.before)
        for operation in self.operations[:count]:
            operation.apply(cells)
        return cells

    def cuts(self, some: range) -> Iterator[tuple[int, bytearray]]:
        """Yield (virtual time [us], cells) for cuts before and in each of some operations, and after the last.

        The cells may be changed.
        """
        cells = self.cells(some.start)
        for operation in self.operations[some.start : some.stop]:
            yield operation.at_us, bytearray(cells)
            for done in TORN:
                torn = bytearray(cells)
                operation.apply(torn, done)
                yield operation.at_us, torn
            operation.apply(cells)
        yield self.operations[some.stop - 1].at_us, cells
