"""The lean of the moment, for who looks on: asked for, by nobody else kept."""

from backstep.core.belt.lean import Lean


def test_status_of_a_belt_tells_its_lean(asked):
    assert "lean_ddeg" not in asked.ask("status")
    lean = asked.running.sensing.wearer.lean = Lean(104)
    for _ in range(200):
        lean.feed(174, 0, 985, 0, 0, 0)  # 10 deg: what holds a wearer who leans back pushes forward
    assert abs(asked.ask("status")["lean_ddeg"] - 100) <= 2
