"""The project's virtual environment is made by a script that imports nothing of ours."""

import subprocess
import sys

from host_tools import make_venv


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    command = [sys.executable, make_venv.__file__, str(tmp_path / "file" / ".venv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("make: ")
    assert done.stderr.endswith(": Not a directory\n")
    assert done.stderr.count("\n") == 1
