"""What can be set in the gait simulator: each parameter with its unit, range and source.

Sources cited below:
Flash & Hogan 1985: The coordination of arm movements, J Neurosci 5:1688.
Grasso 1998: Grasso, Bianchi & Lacquaniti, Motor patterns for human gait, J Neurophysiol 80:1868.
Hausdorff 1995: Hausdorff et al., Is walking a random walk?, J Appl Physiol 78:349.
Hof 2005: Hof, Gazendam & Sinke, The condition for dynamic stability, J Biomech 38:1.
Laufer 2005: Effect of age on characteristics of forward and backward gait, J Gerontol A 60:627.
Leroux 2002: Leroux, Fung & Barbeau, Postural adaptation to walking on inclined surfaces, Gait Posture 15:64.
Sekiya 1998: Sekiya & Nagasaki, the walk ratio, Gait Posture 7:225.
Winter 1991, 1995, 2009: The biomechanics and motor control of human gait; Human balance and posture control,
Gait Posture 3:193; Biomechanics and motor control of human movement, 4th ed.
esangeni, kfall: tuned to the public data sets of these names (peaks, medians), nothing copied.
choice: a plain choice of this simulator.
"""

from dataclasses import dataclass, replace

from .checked import Checked, choice, number

DIRECTIONS = ("forward", "backward", "left", "right", "turn")
STYLES = ("walk", "run", "shuffle")


@dataclass(frozen=True)
class WalkParams(Checked):
    """How the wearer walks, runs, side-steps or turns; `turn` is turning on the spot."""

    direction: str = choice("forward", DIRECTIONS, "choice")
    style: str = choice("walk", STYLES, "choice")
    cadence_spm: float = number(100, 30, 220, "Winter 1991: natural cadence 95-120 steps/min")
    stride_mm: float = number(0, 0, 4000, "choice: 0 takes walk_ratio_mm_per_spm x cadence")
    walk_ratio_mm_per_spm: float = number(6.5, 1, 15, "Sekiya 1998: step length / cadence of adults")
    grade_pct: float = number(0, -30, 30, "choice: rise per distance along the direction of travel")
    turn_deg_per_stride: float = number(0, -180, 180, "choice: + to the left")
    step_width_mm: float = number(120, 0, 400, "Winter 1991: stride width 50-130 mm, shoes on")
    time_cv_pct: float = number(2.5, 0, 20, "Hausdorff 1995: stride time varies by a few per cent")
    length_cv_pct: float = number(4, 0, 30, "esangeni: within-trial spread of stride length")


@dataclass(frozen=True)
class FootParams(Checked):
    """How one foot moves within a stride, and where the pod sits on it."""

    pod_height_mm: float = number(75, 10, 200, "choice: on the laces, above the sole")
    heel_behind_mm: float = number(155, 20, 250, "Winter 2009: foot length 0.152 of stature, pod on the laces")
    toe_ahead_mm: float = number(45, 20, 250, "Winter 2009: metatarsal heads, where the foot rolls off")
    push_off_deg: float = number(70, 0, 100, "esangeni: forward push-off 520-800 deg/s at 0.65-1 m/s")
    strike_deg: float = number(23, 0, 45, "Winter 1991: foot angle at heel strike about 20 deg")
    back_land_deg: float = number(46, 0, 80, "esangeni: heel lowered at 290-550 deg/s after toe contact")
    back_lift_deg: float = number(17, 0, 60, "Grasso 1998: forward heel strike run backward")
    side_roll_deg: float = number(52, 0, 80, "esangeni: side steps 530-750 deg/s about the long axis")
    creep_deg: float = number(3.5, 0, 15, "esangeni: 4-10 deg/s in the middle of stance")
    heel_rise_deg: float = number(7, 0, 30, "esangeni: 20-50 deg/s for 0.1 s before push-off")
    run_roll_deg: float = number(4, 0, 40, "choice: a runner's foot rolls on through stance")
    early_lift_mm: float = number(20, 0, 300, "esangeni: pod height where the foot swings by")
    late_lift_mm: float = number(115, 0, 300, "esangeni: pod 120-135 mm up before contact, pitch lifts the rest")
    circumduction_mm: float = number(25, 0, 150, "choice: outward bow of the swing")
    wobble_deg: float = number(0.15, 0, 3, "esangeni: 1-5 deg/s left in the quietest stance")
    rough_mm: float = number(0.25, 0, 5, "esangeni: 0.1-0.4 g of 5-25 Hz in swing, soft tissue and strap")
    ring_mg_per_mps: float = number(7000, 0, 40000, "esangeni: contact peak over swing speed")
    ring_hz: float = number(32, 10, 60, "choice: shoe and strap ring at 25-40 Hz after contact")
    ring_decay_s: float = number(0.018, 0.003, 0.1, "esangeni: quiet 0.1 s after contact")
    ring_deg_per_mps: float = number(1.1, 0, 8, "esangeni: 100-400 deg/s about x and z at contact")


@dataclass(frozen=True)
class TrunkParams(Checked):
    """How the lower back moves in gait and when standing."""

    leg_mm: float = number(900, 400, 1300, "Winter 2009: leg length 0.53 of stature")
    bob_pct: float = number(50, 0, 150, "kfall D06: share of the compass-gait rise that is seen")
    run_bob_mm: float = number(30, 0, 120, "kfall D08: vertical 0.75 g rms in jogging")
    surge_mm: float = number(9, 0, 60, "kfall D06: fore-aft 0.15 g rms at step frequency")
    shift_mm: float = number(25, 0, 120, "Winter 1995: lateral path of the centre of mass in gait")
    pitch_deg: float = number(1.4, 0, 10, "kfall D06: 12 deg/s rms")
    roll_deg: float = number(3.2, 0, 15, "kfall D06: 15 deg/s rms")
    yaw_deg: float = number(4.5, 0, 20, "choice: pelvic rotation of 4-5 deg each way")
    lean_deg: float = number(3, -20, 20, "choice: + forward, with the direction of travel")
    uphill_lean_share: float = number(0.3, 0, 1, "Leroux 2002: trunk leans into the slope")
    stand_sway_deg: float = number(0.35, 0, 5, "Winter 1995: quiet standing sways below 1 deg")
    weight_shift_mm: float = number(15, 0, 100, "choice: slow lateral shifts in standing")
    thud_mg_per_mps: float = number(260, 0, 4000, "kfall D06: 99th percentile of 1.6 g")
    thud_hz: float = number(11, 4, 30, "choice: soft tissue below the belt")
    thud_decay_s: float = number(0.05, 0.01, 0.3, "choice: soft tissue below the belt")


@dataclass(frozen=True)
class ArmParams(Checked):
    """How the arm with the pod swings."""

    arm_mm: float = number(560, 200, 900, "Winter 2009: shoulder to wrist 0.33 of stature")
    swing_deg: float = number(18, 0, 60, "choice: each way at 1.2 m/s")
    run_elbow_deg: float = number(85, 0, 140, "choice: elbows bent in running")
    walk_elbow_deg: float = number(20, 0, 140, "choice: elbows nearly straight in walking")
    tremor_deg: float = number(0.25, 0, 5, "choice: 1-4 Hz restlessness of the hand")


@dataclass(frozen=True)
class SwayParams(Checked):
    """A sudden loss of balance: an inverted pendulum pushed off, with limited torque to come back."""

    direction: str = choice("backward", ("backward", "forward", "left", "right"), "choice")
    push_ratio: float = number(0.8, 0.1, 5, "choice: push over the largest the wearer can hold; above 1 he falls")
    stature_mm: float = number(1720, 1000, 2300, "choice: an adult")
    com_share: float = number(0.55, 0.4, 0.7, "Winter 2009: centre of mass height over stature, from the ankle")
    push_s: float = number(0.15, 0.03, 1, "choice: a slip or a tug, half-sine")
    reaction_s: float = number(0.12, 0.05, 0.6, "Winter 1995: automatic postural responses after 80-140 ms")
    torque_rise_s: float = number(0.08, 0.01, 0.5, "choice: first-order rise of muscle torque")
    base_mm: float = number(60, 10, 250, "Hof 2005: ankle to the edge of support, heel side")
    step_mm: float = number(350, 0, 800, "choice: recovery step that widens the base; 0 for none")
    step_lands_s: float = number(0.4, 0.2, 2, "choice: onset to landing of the recovery step")
    buckle_gain: float = number(3, 0, 10, "kfall F15: lean rate grows from 43 to 220 deg/s as the knees give way")
    impact_lean_deg: float = number(45, 15, 85, "kfall F15: trunk lean at impact, median 44 deg")
    pelvis_share: float = number(0.5, 0, 1, "choice: the rest is the feet sliding the other way")
    impact_s: float = number(0.17, 0.02, 0.5, "kfall F15: impact peak 4.2-5.6 g")
    struggle_dps: float = number(35, 0, 200, "kfall F15: irregular 30-100 deg/s about all axes before impact")
    kick_mg: float = number(1500, 0, 8000, "kfall F15: 1-3.5 g as a foot slips and catches, before the impact")
    onset_jitter_s: float = number(0.5, 0, 5, "choice: time into the segment at which it starts")


@dataclass(frozen=True)
class ImuParams(Checked):
    """What the sensor and its mounting do to the motion."""

    accel_noise_mg: float = number(1.1, 0, 100, "LSM6DSOX datasheet: 110 ug/rtHz at +-16 g over 100 Hz")
    gyro_noise_dps: float = number(0.05, 0, 10, "LSM6DSOX datasheet: 3.8 mdps/rtHz over 100 Hz, rounded up")
    accel_bias_mg: float = number(20, 0, 200, "LSM6DSOX datasheet: zero-g level; drawn as a standard deviation")
    gyro_bias_dps: float = number(1, 0, 20, "LSM6DSOX datasheet: zero-rate level; drawn as a standard deviation")
    misalignment_deg: float = number(1.5, 0, 20, "choice: left after calibration; drawn, a standard deviation")
    mount_roll_deg: float = number(0, -180, 180, "choice: body to sensor, about x, first")
    mount_pitch_deg: float = number(0, -180, 180, "choice: body to sensor, about y, second")
    mount_yaw_deg: float = number(0, -180, 180, "choice: body to sensor, about z, last; 180: the other side")
    full_scale_mg: float = number(16000, 1000, 32000, "design: +-16 g")
    full_scale_dps: float = number(2000, 100, 3200, "design: +-2000 deg/s")
    drops_per_min: float = number(0, 0, 60, "choice: stated gaps a minute")
    drop_max_samples: int = number(50, 1, 1000, "choice: longest gap")


IDEAL_IMU = ImuParams(
    accel_noise_mg=0, gyro_noise_dps=0, accel_bias_mg=0, gyro_bias_dps=0, misalignment_deg=0,
)  # fmt: skip

_STRIDE_SHARE = {"forward": 1.0, "backward": 0.78, "left": 0.6, "right": 0.6, "turn": 0.0}  # Laufer 2005; esangeni


def stride_mm(walk: WalkParams) -> float:
    """Return the mean stride length [mm]: as given, else from the walk ratio, direction and style."""
    if walk.stride_mm or walk.direction == "turn":
        return 0.0 if walk.direction == "turn" else walk.stride_mm
    share = _STRIDE_SHARE[walk.direction] * {"walk": 1.0, "run": 1.1, "shuffle": 0.35}[walk.style]
    return 2 * walk.walk_ratio_mm_per_spm * walk.cadence_spm * share


def uphill_backward(cadence_spm: float, grade_pct: float, **changes) -> WalkParams:
    """Return backward walking up a slope; cadence [steps/min], grade [%], other parameters by name."""
    return replace(WalkParams(direction="backward", cadence_spm=cadence_spm, grade_pct=grade_pct), **changes)
