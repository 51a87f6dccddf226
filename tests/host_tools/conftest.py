"""What the tests of the host's tools share: none of them gives up on a pod for being slow."""

import pytest
from patient import slowed


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    with slowed(monkeypatch):
        yield
