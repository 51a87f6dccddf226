"""Pods to run a main.py on."""

from collections.abc import Callable, Iterator

import pytest
from patient import LAST_RESORT_S

from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.vm import VirtualPod


@pytest.fixture
def make_pod() -> Iterator[Callable[..., VirtualPod]]:
    """Return make_pod(main, hardware=None, **options): a pod with this main.py; all are closed after the test."""
    made: list[VirtualPod] = []

    def make(main: str | None, hardware: Hardware | None = None, **options) -> VirtualPod:
        files = None if main is None else {"/main.py": main.encode()}
        made.append(VirtualPod(hardware or Hardware(), files, **options))
        return made[-1]

    yield make
    for pod in made:
        pod.close()


@pytest.fixture
def said(make_pod) -> Callable[..., list[str]]:
    """Return said(main, hardware=None, until_us=...): the lines a main.py prints before the REPL's greeting."""

    def run(main: str, hardware: Hardware | None = None, until_us: int = 10_000_000_000) -> list[str]:
        lines = []
        for line in make_pod(main, hardware).lines(until_us=until_us, wall_s=LAST_RESORT_S):
            if line.startswith("MicroPython v"):
                break
            lines.append(line)
        return lines

    return run
