"""What each figure of the report means, and what it does not: (what it is, what it does not say)."""

MEANINGS = {
    "steps": (
        "Steps of both feet a minute of the clock, by the way they went. Signs above: a sway ▼, a fall ■, a "
        "cue ◆; each leads to what happened. Dashed lines begin laps. An empty stretch is a pause.",
        "Other is sideways, turning, and what nobody could judge: it is never guessed to be backward.",
    ),
    "cadence": (
        "Steps of both feet a minute while walking, from contact to contact.",
        "Pauses of more than three seconds are left out, not counted as slow.",
    ),
    "speed": (
        "Length of a stride over its time, forward and backward.",
        "Lengths are integrated from acceleration: some percent off, more for shuffling. It is no GPS.",
    ),
    "stride": (
        "From contact to contact of the same foot, along the ground: two steps.",
        "A shorter stride backward is usual, and no fault.",
    ),
    "height": (
        "What strides forward and backward add up to, against the pod's level.",
        "The sensor's zeros drift: an hour on the flat may seem to climb some metres. No barometer is in it.",
    ),
    "grade": (
        "Height over length, over 20 strides and more of one walk.",
        "Single strides say nothing of a slope, and a moving belt shows 0.8 to 1.6 % too much: see the "
        "treadmill note.",
    ),
    "impact": (
        "The hardest that the accelerometer at the foot felt just after contact.",
        "It says nothing about the load of a knee or hip, and depends on shoe, ground and how firmly the pod "
        "sits.",
    ),
    "heart": (
        "Beats a minute, as a chest strap told the pod over Bluetooth. Where there is no line it was out of "
        "reach.",
        "A strap that is dry or loose tells nonsense for some minutes. It judges no health, nor how hard you may "
        "train.",
    ),
    "variability": (
        "How much stride time differs from stride to stride: standard deviation over mean of 20 strides of one "
        "walk. Dashed: a straight line through the blocks.",
        "Steady forward walking of healthy adults has 1 to 3 %, backward more; more is common when something "
        "is new, uneven or tiring. It foretells no fall of a single person.",
    ),
    "landing": (
        "How the foot met the ground, by its pitch at contact against the stance before: toe, flat or heel first.",
        "Backward gait lands on the toe; that is no fault. None is better in itself.",
    ),
    "impacts": (
        "How impacts are spread, backward against forward, in shares so that few strides compare with many.",
        "See impact: at the pod, not in a joint. Clipped strides are lower bounds.",
    ),
    "grades": (
        "Metres walked at each grade, in steps of 2.5 %.",
        "Only walks of 20 strides and more have a grade; shorter ones are left out.",
    ),
    "moments": (
        "Each warning, fall and cue, with the buzz that answered it and how long after the deciding sample the "
        "motor was told. Where raw seconds were fetched: trunk lean and rate against the posture of half a "
        "second before, how sure the detector was, and when the motor was driven.",
        "A warning is a cue, no proof of a fall that would have been, and none missed is told here. A motor "
        "takes some 40 ms more to be felt. Lean is worked out anew from the raw seconds alone, so it may "
        "differ from what the pod decided on with a longer past.",
    ),
    "dose": (
        "Backward steps and minutes of this session against the dose, whichever comes first. The second line is a "
        "quarter past it: there the pod says that it is time to stop.",
        "Doses and levels are convention, not evidence, and no medical advice.",
    ),
    "days": (
        "Backward steps of each of the last four weeks' days, all sessions of a day together. Dashed: the dose of "
        "one session; dotted: a quarter past it, where the pod says that it is time to stop.",
        "Two sessions in a day may pass the line without a fault. A day without a bar may be one that no sync "
        "fetched.",
    ),
    "weeks": (
        "Backward steps of seven days each, up to the day of the newest session shown; the line is what they "
        "might come to: a tenth more than the seven before, always three doses.",
        "The cap is a rule of thumb from running that no trial has confirmed.",
    ),
    "trend": (
        "One point a session. Balance: variability and sways an hour of moving. Strength: minutes backward "
        "uphill, of 2 % and more.",
        "Sessions differ in ground, slope and shoes: compare like with like, and look at weeks, not at two days.",
    ),
    "energy": (
        "Above rest, by mass, way and grade (Minetti 2002), and what backward gait costs more on the level "
        "(Flynn 1994).",
        "An estimate to 25 % either side; nobody has measured it backward over slopes.",
    ),
}
TREADMILL = (
    "On a treadmill the grade that is sensed is not to be trusted: at foot strike the belt slows and dips, "
    "which reads as +0.8 to +1.6 % (synthetic dips). Say what its panel shows, --treadmill 8, and grade, "
    "height, backward uphill and energy follow that."
)
