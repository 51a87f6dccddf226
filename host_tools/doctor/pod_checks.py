"""The checks of the pod itself: its parts, its clock, how it is worn, and what it holds."""

from datetime import date, timedelta

from backstep.app.kept.folders import FREE_MIN
from backstep.core import charge

from host_tools.doctor.facts import Facts
from host_tools.doctor.finding import Check, Finding, note, unseen, well, wrong
from host_tools.talk import radio_words
from host_tools.talk.unwarned import is_mute

LOST_A_LOOK = 2  # interrupts: without INT1 there are some five a second
OFF_MAX_MS = 2000
AGE_MAX_DAYS = 90  # a convention: laces and belts are tied anew, gyros drift
HEAP_LOW = 8192  # bytes: some requests then lack memory
_WIRES = "power off; look at the wires and solder joints of "
_DAY_0 = date(1970, 1, 1)
_WITH_PODS = {"off": "pods", "phone": "both"}


def health(facts: Facts) -> Finding:
    now = facts.status[1]
    if now["tasks_lost"]:
        return wrong(f"given up: {', '.join(now['tasks_lost'])}", "backstep reasons, then backstep reboot")
    if now["waits"]:
        return note(f"changed, and to hold from the next start on: {', '.join(now['waits'])}", "backstep reboot")
    if now["heap_free"] < HEAP_LOW:
        return note(f"{now['heap_free'] // 1024} KB of heap free", "backstep reboot")
    told = ", ".join(f"{name} {count}" for name, count in now["faults"].items())
    if told:
        return note(f"since its start: {told}", "what grows from one look to the next is still wrong")
    early = facts.reasons.get("early", 0)
    if early:
        return note(f"{early} starts in a row ended within a minute", "backstep reasons")
    return well(f"no faults since its start, {now['heap_free'] // 1024} KB of heap free")


def imu(facts: Facts) -> Finding:
    part = facts.board.get("parts", {}).get("imu", {}).get("part", "IMU")
    said = facts.parts.get("imu") or next((line for line in facts.said if line.startswith("imu: ")), "")
    if facts.parts and not facts.parts["imu"]:
        return well(f"{part} answers by its name")
    if facts.parts or facts.status[1].get("imu") == "down":
        return wrong(said.removeprefix("imu: ") or f"{part} does not run", f"{_WIRES}SDA, SCL, 3V and GND")
    if facts.status[1].get("imu") == "running":
        return well(f"{part} answers by its name, and runs")
    return unseen(_no_parts(facts))


def self_test(facts: Facts) -> Finding:
    test = facts.parts.get("self_test")
    if not test:
        return unseen(_no_parts(facts))
    (low, high), (slow, fast) = test["accel_limits_mg"], test["gyro_limits_dps"]
    said = f"{_list(test['accel_mg'])} mg of {low}..{high}, {_list(test['gyro_dps'])} deg/s of {slow}..{fast}"
    if test["passed"]:
        return well(said)
    return wrong(said, "lay the pod still and repeat; if it fails again, the sensor is broken: replace it")


def int1(facts: Facts) -> Finding:
    if facts.parts:
        seen = facts.parts["edges"]
    else:
        first, last = (status.get("faults", {}).get("lost interrupts", 0) for status in facts.status)
        if facts.status[1].get("imu") != "running":
            return unseen(_no_parts(facts))
        seen = last - first < LOST_A_LOOK
    pin = facts.board.get("pins", {}).get("imu_int1")
    if seen:
        return well("data-ready interrupts come")
    return wrong("no data-ready interrupt comes", f"{_WIRES}INT1{f' to GPIO{pin}' if pin is not None else ''}")


def motor(facts: Facts) -> Finding:
    errors = facts.status[1].get("faults", {}).get("motor errors", 0)
    tested = facts.parts.get("motor")
    if tested or errors:
        return wrong(tested or f"{errors} motor errors", f"{_WIRES}the motor and its driver")
    if facts.felt is False:
        if facts.settings.get("haptic_strength_pct") == 0:
            return wrong("not felt: haptic_strength_pct is 0", "backstep config set haptic_strength_pct=100")
        return wrong("not felt", f"{_WIRES}the motor, and how it is glued")
    if facts.felt:
        return well("felt" + (", and its driver's test passed" if tested == "" else ""))
    if tested == "":
        return well("its driver's test passed; nobody was asked whether it is felt")
    return unseen("nobody was asked whether it is felt")


def battery(facts: Facts) -> Finding:
    if facts.board and "battery_adc" not in facts.board.get("pins", {}):
        return well("this board measures none")
    now = facts.parts or facts.status[1]
    if "battery_mv" not in now:
        return unseen(_no_parts(facts))
    millivolts = now["battery_mv"]
    ratio = "{divider_num}:{divider_den}".format(**facts.board["battery"]) if facts.board else "not known here"
    said = f"{millivolts / 1000:.2f} V by a divider of {ratio}"
    if millivolts < charge.MEASURED_MV:
        why = facts.parts.get("battery_why") or "not measured"
        return wrong(why, f"{_WIRES}cell and divider; a pod on USB alone has nothing to measure")
    if millivolts > charge.USB_MV:
        return well(f"on USB: {said}")
    if charge.is_low(millivolts):
        return wrong(
            f"{said}, {charge.percent(millivolts)} %", "charge it; a meter says more? Mend the board file"
        )
    return well(f"{said}, {charge.percent(millivolts)} %")


def clock(facts: Facts) -> Finding:
    if facts.laptop_why:
        return wrong(facts.laptop_why, "put this laptop's clock right, then: backstep time")
    if facts.clock_off_ms is None:
        return wrong("the pod was not told the time", "backstep time, or any backstep sync")
    way = "ahead" if facts.clock_off_ms > 0 else "behind"
    said = f"{abs(facts.clock_off_ms) / 1000:.1f} s {way}"
    return wrong(said, "backstep time") if abs(facts.clock_off_ms) > OFF_MAX_MS else well(said)


def calibration(facts: Facts) -> Finding:
    now = facts.status[1]
    day = now["calibrated_day"]
    if not (day or now.get("level")):
        if facts.hello["placement"] == "wrist":
            return well("never, and a wrist needs none")
        return note("never: no grade is shown, nor is it told when it is turned", "backstep calibrate")
    if not day:
        return note("calibrated when the pod did not know the day", "backstep time, then backstep calibrate")
    age = facts.today - day
    if age < -1:
        return wrong(f"on {_day(day)}, which has not come", "backstep time, then backstep calibrate")
    said = f"{max(age, 0)} days ago, on {_day(day)}"
    return note(said, "backstep calibrate") if age > AGE_MAX_DAYS else well(said)


def placement(facts: Facts) -> Finding:
    how, wanted = facts.status[1]["worn"], facts.hello["placement"]
    if is_mute(facts.hello | facts.settings):
        return wrong("a belt mounted anyhow (frame=sensor) warns of no sway", "backstep config reset frame")
    if how == "turned":
        return wrong("turned or moved since it was calibrated", "put it back, or backstep calibrate")
    if how in ("shoe", "belt", "wrist"):
        said = f"moves like a pod at the {how}, and is set to {wanted}"
        return wrong(said, f"backstep config set placement={how}, or move it")
    if how == "well":
        return well(f"{wanted}, as calibrated")
    return note(f"set to {wanted}; not judged yet", "walk some steps with it, then look again")


def room(facts: Facts) -> Finding:
    space = facts.prompt.get("space")
    if not space:
        return unseen(facts.prompt_why or "the file system tells nothing")
    free = space[0] * space[3]
    said = f"{free // 1024} KB of {space[0] * space[2] // 1024} free"
    if free < 2 * FREE_MIN:
        return wrong(f"{said}; below {FREE_MIN // 1024} nothing is logged", "backstep sync --to DIR --remove")
    return well(said)


def sessions(facts: Facts) -> Finding:
    if facts.sessions is None:
        return unseen("its firmware does not tell")
    left = [row for row in facts.sessions if not row["fetched"] and not row["running"]]
    if not left:
        return well("all that are over were fetched" if facts.sessions else "none on it")
    kilobytes = -(-sum(row["size"] for row in left) // 1024)
    return note(f"{len(left)} not fetched yet, {kilobytes} KB", "backstep sync --to DIR")


def radio(facts: Facts) -> Finding:
    setting, paired = facts.settings.get("radio"), facts.paired
    if setting is None or paired is None:
        return unseen("its firmware has no radio")
    others = {at: f"{row['placement']} {row['name']}" for at, row in enumerate(paired["pods"])}
    others.pop(paired["me"], None)
    said = radio_words.set_to(setting, paired)
    with_whom = said.partition(", ")[2]
    why = paired.get("why", "").removeprefix("radio: ")
    if why and (setting == "phone" or setting != "off" and others):
        mend = "backstep pair" if "backstep pair" in why else "another board, or backstep config set radio=off"
        return wrong(f"{said}, but {why}", mend)
    if setting in ("off", "phone"):
        return note(said, f"backstep config set radio={_WITH_PODS[setting]}") if others else well(said)
    if not others:
        return note(said, "backstep pair")
    if paired["waits"]:
        return note(
            f"{with_whom}, and its radio does not know that: it holds from the next start on", "backstep reboot"
        )
    silent = [others[at] for at, is_up, *_ in paired["links"] if not is_up and at in others]
    if silent or not paired["links"]:
        return note(f"{with_whom}; not heard: {', '.join(silent) or 'anybody'}", "switch it on, near; is it flat?")
    return well(f"{with_whom}, all links up")


def _no_parts(facts: Facts) -> str:
    why = facts.prompt.get("parts_why") if facts.prompt else facts.prompt_why
    if why and "'examine'" in why:
        return "its firmware is older than this: backstep deploy"
    if why and "'starting'" in why:
        return "no firmware is on it yet"
    return why or "nobody tells"


def _list(numbers) -> str:
    return "/".join(map(str, numbers))


def _day(day: int) -> str:
    return str(_DAY_0 + timedelta(day))


_WAY = ("port", "usb")
CHECKS = (
    Check("health", ("answer",), health),
    Check("imu", _WAY, imu),
    Check("self-test", (*_WAY, "imu"), self_test),
    Check("int1", (*_WAY, "imu"), int1),
    Check("motor", _WAY, motor),
    Check("battery", _WAY, battery),
    Check("clock", ("answer",), clock),
    Check("calibration", ("answer",), calibration),
    Check("placement", ("answer",), placement),
    Check("radio", ("answer",), radio),
    Check("room", _WAY, room),
    Check("sessions", ("answer",), sessions),
)
