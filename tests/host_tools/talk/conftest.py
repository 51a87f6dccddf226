"""Lines with a pod's manners, and hosts that lose patience soon."""

import pytest
from paired_pods import Paired
from patient import SLOWER
from talking import Line

from host_tools.talk import announced, client, find


@pytest.fixture
def lines(monkeypatch):
    """Return what makes a maker of lines of a kind: they are the ports there are, and closed in the end."""
    made = []

    def of(kind):
        def make(*args, **named):
            made.append(kind(*args, **named))
            return made[-1]

        return make

    monkeypatch.setattr(find, "ports", lambda: [one.port for one in made])
    yield of
    for one in made:
        one.close()


@pytest.fixture
def pods(lines, monkeypatch):
    """Return what makes lines with the manners of pods that can be paired, the only ones there are."""
    monkeypatch.setattr(announced, "ports", list)
    monkeypatch.setattr(find, "AMONG_S", 0.3)
    return lines(Paired)


@pytest.fixture
def line(lines):
    return lines(Line)


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(client, "ANSWER_S", 0.3 / SLOWER)
    monkeypatch.setattr(client, "_HELLO_S", 0.2 / SLOWER)
    monkeypatch.setattr(client, "START_S", 0.5 / SLOWER)
