"""What a doctor knows of a pod with which nothing is wrong."""

from host_tools.doctor.facts import Facts
from host_tools.install import boards

DAY = 20_800
TESTED = {
    "imu": "", "edges": 1, "motor": "", "battery_mv": 3900, "battery_why": "",
    "self_test": {
        "accel_mg": (400, 400, 401), "accel_limits_mg": (50, 1700), "gyro_dps": (400, 400, 400),
        "gyro_limits_dps": (150, 700), "passed": True,
    },
}  # fmt: skip
SEEN = {
    "machine": "Generic ESP32S3 module with ESP32S3", "version": (1, 26, 1), "flash": 8 << 20,
    "vfs": (2 << 20, 6 << 20), "space": (4096, 4096, 1536, 1000), "slot": "a", "archives": ["a", "b"],
    "parts": TESTED, "parts_why": "",
}  # fmt: skip
HELLO = {
    "name": "left", "uid": "0a0b0c0d0e0f", "mcu": "esp32s3", "micropython": "1.26.1", "firmware": "0.2.0",
    "placement": "shoe", "safe": False, "archive": {"board": "qtpy_s3"},
}  # fmt: skip
STATUS = {
    "tasks_lost": [], "waits": [], "heap_free": 50_000, "faults": {}, "imu": "running", "battery_mv": 3900,
    "calibrated_day": DAY - 3, "level": True, "worn": "well", "logging": True,
}  # fmt: skip
PAIRED = {
    "band": "0a0b0c0d", "me": 0, "hub": 1, "strap": "", "links": [[1, True, 300, 80]], "waits": False,
    "pods": [{"name": "left", "placement": "shoe"}, {"name": "waist", "placement": "belt"}],
}  # fmt: skip
SESSION = {"path": "log/00001-01.bsl", "size": 3000, "fetched": True, "running": False}
WELL_FACTS = Facts(
    port="/dev/ttyACM0", usb={"vid": 0x303A, "pid": 0x1001, "product": "USB JTAG", "kind": "native"},
    answers="firmware", first="firmware", hello=HELLO, status=(STATUS, STATUS),
    reasons={"cause": "power on", "early": 0},
    settings={"haptic_strength_pct": 100, "radio": "pods"}, paired=PAIRED,
    sessions=[SESSION], clock_off_ms=40, today=DAY, buzzed=True, felt=True,
    prompt=SEEN, restarted="backstep on it", board=boards.load("qtpy_s3"),
)  # fmt: skip
