"""Find the MicroPython that the tests and the virtual pod run on, or build it from Debian's source package."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from host_tools.cache_folder import cache_folder
from host_tools.errors import UserError
from host_tools.micropython import source

POD_HEAP = "160wK"  # -X heapsize of a stock ESP32 without PSRAM; w: twice as many bytes where words have 64 bits
_SOURCES = (".c", ".h", ".mk", ".py")
_VARIANT = Path(__file__).parent / "variant"
# Where MicroPython's own source is changed: file, text there once, what stands in its place.  The virtual machine
# tells of each instruction it dispatches; calls of machine code go through pod_native.c.
_CHANGES = (
    (
        "py/vm.c",
        "#else\n#define TRACE(ip)\n",
        '#else\n#include "pod_cost.h"\n#define TRACE(ip) POD_DISPATCH(ip)\n',
    ),
    (
        "py/objfun.c",
        "mp_obj_fun_native_get_function_start(self);\n    return fun(self_in, n_args, n_kw, args);",
        "mp_obj_fun_native_get_function_start(self);\n"
        "    return pod_native_call(fun, self_in, n_args, n_kw, args);",
    ),
    (
        "py/objfun.c",
        "MICROPY_MAKE_POINTER_CALLABLE((void *)self->bytecode);\n    return fun(self_in, n_args, n_kw, args);",
        "MICROPY_MAKE_POINTER_CALLABLE((void *)self->bytecode);\n"
        "    return pod_native_call(fun, self_in, n_args, n_kw, args);",
    ),
    ("py/objfun.c", '#include "py/objfun.h"\n', '#include "py/objfun.h"\n#include "pod_native.h"\n'),
)
_WORD_BITS = "import sys, _pod; print(64 if sys.maxsize > 1 << 32 else 32)"


def find(insist_32bit: bool = False) -> Path:
    """Return the MicroPython to use: $MICROPYTHON, else the newest one built here earlier.

    MICROPYTHON_RELEASE=1.25.0 in the environment takes that release only, here and wherever one is built.
    insist_32bit: refuse a 64-bit one; CI=true in the environment does the same.
    UserError when there is none or it is of no use.
    """
    insist_32bit = insist_32bit or _in_ci()
    if os.environ.get("MICROPYTHON"):
        return _checked(os.environ["MICROPYTHON"], insist_32bit)
    for word_bits in (32,) if insist_32bit else (32, 64):
        for release in source.releases():
            path = _built(release, word_bits)
            if path.is_file():
                return path
    raise UserError("micropython: none built yet; run `backstep micropython` or set MICROPYTHON to one")


def find_or_build(insist_32bit: bool = False) -> Path:
    """Return find()'s answer, or build one when there is none."""
    if os.environ.get("MICROPYTHON"):
        return find(insist_32bit)
    try:
        return find(insist_32bit)
    except UserError:
        return build(insist_32bit)


def build(insist_32bit: bool = False) -> Path:
    """Build MicroPython for the virtual pod and return where it is kept; about half a minute on two cores.

    insist_32bit: as in find(); without it a compiler that lacks -m32 makes a 64-bit one, with a notice.
    UserError when the source or a tool is not to be had, or the build fails.
    """
    for tool in ("make", "gcc"):
        if shutil.which(tool) is None:
            raise UserError(f"micropython: {tool} is not installed, wanted to build MicroPython")
    word_bits = _word_bits(insist_32bit or _in_ci())
    print("micropython: building one from Debian's source, about half a minute", file=sys.stderr, flush=True)
    release, tarball = source.fetch(cache_folder())
    target = _built(release, word_bits)
    with tempfile.TemporaryDirectory(prefix="backstep-micropython-") as scratch:
        tree = _unpack(tarball, Path(scratch))
        _install(_compile(tree, word_bits), target)
    return target


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def _built(release: source.Release, word_bits: int) -> Path:
    """Return where a build of this release with our present sources is kept."""
    digest = hashlib.sha256(repr(_CHANGES).encode())
    for path in sorted(_VARIANT.iterdir()):
        if path.suffix in _SOURCES:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return cache_folder() / f"micropython-{release.version}-{word_bits}bit-{digest.hexdigest()[:16]}"


def _checked(given: str, insist_32bit: bool) -> Path:
    found = shutil.which(given)
    if found is None:
        raise UserError(f"MICROPYTHON={given}: no such program")
    path = Path(found).absolute()
    try:
        done = subprocess.run([path, "-c", _WORD_BITS], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"MICROPYTHON={given}: does not run: {error}") from error
    if done.returncode or done.stdout.strip() not in ("32", "64"):
        said = ((done.stderr or done.stdout).splitlines() or [""])[-1][:80]
        raise UserError(
            f"MICROPYTHON={given}: is no MicroPython for a pod (says {said!r}), want a unix build with the "
            f"variant in {_VARIANT}"
        )
    if insist_32bit and done.stdout.strip() != "32":
        raise UserError(f"MICROPYTHON={given}: has 64-bit words, wanted 32")
    return path


def _word_bits(insist_32bit: bool) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch) / "program"
        done = subprocess.run(
            ["gcc", "-m32", "-x", "c", "-", "-lm", "-o", program],
            input=b'#include <stdio.h>\nint main(void) { return puts("") < 0; }\n',
            capture_output=True,
            check=False,
        )
        if done.returncode == 0 and subprocess.run([program], capture_output=True, check=False).returncode == 0:
            return 32
    if insist_32bit:
        raise UserError("micropython: gcc cannot make 32-bit programs (-m32); install gcc-multilib")
    print("micropython: gcc lacks -m32 (gcc-multilib): 64-bit words, unlike a pod's", file=sys.stderr)
    return 64


def _unpack(tarball: Path, folder: Path) -> Path:
    with tarfile.open(tarball) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Debian 12's Python 3.11.2 has none
        archive.extractall(folder, members=[m for m in archive.getmembers() if not _is_unneeded(m.name)])
    return next(folder.iterdir())


def _is_unneeded(name: str) -> bool:
    top, *below = name.split("/")[1:] or [""]
    return top in ("docs", "tests") or (top == "ports" and bool(below) and below[0] not in ("unix", "esp32"))


def _add_variant(tree: Path) -> None:
    """Put our variant into an unpacked tree; UserError when this release lacks a place that we change."""
    shutil.copytree(_VARIANT, tree / "ports/unix/variants/pod")
    for name, before, after in _CHANGES:
        path = tree / name
        text = path.read_text(encoding="utf-8")
        if text.count(before) != 1:
            raise UserError(f"micropython: {name} of this release lacks the place where computing is charged")
        path.write_text(text.replace(before, after), encoding="utf-8")


def _compile(tree: Path, word_bits: int) -> Path:
    """Build the unix port with our variant in an unpacked tree; returns the stripped program."""
    jobs = f"-j{os.cpu_count() or 1}"
    compiler = f"CC=gcc{' -m32' if word_bits == 32 else ''}"
    python = f"PYTHON={sys.executable}"
    _make(tree / "mpy-cross", [jobs, python])  # as it is: it has no pod to charge
    _add_variant(tree)
    _make(tree / "ports/unix", [jobs, python, compiler, "VARIANT=pod", "MPY_LIB_DIR=../../lib"])
    return tree / "ports/unix/build-pod/micropython"


def _make(folder: Path, arguments: list[str]) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(
        ["make", "-C", folder, *arguments], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr).splitlines()
        errors = [line for line in said if "error" in line.lower() or "not found" in line]
        raise UserError("micropython: the build failed:\n" + "\n".join((errors or said)[:15]))


def _install(program: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copy(program, partial)
    partial.replace(target)
