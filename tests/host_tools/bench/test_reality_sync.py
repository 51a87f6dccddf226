"""A file comes at the rate of the line that it comes on, from the placement that computes the most."""

import pytest

from host_tools.bench.reality_sync import synced
from host_tools.talk.pieces import STRETCH
from host_tools.virtual_pod.costs import Costs

pytestmark = [pytest.mark.vm, pytest.mark.slow]
LINE_BYTES_S = 11_520  # 115200 baud, ten bits a byte


def test_a_file_comes_at_more_than_80_percent_of_the_lines_rate():
    found = synced(Costs.ESP32_160, "devkit_esp32", "shoe", 2 * STRETCH)
    assert found.kbs > 0.8 * LINE_BYTES_S / 1000 and 80 < found.line_pct <= 100
