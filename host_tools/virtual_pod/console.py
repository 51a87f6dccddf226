"""The pod's serial console: what is typed at it and waits, what it prints and how long that takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from host_tools.virtual_pod.link import Hardware

# [ports/esp32/mphalport.c, stdin_ringbuf_array] a ring of 260 bytes holds one less
STDIN_KEPT = 259
_UART_FIFO = 128  # [ESP32 technical reference, UART] bytes that wait to be sent; more, and the writer waits
_USB_FIFO = 256  # [shared/tinyusb, CFG_TUD_CDC_TX_BUFSIZE] the same of native USB
_USB_PATIENCE_US = 500_000  # [shared/tinyusb, MICROPY_HW_USB_CDC_TX_TIMEOUT] then the rest is dropped
_CHUNK = 16  # bytes of a UART that are told of together
NO_CHAR = 255


class Console:
    """Bytes typed and not yet read, and the character that interrupts.

    On native USB nothing is lost: the host waits while the pod does not read. A UART takes its time for each byte,
    and what finds STDIN_KEPT bytes unread is dropped. What is printed goes to the UART of every board
    [ports/esp32/boards/ESP32_GENERIC_S3, ESP32_GENERIC_C3/mpconfigboard.h, MICROPY_HW_ENABLE_UART_REPL].
    interrupt: called when that character comes.  out: called with what the firmware prints.
    """

    def __init__(self, hardware: Hardware, interrupt: Callable[[], None], out: Callable[[bytes], None]) -> None:
        self.waiting = bytearray()
        self.news = False  # something came since the VM was last answered
        self.deaf = False  # while the pod sleeps: what comes then is lost
        self.dropped = 0  # bytes
        self.interrupt_char: int | None = None
        self._hardware = hardware
        self._interrupt = interrupt
        self._out = out
        self._typed_us = self._printed_us = 0  # when the UART is done with what it was given
        self._unread = 0  # bytes in the USB's buffer

    @property
    def is_uart(self) -> bool:
        """Whether this is a UART that takes its time."""
        return not self._hardware.native_usb and self._hardware.costs.uart_byte_us > 0

    @property
    def chunk(self) -> int:
        """How many bytes the VM may take at once: those it took count no more among the STDIN_KEPT."""
        return _CHUNK if self.is_uart else 1 << 16

    def type(self, data: bytes) -> None:
        """Take bytes from the outside."""
        if not self.is_uart:
            self._arrive(data)
            return
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            took_us = len(chunk) * self._hardware.costs.uart_byte_us
            self._typed_us = max(self._typed_us, self._hardware.now_us) + took_us
            self._hardware.at(self._typed_us, partial(self._arrive, chunk))

    def _arrive(self, data: bytes) -> None:
        if self.deaf:
            return
        for byte in data:
            if byte == self.interrupt_char:
                self._interrupt()
            elif self.is_uart and len(self.waiting) >= STDIN_KEPT:
                self.dropped += 1
            else:
                self.waiting.append(byte)
        self.news = True

    def take(self, most: int) -> bytes:
        """Return up to `most` bytes that wait."""
        most = min(most, self.chunk)
        data = bytes(self.waiting[:most])
        del self.waiting[:most]
        return data

    def print(self, data: bytes) -> None:
        """Take what the firmware prints; virtual time goes on for as long as it has to wait for that."""
        hardware = self._hardware
        byte_us = hardware.costs.uart_byte_us
        if byte_us:
            self._printed_us = max(self._printed_us, hardware.now_us) + len(data) * byte_us
            hardware.advance_to(max(hardware.now_us, self._printed_us - _UART_FIFO * byte_us))
        if hardware.native_usb and not hardware.usb_read and hardware.costs.tick_ms:
            self._unread = min(_USB_FIFO, self._unread + len(data))
            if self._unread == _USB_FIFO:
                hardware.advance_to(hardware.now_us + _USB_PATIENCE_US)
            return
        self._unread = 0
        self._out(data)
