"""What `backstep status` says of a belt that cannot warn."""

import pytest

from host_tools.talk.unwarned import unwarned


@pytest.mark.parametrize(
    ("placement", "frame", "is_told"),
    [("belt", {"frame": "sensor"}, True), ("belt", {"frame": "body"}, False), ("belt", {}, False),
     ("shoe", {"frame": "sensor"}, False)],
)  # fmt: skip
def test_a_belt_that_does_not_know_its_arrow_is_told(placement, frame, is_told):
    said = unwarned({"placement": placement} | frame)
    assert bool(said) == is_told and all(line.startswith("NO SWAY IS WARNED OF") for line in said)
