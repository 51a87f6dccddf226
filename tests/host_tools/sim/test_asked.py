"""The simulated wearer does what a calibration asks for, and the core's own calibration takes it."""

import pytest
from backstep.app.wearer import calibrating
from backstep.core import detectors, settings
from backstep.core.shoe.shoe import Shoe
from backstep.core.wearing import calibration
from backstep.core.wearing.calibration import Calibration

from host_tools.gait import Stand, session
from host_tools.sim.asked import Asked
from host_tools.virtual_pod.world import World


@pytest.mark.parametrize("placement", ["shoe", "belt", "wrist"])
def test_it_is_calibrated_by_standing_and_walking_as_it_says(placement):
    rate_hz = detectors.rate_hz(placement)
    world = World(session([Stand(1.0)], placement, seed=1).recording(), again=True)
    asked, said = Asked(world), -1
    shoe = Shoe(rate_hz, settings.defaults(), "body") if placement == "shoe" else None
    course = Calibration(rate_hz, placement, shoe and shoe.heading)
    for index in range(60 * rate_hz):
        if course.step != said and course.step < calibration.DONE:
            asked.hear(("calibration: " + calibrating._LINES[course.step] + "\r\n").encode())
        said = course.step
        row = world.row(index, rate_hz)
        code = shoe.feed(*row) if shoe else 0
        course.feed(*row)
        if code:
            course.hear(code, shoe.fields)
    assert (course.step, calibration.REASONS[course.why]) == (calibration.DONE, "")


def test_it_goes_on_with_its_own_walk_once_that_is_over_and_while_strides_are_counted_with_what_was_asked():
    own = session([Stand(1.0)], "shoe", seed=1).recording()
    world = World(own, again=True)
    asked = Asked(world)
    first = [world.row(index, 208) for index in range(3)]
    asked.hear(b"calibration: now walk forward on level gr")
    assert world._now is own
    asked.hear(b"ound, eight steps\r\ncalibration: stride 1 of 4\r\n")
    walk = world._now
    assert walk is not own and world.row(3, 208) == tuple(walk.samples[0].tolist())
    asked.hear(b"calibration: refused: no strides within 40 s\r\nstatus\r\n")
    assert world._now is own and [world.row(index, 208) for index in range(4, 7)] == first
