"""Every setting of the pod in one table, and the check that names every fault at once."""

PASSING = True  # see app/passing.py

# Of the schema a table of settings follows. 1: a bare table; 2: its version beside it, and a name for the pod;
# 3: the wearer, posture, programme, radio; 4: sleep; 5: whom the radio speaks to; 6: no limits of lean and rate.
VERSION = 6
_GONE = (("sway_lean_deg", 10), ("sway_rate_dps", 60))  # with schema 6, and their defaults
_INSTEAD = "sway_sensitivity"

# (name, default, low, high, unit), or (name, default, choices, None, ""), or (name, default, longest, None,
# "text"); a unit "... or 0" takes 0 too: off
TABLE = (
    ("pod_name", "backstep", 24, None, "text"),
    ("placement", "shoe", ("shoe", "belt", "wrist"), None, ""),
    ("frame", "body", ("body", "sensor"), None, ""),  # sensor: worn anyhow, learnt from the first forward strides
    ("mount_x", 0, -16384, 16384, ""),  # forward as a shoe's sensor sees it [2^-14], as `calibrate` keeps it
    ("mount_y", 0, -16384, 16384, ""),
    ("mount_z", 0, -16384, 16384, ""),  # all three 0: learnt anew at every start
    ("upright_x", 0, -16384, 16384, ""),  # up as the sensor sees it [2^-14] while its wearer stands
    ("upright_y", 0, -16384, 16384, ""),
    ("upright_z", 0, -16384, 16384, ""),  # all three 0: never calibrated
    ("bias_x", 0, -4800, 4800, "deg/s / 160"),  # of the gyro
    ("bias_y", 0, -4800, 4800, "deg/s / 160"),
    ("bias_z", 0, -4800, 4800, "deg/s / 160"),
    ("grade_zero", 0, -60, 60, "permille"),  # what a stride on a level floor seems to climb
    ("calibrated_day", 0, 0, 65535, "days"),  # since 1970, by the wearer's clock; 0: not known
    ("wearer_kg", 0, 20, 250, "kg or 0"),  # 0: not told
    ("wearer_cm", 0, 100, 230, "cm or 0"),
    ("direction", "unknown", ("unknown", "forward", "backward"), None, ""),  # of the steps of a belt or wrist
    ("sway_arming", "gait", ("gait", "always"), None, ""),
    ("sway_refractory_s", 3, 1, 30, "s"),
    ("sway_sensitivity", 0, -4, 4, ""),  # higher: warned earlier, and oftener for nothing
    ("sway_caution", 1, 0, 1, ""),
    ("gait_recent_s", 4, 1, 30, "s"),
    ("fall_alarm", 1, 0, 1, ""),
    ("fall_countdown_s", 15, 5, 120, "s"),  # the button is found lying down, and help takes longer anyway
    ("slide_mm_s", 800, 200, 2000, "mm/s or 0"),
    ("catch_pct", 45, 30, 75, "% or 0"),
    ("toe_lift_deg", 8, 4, 30, "deg or 0"),
    ("recovery_pct", 60, 30, 75, "% or 0"),
    ("posture_low_deg", -10, -30, 10, "deg"),  # + bent forward; a trunk that leans back further is told of it
    ("posture_high_deg", 25, 0, 60, "deg"),
    ("posture_s", 0, 5, 120, "s or 0"),
    ("programme_level", 1, 0, 4, ""),  # 0: none
    ("dose_steps", 0, 20, 20000, "steps or 0"),  # backward, of a session; both 0: the level's own
    ("dose_min", 0, 2, 120, "min or 0"),
    ("weekly_cap_pct", 10, 5, 50, "% or 0"),  # more than the week before
    ("metronome_spm", 0, 40, 200, "steps/min or 0"),
    ("goal_cue", 1, 0, 1, ""),
    ("stop_cue", 1, 0, 1, ""),
    ("snooze_min", 5, 0, 60, "min"),  # a double press; 0: it only marks
    ("haptic_strength_pct", 100, 0, 100, "%"),
    ("cue_every_steps", 100, 0, 1000, "steps"),
    ("console_events", 0, 0, 1, ""),
    ("session_log", 1, 0, 1, ""),
    ("raw_sways", 1, 0, 1, ""),  # 0: raw seconds of marked false alarms alone
    ("raw_falls", 1, 0, 1, ""),
    ("radio", "off", ("off", "phone", "pods", "both"), None, ""),  # Bluetooth LE; there is never any WiFi
    ("rsc_cadence", "steps", ("steps", "strides"), None, ""),  # what a phone or watch takes for cadence
    ("sleep", 1, 0, 2, ""),  # on its battery, between samples too; 2: also where a USB bridge tells of no cable
    ("off_min", 10, 2, 120, "min or 0"),  # a pod that sleeps: so long unmoved, and it goes off
    ("watchdog_s", 8, 2, 60, "s"),
)


def defaults() -> dict:
    """Return the settings of a new pod."""
    return {row[0]: row[1] for row in TABLE}


def _fault(row, value) -> str:
    name, _, low, high, unit = row
    if unit == "text":
        return _text_fault(name, value, low)
    if isinstance(low, tuple):
        return "" if value in low else "%s: %r is none of %s" % (name, value, ", ".join(low))
    if isinstance(value, bool) or not isinstance(value, int):
        return "%s: %r is no whole number (want %d..%d %s)" % (name, value, low, high, unit)
    if low <= value <= high or (value == 0 and unit.endswith(" or 0")):
        return ""
    return ("%s: %d is outside %d..%d %s" % (name, value, low, high, unit)).rstrip()


def _text_fault(name, value, longest):
    if isinstance(value, str) and 1 <= len(value) <= longest and all(" " <= letter <= "~" for letter in value):
        return ""
    return "%s: %r is no text of 1..%d letters, digits and marks of ASCII" % (name, value, longest)


def migrated(version, wanted):
    """Return settings of an earlier schema as those of this one, not checked yet.

    version: of the schema.  ValueError for one that this firmware does not know.
    """
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= VERSION:
        raise ValueError("settings: schema %r is unknown, want 1..%d" % (version, VERSION))
    for step in _MIGRATIONS[version - 1 :]:
        wanted = step(wanted)
    return wanted


def gone(wanted) -> str:
    """Return what to tell of settings of an earlier schema that are no more, "" where they were as they came."""
    table = wanted if isinstance(wanted, dict) else {}
    names = ", ".join([name for name, usual in _GONE if table.get(name, usual) != usual])
    return names and "settings: %s: gone, all else is kept; use %s instead" % (names, _INSTEAD)


def _same_names(wanted):
    return wanted  # the new ones are at their defaults


def _without_limits(wanted):
    if isinstance(wanted, dict):
        for name, _ in _GONE:
            wanted.pop(name, None)
    return wanted


# step k turns schema k + 1 into the next
_MIGRATIONS = (_same_names, _same_names, _same_names, _same_names, _without_limits)


def check(wanted: dict) -> dict:
    """Return full settings: the wanted ones over the defaults.

    wanted: some or all settings by name.
    ValueError with every fault, one a line; nothing is applied then.
    """
    if not isinstance(wanted, dict):
        raise ValueError("settings: %r is no table of names and values" % (wanted,))
    full = defaults()
    faults = [_unknown(name) for name in sorted(str(k) for k in wanted if k not in full)]
    for row in TABLE:
        if row[0] in wanted:
            fault = _fault(row, wanted[row[0]])
            if fault:
                faults.append(fault)
            full[row[0]] = wanted[row[0]]
    if not faults and full["posture_low_deg"] >= full["posture_high_deg"]:
        faults.append("posture_low_deg, posture_high_deg: want the first below the second")
    for name in ("mount", "upright"):
        if not faults and not _is_axis([full["%s_%s" % (name, axis)] for axis in "xyz"]):
            faults.append(name + "_x, _y, _z: want all 0, or an axis of length 16384 within 5 %")
    if faults:
        raise ValueError("\n".join(faults))
    return full


def _unknown(name):
    return "%s: no such setting%s" % (name, " any more, use " + _INSTEAD if name in dict(_GONE) else "")


def _is_axis(axis):
    return axis == [0, 0, 0] or 15565 * 15565 <= sum([part * part for part in axis]) <= 17203 * 17203
