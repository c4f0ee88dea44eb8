"""What a machine needs to grade, and how to mend what it lacks."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.run.notebook import Execution

MIN_PYTHON = (3, 11)
MIN_FREE_GB = 2
SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` is for the case that it is not well, or stops nothing but is to be known."""

    what: str
    ok: bool
    found: str
    remedy: str = ""
    look: bool = False


def machine(folder: Path) -> Iterator[Finding]:
    """Python, packages and programs, room on the disk, the sandbox, Jupyter's kernel."""
    yield from _python()
    yield from _packages()
    yield from _programs()
    yield from _disk(folder)
    yield from _sandbox()
    yield from _kernel()


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, MIN_PYTHON))
    good = sys.version_info[:2] >= MIN_PYTHON
    yield Finding(
        "Python", good, version, f"Grading needs Python {wanted} or newer: make setup PYTHON=/path/to/python3"
    )


def as_students_have(versions: Mapping[str, str]) -> Iterator[Finding]:
    """Where this machine's Python and numpy are not those that students write their work with."""
    here = {"python": platform.python_version(), "numpy": importlib.metadata.version("numpy")}
    for what, wanted in versions.items():
        same = here[what].split(".")[:2] == wanted.split(".")
        remedy = "" if same else f"Right work may stop here, or stopped there: {_MOVES[what].format(wanted)}"
        yield Finding(f"students' {what}", True, f"{wanted}, here {here[what]}", remedy, look=not same)


_MOVES = {"python": "make setup PYTHON=/path/to/python{}", "numpy": "pip install 'numpy=={}.*'"}


def _packages() -> Iterator[Finding]:
    """What the package's own metadata asks of an instructor's machine."""
    try:
        required = importlib.metadata.requires("backprop-grader") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding(
            "backprop-grader", False, "not installed", "Run `make setup` in the checkout, or `pip install -e .`"
        )
        return
    missing = []
    for requirement in required:
        name, _, condition = requirement.partition(";")
        if condition and "instructor" not in condition:
            continue
        name = re.findall(r"^[\w.-]+", name)[0]
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    found = "all there" if not missing else f"missing: {', '.join(missing)}"
    yield Finding("Python packages", not missing, found, "Run `make setup`, or `pip install -e '.[instructor]'`")


def _programs() -> Iterator[Finding]:
    for name, package in (("alembic", "alembic"), ("jupyter", "jupyterlab")):
        path = shutil.which(name)
        yield Finding(name, path is not None, path or "not found", f"Run `pip install {package}` in this environment")


def _disk(folder: Path) -> Iterator[Finding]:
    for what, place in (("course folder", folder), ("temporary files", Path(tempfile.gettempdir()))):
        if not place.is_dir() or not os.access(place, os.W_OK):
            yield Finding(
                f"disk, {what}", False, f"{place} cannot be written", "Choose another folder or mend its rights"
            )
            continue
        free = shutil.disk_usage(place).free / 2**30
        remedy = f"Free some space in {place}: at least {MIN_FREE_GB} GB"
        yield Finding(f"disk, {what}", free >= MIN_FREE_GB, f"{free:.1f} GB free in {place}", remedy)


def let_the_sandbox_come_up() -> None:
    """For the self-test, while the rest is looked at; what is wrong with it is found there."""
    with suppress(ImportError):
        from grader.sandbox.kernels import open as sandbox

        sandbox.prepare()


def _sandbox() -> Iterator[Finding]:
    try:
        from grader.sandbox.walls import bubblewrap
    except ImportError as error:
        yield Finding("sandbox", False, str(error), "Run `make setup`")
        return
    state = bubblewrap.available()
    yield Finding("sandbox (bubblewrap)", state.ok, "works" if state.ok else state.reason, state.remedy)
    if state.ok:
        yield _self_test()


def _self_test() -> Finding:
    """One notebook through the sandbox: it must run, and must not see this machine's files or the network."""
    import nbformat

    from grader.sandbox.run.notebook import run_notebook
    from grader.sandbox.walls.limits import Limits

    source = (
        "import os, socket\n"
        f"assert not os.path.exists({str(Path(__file__).resolve())!r}), 'the checkout can be read'\n"
        "try:\n    socket.create_connection(('1.1.1.1', 53), timeout=2)\n"
        "except OSError:\n    pass\nelse:\n    raise AssertionError('there is a network')\n"
    )
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="try")])
    try:
        execution = run_notebook(nb, limits=Limits(), isolation="bubblewrap")
        run = execution.cells.get("try")
        good = run is not None and run.status == "ok"
        found = "isolated, no network" if good else f"{run.status if run else execution.death}: {_reason(execution)}"
    except Exception as error:
        good, found = False, f"{type(error).__name__}: {error}"
    return Finding("sandbox, self-test", good, found, "See docs/security.md; student code is not run until this works")


def _reason(execution: Execution) -> str:
    outputs = [output for cell in execution.nb.cells for output in cell.get("outputs", [])]
    return " ".join(output.get("evalue", "") for output in outputs if output.output_type == "error")[:200]


def _kernel() -> Iterator[Finding]:
    """Jupyter finds a Python kernel, as students' own machines and nbgrader's pages need."""
    command = [sys.executable, "-m", "jupyter", "kernelspec", "list", "--json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        good = done.returncode == 0 and '"python3"' in done.stdout
    except (OSError, subprocess.TimeoutExpired):
        good = False
    found = "python3" if good else "none called python3"
    yield Finding("Jupyter kernel", good, found, "Run `python -m ipykernel install --sys-prefix --name python3`")
