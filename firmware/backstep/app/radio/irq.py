"""MicroPython's numbers of what the radio tells [extmod/modbluetooth.h], and flags of characteristics."""

from ...core.compat import const

CENTRAL_CONNECT = const(1)
CENTRAL_DISCONNECT = const(2)
GATTS_WRITE = const(3)
SCAN_RESULT = const(5)
SCAN_DONE = const(6)
PERIPHERAL_CONNECT = const(7)
PERIPHERAL_DISCONNECT = const(8)
SERVICE_RESULT = const(9)
SERVICE_DONE = const(10)
CHARACTERISTIC_RESULT = const(11)
CHARACTERISTIC_DONE = const(12)
DESCRIPTOR_RESULT = const(13)
DESCRIPTOR_DONE = const(14)
READ_RESULT = const(15)
READ_DONE = const(16)
WRITE_DONE = const(17)
NOTIFY = const(18)
INDICATE = const(19)
INDICATE_DONE = const(20)

READ = const(0x02)
WRITE_NO_RESPONSE = const(0x04)
WRITE = const(0x08)
NOTIFIES = const(0x10)
INDICATES = const(0x20)
