"""A busy session: what is asked reaches the pod, and what it meets is in it."""

import pytest

from host_tools.bench import reality_busy
from host_tools.virtual_pod.costs import Costs

pytestmark = pytest.mark.usefixtures("pod_words")


def test_a_minute_of_it_has_a_sway_a_fall_and_a_mark_that_was_asked_for():
    found = reality_busy.busy_session("belt", Costs.FREE, minutes=1.2)
    assert {"step", "sway", "fall"} <= {event["event"] for event in found.outcome.found}
    assert found.outcome.crash == "" and found.outcome.summary["marks"] >= 1
    assert (found.samples_lost, found.strides_differing) == (0, 0)
