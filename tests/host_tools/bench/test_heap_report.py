"""The cost of each module: every module of the pod once, those that pass marked."""

from host_tools.bench import heap_report
from host_tools.install import podfiles


def test_every_module_has_a_cost():
    found = {name: (size, passing) for name, size, passing in heap_report.costs()}
    assert found.keys() == {path.removesuffix(".mpy") for path in podfiles.firmware_files()}
    assert all(size > 50 for size, _ in found.values())
    assert found["startup"][1] and found["report"][1] and not found["pod"][1]
