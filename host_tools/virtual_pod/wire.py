"""Answers the VM's requests: the host's end of host_tools/micropython/variant/podlink.h, which has the layouts."""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable

from host_tools.virtual_pod.console import NO_CHAR, Console
from host_tools.virtual_pod.flash_image import BLOCK_SIZE, Flash
from host_tools.virtual_pod.link import Hardware, UnknownAccess
from host_tools.virtual_pod.sleep import BUS, COMPUTING, WAITING

(
    HELLO, TICK, WAIT, CONSOLE_OUT, CONSOLE_IN, INTERRUPT_CHAR, RESET, PIN_INIT, PIN_SET, PIN_GET, PIN_IRQ,
    I2C_INIT, I2C_TRANSFER, PWM, ADC, WDT_START, WDT_FEED, SET_TIME, FLASH_READ, FLASH_WRITE, FLASH_ERASE,
    FREQUENCY,
) = range(1, 23)  # fmt: skip
SLEEP, WAKE_PIN, WAKE_REASON, REGISTER, BLE = range(64, 69)
MESSAGE_SIZE = 65536 + 64
FOREVER_US = (1 << 64) - 1
_REQUEST = struct.Struct("<BBHIII")
_ANSWER = struct.Struct("<QQQiI")
_HELLO = struct.Struct("<QI6sBBIHH")
_WAKE_PINS = struct.Struct("<QQ")
_I2C_WRITES, _I2C_READS = 1, 2
_CONSOLE_WAITING, _RADIO_WAITING = 1, 2
LETS_GO = 1
HORIZON_US = 10_000


class Server:
    """One request at a time: most are answered at once, a wait stays pending until what it waits for comes.

    horizon_us: a VM that computes asks at least that often.
    """

    def __init__(self, hardware: Hardware, flash: Flash, console: Console, heap_size: int) -> None:
        self.pending: tuple[int, int] | None = None  # WAIT or SLEEP, its end [us] | CONSOLE_IN, most bytes
        self.restart: tuple[int, bool] | None = None  # reset cause and raw REPL the VM asks for
        self.cause = 0
        self.raw_repl = False
        self.horizon_us = HORIZON_US
        self.computed_us = 0  # virtual time in which the VM computed
        self.waited_us = 0  # and in which it waited for the time or an event
        self._waits_since_us = 0
        self._hardware = hardware
        self._flash = flash
        self._heap_size = heap_size
        self._console = console
        self._verbs: dict[int, Callable[[int, int, int, int, bytes], int | bytes | None]] = {
            HELLO: self._hello,
            TICK: lambda a, b, c, d, data: None,
            CONSOLE_OUT: self._console_out,
            INTERRUPT_CHAR: self._interrupt_char,
            PIN_INIT: self._pin_init,
            PIN_SET: lambda a, b, c, d, data: hardware.pins.set_output(a, int(c != 0)),
            PIN_GET: lambda a, b, c, d, data: hardware.pins.read(a),
            PIN_IRQ: lambda a, b, c, d, data: hardware.pins.set_trigger(a, _signed(c)),
            I2C_INIT: lambda a, b, c, d, data: hardware.open_i2c(a, b & 255, b >> 8, c),
            I2C_TRANSFER: self._i2c_transfer,
            PWM: lambda a, b, c, d, data: hardware.pins.set_pwm(a, c, d),
            ADC: lambda a, b, c, d, data: self._adc(a),
            WDT_START: lambda a, b, c, d, data: hardware.start_watchdog(c),
            WDT_FEED: lambda a, b, c, d, data: hardware.feed_watchdog(),
            SET_TIME: self._set_time,
            FLASH_READ: self._flash_read,
            FLASH_WRITE: self._flash_write,
            FLASH_ERASE: self._flash_erase,
            FREQUENCY: self._frequency,
            WAKE_PIN: lambda a, b, c, d, data: hardware.sleep.may_wake(a),
            WAKE_REASON: lambda a, b, c, d, data: hardware.sleep.reason,
            REGISTER: lambda a, b, c, d, data: hardware.sleep.register(c),
            BLE: lambda *request: hardware.radio.command(*request) if hardware.radio else -errno.ENODEV,
        }

    def start(self, cause: int, raw_repl: bool) -> None:
        """Forget the VM that was and be ready for one that starts for a cause, in the raw REPL or not."""
        self.cause, self.raw_repl = cause, raw_repl
        self.pending = self.restart = None
        self._console.deaf = False

    def handle(self, message: bytes) -> bytes | None:
        """Return the answer to a request; None when it is pending, or a reset that has none."""
        op, a, b, c, d, spent_us = _REQUEST.unpack_from(message)
        hardware = self._hardware
        hardware.advance_to(hardware.now_us + spent_us)
        self.computed_us += spent_us
        hardware.sleep.spent_us[COMPUTING] += spent_us
        self._waits_since_us = hardware.now_us
        if op in (WAIT, SLEEP):
            self.pending = (op, min(hardware.now_us + (c | d << 32), FOREVER_US))
            if op == SLEEP:
                self._fall_asleep(bool(a), b, data=message[_REQUEST.size :])
        elif op == CONSOLE_IN:
            self.pending = (CONSOLE_IN, c)
        elif op == RESET:
            self.restart = (a, bool(b))
        else:
            result = self._verbs[op](a, b, c, d, message[_REQUEST.size :])
            hardware.sleep.spent_us[BUS] += hardware.now_us - self._waits_since_us
            return self.answer(len(result), result) if isinstance(result, bytes) else self.answer(result or 0)
        return None

    def is_ready(self) -> bool:
        """Return whether what the pending request waits for is there."""
        if self.pending is None:
            return False
        op, value = self.pending
        if op == CONSOLE_IN:
            return bool(self._console.waiting or self._hardware.has_interrupt())
        if op == SLEEP:
            return self._hardware.sleep.wakes_now()
        if self._console.news and self._console.is_uart and self._hardware.costs.tick_ms:
            self._console.news = False  # a UART wakes nobody: the task looks at its next tick
            value = min(value, self._next_tick_us())
            self.pending = (WAIT, value)
        return bool(self._console.news or self._hardware.has_interrupt() or self._hardware.now_us >= value)

    def _next_tick_us(self) -> int:
        tick_us = 1000 * self._hardware.costs.tick_ms
        return (self._hardware.now_us // tick_us + 1) * tick_us

    def finish_wait(self) -> bytes:
        """Return the answer to the pending request, which is_ready()."""
        assert self.pending
        op, value = self.pending
        hardware = self._hardware
        hardware.sleep.spent_us[hardware.sleep.asleep or WAITING] += hardware.now_us - self._waits_since_us
        if op == SLEEP:
            self._wake()
        data = self._console.take(value) if op == CONSOLE_IN else b""
        return self.answer(len(data), data)

    def answer(self, status: int, payload: bytes = b"") -> bytes:
        """Return an answer with all that goes with each."""
        hardware = self._hardware
        now_us = hardware.now_us
        if self.pending:
            self.waited_us += now_us - self._waits_since_us
        self.pending = None
        self._console.news = False
        due_us = hardware.next_due_us()
        latest_us = now_us + self.horizon_us
        horizon_us = latest_us if due_us is None else min(due_us, latest_us)
        fired, hardware.pins.fired = hardware.pins.fired, 0
        flags = _CONSOLE_WAITING if self._console.waiting else 0
        if hardware.radio and hardware.radio.has_news():
            flags |= _RADIO_WAITING
        return _ANSWER.pack(now_us, horizon_us, fired, status, flags) + payload

    def _fall_asleep(self, deep: bool, ext0: int, data: bytes) -> None:
        running = self._hardware.pins.pwm_on()
        if running:
            raise UnknownAccess(f"sleep while PWM runs on GPIO {running[0]}: the pin would hold its level")
        assert self.pending
        self._hardware.sleep.begin(deep, ext0, self.pending[1], *_WAKE_PINS.unpack(data))
        self._console.deaf = True

    def _wake(self) -> None:
        before_us = self._hardware.now_us
        self._hardware.sleep.end()
        self._hardware.sleep.spent_us[WAITING] += self._hardware.now_us - before_us
        self._console.deaf = False

    def _hello(self, a: int, b: int, c: int, d: int, data: bytes) -> bytes:
        hardware = self._hardware
        costs = hardware.costs
        return _HELLO.pack(
            hardware.epoch_us, self._flash.size, hardware.unique_id, self.cause, self.raw_repl,
            self._heap_size, costs.mhz, costs.tick_ms,
        )  # fmt: skip

    def _frequency(self, a: int, b: int, c: int, d: int, data: bytes) -> int:
        self._hardware.mhz = c
        return 0

    def _console_out(self, a: int, b: int, c: int, d: int, data: bytes) -> int:
        self._console.print(data)
        return len(data)

    def _interrupt_char(self, a: int, b: int, c: int, d: int, data: bytes) -> int:
        self._console.interrupt_char = None if a == NO_CHAR else a
        return 0

    def _pin_init(self, a: int, b: int, c: int, d: int, data: bytes) -> int:
        if a not in self._hardware.pins:
            return -errno.EINVAL
        self._hardware.pins.configure(a, c, _signed(d), lets_go=b == LETS_GO)
        return 0

    def _i2c_transfer(self, a: int, b: int, c: int, d: int, data: bytes) -> bytes | int:
        if d & _I2C_READS:
            return self._hardware.transfer(a, b, data if d & _I2C_WRITES else None, c)
        result = self._hardware.transfer(a, b, data, None)
        return result if isinstance(result, int) else len(data)

    def _adc(self, gpio: int) -> int:
        source = self._hardware.adc_mv.get(gpio)
        return max(0, round(source(self._hardware.now_us))) if source else 0

    def _set_time(self, a: int, b: int, c: int, d: int, data: bytes) -> int:
        self._hardware.epoch_us = (c | d << 32) - self._hardware.now_us
        return 0

    def _flash_read(self, a: int, b: int, c: int, d: int, data: bytes) -> bytes | int:
        if not self._flash.holds(c, d):
            return -errno.EINVAL
        content, us = self._flash.read(c, d)
        self._hardware.advance_to(self._hardware.now_us + us)
        return content

    def _flash_write(self, a: int, b: int, c: int, d: int, data: bytes) -> int:
        if not self._flash.holds(c, len(data)):
            return -errno.EINVAL
        self._hardware.advance_to(self._hardware.now_us + self._flash.program(c, data))
        return 0

    def _flash_erase(self, a: int, b: int, c: int, d: int, data: bytes) -> int:
        if not self._flash.holds(c, d) or c % BLOCK_SIZE or d % BLOCK_SIZE:
            return -errno.EINVAL
        self._hardware.advance_to(self._hardware.now_us + self._flash.erase(c, d))
        return 0


def _signed(word: int) -> int:
    return word - (1 << 32) if word & 1 << 31 else word
