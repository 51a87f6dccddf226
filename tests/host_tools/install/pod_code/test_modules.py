"""Modules side by side: every import still finds what it found."""

import pytest

from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.install.pod_code import modules

SOURCES = {
    "p": "", "p.core": "", "p.app": "",
    "p.core.session": "class Session: pass\n",
    "p.core.rules": "from . import (\n    session,\n)  # whole\nA = 1\n",
    "p.app.session": "import json\nfrom ..core.session import Session\nfrom ..core import rules as r\n",
    "p.board": "def load():\n    from .core import rules\n    from .app.session import r as s\n",
}  # fmt: skip


def test_imports_name_the_modules_as_they_lie_on_the_pod():
    assert modules.flat(SOURCES) == {
        "core_session": "class Session: pass\n",
        "rules": "import core_session as session\n\n\nA = 1\n",
        "app_session": "import json\nfrom core_session import Session\nimport rules as r\n",
        "board": "def load():\n    import rules\n    from app_session import r as s\n",
    }


def test_a_package_with_code_is_refused():
    with pytest.raises(UserError, match="p.app: a package with code, want a docstring at most"):
        modules.flat(SOURCES | {"p.app": "x = 1\n"})


@pytest.mark.slow
def test_main_imports_what_lies_in_the_slot():
    main, inside = podfiles.main_file().decode(), podfiles.firmware_files()
    assert "from board import load" in main and "from pod import run" in main
    assert {"board.mpy", "pod.mpy"} <= inside.keys()
