"""What pods of one wearer logged over a radio, read from their flash, is one session on the wearer's own clock."""

import dataclasses

import numpy as np
import pytest
from radio.worn_crew import about_turn, lived

from host_tools.sessions import partners
from host_tools.sim.banded import S3_HEAP, banded
from host_tools.sim.worn import Wearing, uneven
from host_tools.virtual_pod.flash_image import read_files

pytestmark = pytest.mark.slow
THREE = ("shoe", "belt", "wrist")
CLOCKS_MS = 5


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """The walk, and what `sync` would have made of it: a folder a pod."""
    folder = tmp_path_factory.mktemp("crew")
    worn = [dataclasses.replace(one, flash=str(folder / f"{one.called}.bin")) for one in banded(uneven(THREE), 1)]
    wearing = Wearing(about_turn(1), worn, heap=S3_HEAP)
    lived(wearing)
    for pod in wearing.pods:
        own = folder / pod.worn.placement
        own.mkdir()
        for path, data in read_files(folder / f"{pod.worn.called}.bin").items():
            if path.startswith("/log/") and path.endswith(".bsl"):
                (own / path.rpartition("/")[2]).write_bytes(data)
    return wearing, folder


def test_three_logs_are_one_session_on_one_clock(together):
    wearing, folder = together
    files = sorted((folder / "belt").glob("*.bsl"))
    path, found = partners.load(files[-1])
    print(path, found.worn, [(pod.path.name, pod.apart_ms) for pod in found.pods])
    assert found.worn == THREE and path.parent.name == "shoe"
    by_name = {pod.worn.placement: pod for pod in wearing.pods}
    off_ms = []
    for own in found.pods[1:]:
        placement = own.log.placement
        told = [one for one in found.records if one["told_by"] == placement and one["event"] == "step"]
        steps = [one for one in own.log.records if one["event"] == "step"]
        for one, other in zip(told, steps, strict=True):
            true_s = by_name[placement].walk_s(other["contact"])
            off_ms.append(1000 * (by_name["shoe"].walk_s(one["contact"]) - true_s))
    print(f"clocks off by {np.abs(off_ms).max():.1f} ms at most, of {len(off_ms)} steps")
    assert np.abs(off_ms).max() < CLOCKS_MS + 1000 / 208


def test_each_step_of_the_belt_has_the_direction_of_the_shoes_stride(together):
    _, folder = together
    _, found = partners.load(sorted((folder / "belt").glob("*.bsl"))[-1])
    strides = [one for one in found.records if one["event"] == "stride" and one["direction"] != "unknown"]
    steps = [one for one in found.records if one["event"] == "step" and one["told_by"] == "belt"]
    covered = [
        (step["direction"], stride["direction"])
        for step in steps
        for stride in strides
        if stride["start"] <= step["contact"] <= stride["contact"]
    ]
    assert len(covered) > 10 and all(step == stride for step, stride in covered)
    assert not any(one["counted"] for one in steps if found.pods[0].log.records[0]["sample"] <= one["contact"])
