"""What each of a pod's settings means, in the groups and the order they are listed in.

A setting that no group has is missing from the list: tests/host_tools/talk/test_config.py holds both tables to
the same names.
"""

# Groups of (name, what it is to its wearer); INTERNAL: what calibrating and programs set, shown with --all.
GROUPS = (
    ("the pod and how it is worn", (
        ("pod_name", "its name, for --pod"),
        ("placement", "where it is worn"),
        ("frame", "body: mounted as its board file says; sensor: anyhow, learnt while you walk"),
        ("direction", "which way steps count at a belt or wrist until you say otherwise"),
        ("wearer_kg", "your mass, for the energy of a session; 0: not told"),
        ("wearer_cm", "your height; 0: not told"),
    )),
    ("sways (belt)", (
        ("sway_arming", "when sways are warned of: while you walk, or always"),
        ("sway_sensitivity", "higher: earlier warnings, and more false ones; lower: fewer of both"),
        ("sway_caution", "1: a soft buzz before a sway is sure"),
        ("sway_refractory_s", "pause after a warning before the next one"),
        ("gait_recent_s", "how long after a step you count as walking"),
        ("snooze_min", "a double press stops warnings for so long; 0: it only marks"),
    )),
    ("falls", (
        ("fall_alarm", "1: an alarm when you fell and lie still"),
        ("fall_countdown_s", "time to end that by a press or by sitting up"),
    )),
    ("the foot (shoe)", (
        ("slide_mm_s", "a foot on the ground that slides so fast is warned of; 0: never"),
        ("catch_pct", "a stride cut short to this part of the usual is warned of; 0: never"),
        ("toe_lift_deg", "toes that rise so far while standing are warned of; 0: never"),
        ("recovery_pct", "hurried strides shorter than this part are warned of; 0: never"),
    )),
    ("posture (belt)", (
        ("posture_low_deg", "a trunk that leans further back is told of; minus: back"),
        ("posture_high_deg", "a trunk bent further forward is told of"),
        ("posture_s", "for so long, before it is; 0: posture is not told of"),
    )),
    ("training", (
        ("programme_level", "level of the programme, which gives the dose; 0: none"),
        ("dose_steps", "backward steps of a session; 0: the level's own"),
        ("dose_min", "backward minutes of a session; 0: the level's own"),
        ("weekly_cap_pct", "more than the week before at most; 0: no cap"),
        ("metronome_spm", "a tick for every step at this cadence; 0: none"),
        ("goal_cue", "1: a buzz when the dose is done"),
        ("stop_cue", "1: a buzz when it is time to stop"),
        ("cue_every_steps", "a buzz after so many backward steps; 0: none"),
        ("haptic_strength_pct", "strength of all buzzes"),
    )),
    ("log", (
        ("session_log", "1: sessions are logged"),
        ("raw_sways", "1: raw seconds around sways are kept; 0: only of marked false alarms"),
        ("raw_falls", "1: raw seconds around falls are kept"),
    )),
    ("radio (Bluetooth)", (
        ("radio", "who hears the pod: nobody, a phone or watch, other pods of the band, or both"),
        ("rsc_cadence", "what an app takes for cadence: steps of both feet, or strides of one"),
    )),
    ("battery", (
        ("sleep", "0: never asleep; 1: on its battery; 2: behind a USB bridge too"),
        ("off_min", "a pod that sleeps goes off after lying so long; 0: never"),
    )),
)  # fmt: skip
INTERNAL = ("set by calibrating and by programs", (
    ("mount_x", "forward as a shoe's sensor sees it, kept by calibrate"),
    ("mount_y", "the same"),
    ("mount_z", "the same; all three 0: learnt anew at every start"),
    ("upright_x", "up as the sensor sees it, kept by calibrate"),
    ("upright_y", "the same"),
    ("upright_z", "the same; all three 0: never calibrated"),
    ("bias_x", "what the gyro reads at rest, kept by calibrate"),
    ("bias_y", "the same"),
    ("bias_z", "the same"),
    ("grade_zero", "what a stride on a level floor seems to climb, kept by calibrate"),
    ("calibrated_day", "when, in days since 1970; 0: not known"),
    ("console_events", "1: the console tells events as lines of JSON, for programs"),
    ("watchdog_s", "a firmware that hangs so long is started anew"),
))  # fmt: skip
