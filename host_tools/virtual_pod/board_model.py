"""From a board file to the hardware the firmware meets: the right chips on the right buses and pins."""

import errno
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from host_tools.errors import UserError
from host_tools.install import boards, podfiles
from host_tools.virtual_pod.chips.drv2605l import Drv2605l
from host_tools.virtual_pod.chips.lsm6ds import Lsm6ds, Source
from host_tools.virtual_pod.chips.lsm6ds3trc import Lsm6ds3trc
from host_tools.virtual_pod.chips.lsm6dso import Lsm6dso, Lsm6dsox
from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.sleep import FRAME_NUMBERS
from host_tools.virtual_pod.timeline import LEVEL_MAX, Latency, Timeline

IMUS = {"lsm6dso": Lsm6dso, "lsm6dsox": Lsm6dsox, "lsm6ds3trc": Lsm6ds3trc}
BUS = 0  # the firmware's I2C(0)

# name: what is wrong with the pod
FAULTS = {
    "absent": "no IMU on the bus",
    "wrong-id": "the IMU answers with another who-am-i",
    "stuck": "the IMU repeats its first sample for ever",
    "bus-errors": "every 50th I2C transfer fails",
    "no-interrupt": "the wire from INT1 is broken",
    "no-haptic": "no haptic driver on the bus",
    "no-motor": "nothing connected to the haptic driver",
}
BUS_ERROR_EVERY = 50
WRONG_ID = 0x33


@dataclass(frozen=True)
class Surroundings:
    """What happens around the pod: battery at the start [mV], its fall [mV/h], button presses [s], and faults."""

    battery_mv: int = 3950
    battery_fall_mv_per_h: int = 20
    press_s: tuple[float, ...] = ()
    press_length_s: float = 0.1
    faults: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = [name for name in self.faults if name not in FAULTS]
        if unknown:
            raise UserError(f"--faults: {', '.join(unknown)}: none of {', '.join(FAULTS)}")


class Watched:
    """A source of samples that remembers the firmware's processor time [s] when each was sensed."""

    def __init__(self, source: Source):
        self._source = source
        self.temperature_c = source.temperature_c
        self.vm_clock: Callable[[], float] = float
        self.sensed_vm_s: dict[int, float] = {}  # by sample

    def row(self, index: int, rate_hz: int) -> tuple[int, ...]:
        self.sensed_vm_s[index] = self.vm_clock()
        return self._source.row(index, rate_hz)


@dataclass
class PodModel:
    """A pod's hardware and what it is watched by; press_at(time [us], length [s]) presses the button."""

    hardware: Hardware
    imu: Lsm6ds
    haptic: Drv2605l | None
    press_at: Callable[[int, float], None]
    source: Watched
    timeline: Timeline

    def latency(self, index: int, within_ms: int = 500) -> Latency | None:
        """Return the time from sample `index` to the motor; None when it did not start within_ms after."""
        due_us = self.imu.sample_time_us(index)
        drive = self.timeline.first_drive(due_us, due_us + 1000 * within_ms)
        sensed_vm_s = self.source.sensed_vm_s.get(index)
        if drive is None or sensed_vm_s is None:
            return None
        return Latency((drive.time_us - due_us) / 1000, 1000 * (drive.vm_s - sensed_vm_s))

    def measure_with(self, vm_clock: Callable[[], float]) -> None:
        """Take the firmware's processor time from vm_clock() [s]."""
        self.source.vm_clock = self.timeline.vm_clock = vm_clock


def read_board(board: str) -> dict:
    """Return a board file's content, by name or path; UserError when there is none or it has a fault."""
    return boards.load(board)


def _blank(mcu: str, realtime: bool) -> Hardware:
    """Return an MCU with nothing on it yet."""
    chip = podfiles.chips()["mcus"][mcu]
    return Hardware(
        gpios=chip["gpios"], wake_gpios=chip["wake"], registers=FRAME_NUMBERS.get(mcu, ()), realtime=realtime,
        native_usb=mcu != "esp32",
    )  # fmt: skip


def build(
    board: dict,
    source: Source,
    timeline: Timeline,
    surroundings: Surroundings | None = None,
    realtime: bool = False,
) -> PodModel:
    """Return the hardware of a checked board.

    board: a board file's content.  source: what the IMU senses, in chip axes.  timeline: notes what the motor
    does.  surroundings: battery, button, faults.  realtime: pace virtual time to the wall clock.
    """
    around = surroundings or Surroundings()
    hardware = _blank(board["mcu"], realtime)
    hardware.add_bus(BUS, scl_gpio=board["i2c"]["scl"], sda_gpio=board["i2c"]["sda"])
    watched = Watched(source)
    imu = _add_imu(hardware, board, watched, around.faults)
    haptic = _add_haptic(hardware, board, timeline, around.faults)
    press_at = _add_button(hardware, board["pins"].get("button"), around)
    _add_battery(hardware, board, around)
    if "bus-errors" in around.faults:
        hardware.i2c_fault = failing_transfers(lambda number: number % BUS_ERROR_EVERY == 0)
    return PodModel(hardware, imu, haptic, press_at, watched, timeline)


def _add_imu(hardware: Hardware, board: dict, source: Source, faults: Iterable[str]) -> Lsm6ds:
    part = board["parts"]["imu"]
    imu = IMUS[part["part"]](int(part["address"], 16), source)
    drive_int1 = hardware.input_pin(board["pins"]["imu_int1"], level=0)
    if "no-interrupt" not in faults:
        imu.on_pin = drive_int1
    if "wrong-id" in faults:
        imu.who_am_i = WRONG_ID
    imu.stuck = "stuck" in faults
    if "absent" not in faults:
        hardware.add_chip(BUS, imu)
    return imu


def _add_haptic(hardware: Hardware, board: dict, timeline: Timeline, faults: Iterable[str]) -> Drv2605l | None:
    part = board["parts"]["haptic"]
    if part["part"] == "erm_pwm":
        hardware.on_pwm.append(pwm_motor(board["pins"]["haptic_pwm"], timeline))
        return None
    present = "no-motor" not in faults
    haptic = Drv2605l(int(part["address"], 16), lra=part.get("actuator") == "lra", actuator_present=present)
    haptic.on_drive = timeline.drive
    if "no-haptic" not in faults:
        hardware.add_chip(BUS, haptic)
    return haptic


def pwm_motor(gpio: int, timeline: Timeline):
    """Return an observer of PWM that drives an ERM on a transistor at this pin."""
    level = 0

    def on_pwm(changed_gpio: int, freq_hz: int, duty_u16: int, now_us: int) -> None:
        nonlocal level
        wanted = (duty_u16 * LEVEL_MAX + 32767) // 65535 if freq_hz else 0
        if changed_gpio == gpio and wanted != level:
            level = wanted
            timeline.drive(level, "pwm", now_us)

    return on_pwm


def failing_transfers(fails: Callable[[int], bool]):
    """Return an i2c_fault that answers EIO to the transfers whose number, from 1, `fails` is true for."""
    count = 0

    def fault(bus_id: int, address: int, now_us: int) -> int:
        nonlocal count
        count += 1
        return errno.EIO if fails(count) else 0

    return fault


def _add_button(hardware: Hardware, gpio: int | None, around: Surroundings) -> Callable[[int, float], None]:
    if gpio is None:
        return lambda time_us, length_s: None
    level = hardware.input_pin(gpio, level=1)

    def press_at(time_us: int, length_s: float) -> None:
        hardware.at(time_us, lambda: level(0))
        hardware.at(time_us + round(length_s * 1e6), lambda: level(1))

    for at_s in around.press_s:
        press_at(round(at_s * 1e6), around.press_length_s)
    return press_at


def _add_battery(hardware: Hardware, board: dict, around: Surroundings) -> None:
    gpio = board["pins"].get("battery_adc")
    if gpio is None:
        return
    divider = board["battery"]

    def pin_mv(now_us: int) -> int:
        battery_mv = around.battery_mv - around.battery_fall_mv_per_h * now_us // 3_600_000_000
        return (battery_mv - divider.get("offset_mv", 0)) * divider["divider_den"] // divider["divider_num"]

    hardware.adc_mv[gpio] = pin_mv
