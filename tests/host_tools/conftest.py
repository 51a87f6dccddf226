"""What the tests of the host's tools share: none of them gives up on a pod for being slow."""

import pytest
from patient import slow_down
from rom_loader import RomLoader


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    slow_down(monkeypatch)


@pytest.fixture
def plugged_in():
    """Return what plugs in a chip in its loader, given its flash; all are unplugged in the end."""
    made = []

    def plug(cells):
        made.append(RomLoader(cells))
        return made[-1]

    yield plug
    for one in made:
        one.close()
