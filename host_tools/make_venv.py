"""Make the project's virtual environment with a bare Python: python3 host_tools/make_venv.py DIR [EXTRA].

Runs before anything is installed, so it imports the standard library only.  Debian keeps pip out of its
python3 package; where python3-venv is missing, pip's wheel is taken from Debian's python3-pip-whl, unpacked
beside the environment, which needs no root.
"""

import importlib.util
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def make(target: Path, extra: str = "") -> None:
    """Create the environment, if it is not there, and install the project in it, editable.

    extra: of pyproject.toml's optional dependencies, what to install beside it; "" for what it runs with alone.
    """
    what = f"what `{extra}` adds to the virtual environment" if extra else "a virtual environment"
    print(f"make: {what} in {target}, once; a minute", flush=True)
    has_pip = importlib.util.find_spec("ensurepip") is not None
    venv.create(target, with_pip=has_pip, symlinks=True, clear=not (target / "pyvenv.cfg").exists())
    python = str(target / "bin" / "python")
    if not has_pip and subprocess.run([python, "-c", "import pip"], capture_output=True).returncode:
        with tempfile.TemporaryDirectory() as folder:
            wheel = _debian_pip_wheel(Path(folder))
            subprocess.run([python, f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if extra:
        pip.append("--no-compile")  # most of it is never imported; what is, Python compiles then
    subprocess.run([*pip, "--editable", f"{PROJECT}[{extra}]" if extra else str(PROJECT)], check=True)


def _debian_pip_wheel(folder: Path) -> Path:
    try:
        subprocess.run(["apt-get", "download", "python3-pip-whl"], cwd=folder, check=True, capture_output=True)
        (package,) = folder.glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)
        return next(folder.glob("usr/share/python-wheels/pip-*.whl"))
    except (OSError, subprocess.CalledProcessError, ValueError, StopIteration):
        sys.exit("make: this Python has no pip; install it once (Debian: apt-get install python3-venv)")


if __name__ == "__main__":
    try:
        make(Path(sys.argv[1]), *sys.argv[2:3])
    except subprocess.CalledProcessError as failure:
        sys.exit(f"make: {' '.join(map(str, failure.cmd))} ended with {failure.returncode}")
    except OSError as failure:
        sys.exit(f"make: {failure.filename}: {failure.strerror}")
