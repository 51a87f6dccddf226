from backstep.core import events
from backstep.core.training.session import Session

RATE_HZ = 208


def stride(session, contact, direction, steps, length=700, height=0):
    session.add(events.STRIDE, (contact - 80, contact, direction, length, height, 0, steps, 0))


def test_held_strides_are_given_back_by_their_own_direction():
    session = Session(RATE_HZ)
    for number, direction in enumerate((events.FORWARD, events.BACKWARD, events.BACKWARD)):
        stride(session, 208 * (number + 1), direction, 6 if number == 2 else 0)
    assert (session.forward, session.backward, session.other) == (2, 4, 0)


def test_cues_of_the_foot_are_counted():
    session = Session(RATE_HZ)
    for code in (events.SLIDE, events.CATCH, events.TOE_LIFT, events.RECOVERY, events.SWAY, events.CAUTION):
        session.add(code, [0] * events.FIELD_COUNT)
    assert (session.foot_cues, session.sways) == (4, 1)


def test_abandoned_strides_are_not_counted():
    session = Session(RATE_HZ)
    stride(session, 208, events.LEFT, 0)
    for number in range(3):
        stride(session, 4000 + 208 * number, events.BACKWARD, 6 if number == 2 else 0)
    assert (session.backward, session.other) == (6, 0)


def test_grade_distance_and_ascent():
    session = Session(RATE_HZ)
    for number in range(30):
        stride(session, 208 * number, events.BACKWARD, 2, length=500, height=50)
    assert session.grade_permille == 100
    assert (session.backward_mm, session.ascent_mm, session.descent_mm) == (15000, 1500, 0)


def test_a_change_of_direction_starts_the_grade_anew():
    session = Session(RATE_HZ)
    for number in range(10):
        stride(session, 208 * number, events.FORWARD, 2, length=500, height=0)
    for number in range(10, 14):
        stride(session, 208 * number, events.BACKWARD, 2, length=500, height=100)
    assert session.grade_permille == 200


def test_a_stumble_leaves_the_grade_alone():
    session = Session(RATE_HZ)
    for number in range(10):
        stride(session, 208 * number, events.BACKWARD, 2, length=500, height=50)
    stride(session, 2080, events.UNKNOWN, 2, length=700, height=-600)
    assert (session.grade_permille, session.ascent_mm, session.descent_mm) == (100, 500, 0)


def test_cadence_of_strides_and_of_single_steps():
    session = Session(RATE_HZ)
    for number in range(8):
        stride(session, 208 * number, events.FORWARD, 2)
    assert session.cadence_spm == 120
    session = Session(RATE_HZ)
    for number in range(12):
        session.add(events.STEP, (104 * number, events.UNKNOWN, 1))
    assert (session.cadence_spm, session.other) == (120, 12)


def test_cadence_ends_with_a_pause():
    session = Session(RATE_HZ)
    for number in range(4):
        stride(session, 208 * number, events.FORWARD, 2)
    session.pause(208 * 3 + 3 * RATE_HZ)
    assert session.cadence_spm == 120
    session.pause(208 * 3 + 3 * RATE_HZ + 1)
    assert session.cadence_spm == 0


def test_sways_falls_and_gaps_are_counted():
    session = Session(RATE_HZ)
    for code in (events.FALL, events.FALL_OVER, events.FALL, events.FALL_ALARM, events.NEAR_FALL):
        session.add(code, (4000, 800))
    assert (session.falls, session.fall_alarms, session.near_falls) == (2, 1, 1)
    session.add(events.SWAY, (120, 600))
    session.add(events.GAP, (17,))
    session.add(events.POSTURE, (300, 10))
    assert (session.sways, session.missing, session.postures) == (1, 17, 1)
