"""A stand-in for an ESP32-S3's serial loader on a pseudo-terminal: real esptool syncs with it, writes, verifies.

First it is the ROM, then, once code was sent to RAM and started, the stub. What is kinder than the real thing: it
is in its loader already, erases at once, and takes a sync at the ROM's rate for the reset that a pseudo-terminal,
which has no lines for it, cannot tell.  [esptool: "Serial Protocol"; loader.py; targets/esp32s3.py]
"""

import contextlib
import hashlib
import os
import pty
import select
import struct
import termios
import threading
import tty
import zlib

from esptool.loader import ESPLoader, HexFormatter
from esptool.targets import CHIP_DEFS

HexFormatter.__str__ = lambda self: ""  # of its traces, whose text it makes where nobody traces: half its time
S3 = CHIP_DEFS["esp32s3"]
_NAMES = {number: name.lower() for name, number in ESPLoader.ESP_CMDS.items()}
_SECTOR = ESPLoader.FLASH_SECTOR_SIZE
_END, _ESCAPE = b"\xc0", b"\xdb"
_RDID = 0x9F  # JEDEC: read identification
_USER = 1 << 18  # of the SPI controller's command register: go
_LOOK_S = 0.05


class RomLoader:
    """One chip.  port: where it listens.  flash: its cells.  mac: six bytes.

    commands: names of those it was sent.  was_reset: set when esptool has it start its program.
    cut_after: (name of a command, how often): the cable comes out when it comes that often; None = never.
    chip_id: of esptool's chips.  fastest: it answers nothing but noise at a rate above this one [baud].
    """

    def __init__(self, flash: bytearray, mac: bytes = bytes.fromhex("020000000001")):
        self.flash, self.mac = flash, mac
        self.commands: list[str] = []
        self.was_reset = threading.Event()
        self.cut_after: tuple[str, int] | None = None
        self.fastest = 1 << 30
        self.chip_id = S3.IMAGE_CHIP_ID
        self._baud = ESPLoader.ESP_ROM_BAUD
        self._is_stub = False
        self._registers: dict[int, int] = {}
        self._write_at = 0
        self._inflate = None
        self._plugged = True
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.port = os.ttyname(slave)
        self._slave = slave
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Pull the cable; again does nothing."""
        self._plugged = False
        self._thread.join()
        for end in ("_master", "_slave"):
            if getattr(self, end) >= 0:
                os.close(getattr(self, end))
                setattr(self, end, -1)

    def _serve(self) -> None:
        heard = b""
        with contextlib.suppress(OSError):
            while self._plugged:
                if not select.select([self._master], [], [], _LOOK_S)[0]:
                    continue
                heard += os.read(self._master, 1 << 16)
                *packets, heard = heard.split(_END)
                for packet in packets:
                    data = packet.replace(_ESCAPE + b"\xdc", _END).replace(_ESCAPE + b"\xdd", _ESCAPE)
                    if len(data) >= 8 and data[0] == 0:
                        self._obey(data)
        if self._master >= 0 and not self._plugged:
            self._hang_up()

    def _hang_up(self) -> None:
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1

    def _obey(self, data: bytes) -> None:
        _, op, length, _ = struct.unpack_from("<BBHI", data)
        name = _NAMES.get(op, hex(op))
        self.commands.append(name)
        if self.cut_after and (name, self.commands.count(name)) == self.cut_after:
            self._plugged = False
            return
        rate = termios.tcgetattr(self._slave)[4]
        if name == "sync" and rate == termios.B115200 and self._baud != ESPLoader.ESP_ROM_BAUD:
            self._baud, self._is_stub = ESPLoader.ESP_ROM_BAUD, False
        if self._baud > self.fastest:
            os.write(self._master, b"\x00\xff\x1f")
            return
        told = getattr(self, "_" + name, None)
        if told is None:
            self._answer(op, 0, b"\x01\x05" + bytes(2))  # [ROM: invalid message]
            return
        value, extra = told(data[8 : 8 + length])
        for _ in range(8 if name == "sync" else 1):
            self._answer(op, value, extra + bytes(2 if self._is_stub else 4))
        self._afterwards(name)

    def _afterwards(self, name: str) -> None:
        """Do what comes behind an answer."""
        if name == "mem_end":
            self._is_stub = True
            self._send(b"OHAI")
        elif name == "read_flash":
            at, size, block = self._reading
            for start in range(at, at + size, block):
                self._send(bytes(self.flash[start : min(start + block, at + size)]))
            self._send(hashlib.md5(self.flash[at : at + size]).digest())

    def _answer(self, op: int, value: int, body: bytes) -> None:
        self._send(struct.pack("<BBHI", 1, op, len(body), value) + body)

    def _send(self, packet: bytes) -> None:
        data = _END + packet.replace(_ESCAPE, _ESCAPE + b"\xdd").replace(_END, _ESCAPE + b"\xdc") + _END
        while data:
            data = data[os.write(self._master, data) :]

    def _sync(self, data):
        return (0 if self._is_stub else 0x20120707), b""

    def _get_security_info(self, data):
        return 0, struct.pack("<IBBBBBBBBII", 0, *bytes(8), self.chip_id, 0)

    def _read_reg(self, data):
        (address,) = struct.unpack("<I", data)
        mac = {S3.MAC_EFUSE_REG: self.mac[2:], S3.MAC_EFUSE_REG + 4: bytes(2) + self.mac[:2]}
        if address in mac:
            return int.from_bytes(mac[address], "big"), b""
        return self._registers.get(address, 0), b""

    def _write_reg(self, data):
        address, value, mask, _ = struct.unpack_from("<IIII", data)
        self._registers[address] = self._registers.get(address, 0) & ~mask | value & mask
        spi = S3.SPI_REG_BASE
        if address == spi and value & _USER:
            size = len(self.flash).bit_length() - 1
            asked = self._registers.get(spi + S3.SPI_USR2_OFFS, 0) & 0xFF
            self._registers[spi + S3.SPI_W0_OFFS] = size << 16 | 0x40C8 if asked == _RDID else 0
            self._registers[spi] = 0
        elif address == S3.RTC_CNTL_OPTION1_REG:  # what esptool does before it resets an ESP32-S3
            self.was_reset.set()
        return 0, b""

    def _mem_begin(self, data):
        return 0, b""

    _mem_data = _mem_end = _spi_attach = _spi_set_params = _flash_end = _flash_defl_end = _mem_begin

    def _change_baudrate(self, data):
        self._baud = struct.unpack_from("<I", data)[0]
        return 0, b""

    def _spi_flash_md5(self, data):
        at, size, _, _ = struct.unpack("<IIII", data)
        digest = hashlib.md5(self.flash[at : at + size])
        return 0, digest.digest() if self._is_stub else digest.hexdigest().encode()

    def _read_flash(self, data):
        at, size, block, _ = struct.unpack("<IIII", data)
        self._reading = at, size, block
        return 0, b""

    def _read_flash_slow(self, data):
        at, size = struct.unpack("<II", data)
        return 0, bytes(self.flash[at : at + size]).ljust(64, b"\0")

    def _erase_flash(self, data):
        self.flash[:] = b"\xff" * len(self.flash)
        return 0, b""

    def _erase(self, at: int, size: int) -> None:
        end = -(-(at + size) // _SECTOR) * _SECTOR
        self.flash[at:end] = b"\xff" * (end - at)

    def _flash_begin(self, data):
        size, _, _, self._write_at = struct.unpack_from("<IIII", data)
        self._erase(self._write_at, size)
        return 0, b""

    def _flash_defl_begin(self, data):
        self._inflate = zlib.decompressobj()
        return self._flash_begin(data)

    def _flash_data(self, data):
        self._put(data[16:])
        return 0, b""

    def _flash_defl_data(self, data):
        self._put(self._inflate.decompress(data[16:]))
        return 0, b""

    def _put(self, data: bytes) -> None:
        """Program: bits are only cleared."""
        end = self._write_at + len(data)
        cells = int.from_bytes(self.flash[self._write_at : end], "big") & int.from_bytes(data, "big")
        self.flash[self._write_at : end] = cells.to_bytes(len(data), "big")
        self._write_at = end
