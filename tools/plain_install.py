"""Test the student's package where nothing of ours is but the package: `python tools/plain_install.py [--keep DIR]`.

Builds the wheel, installs it with pytest into a virtual environment of its own, and runs there, far from the checkout,
the tests of `grader.checks` and homework 1 as plain Python. Needs no Jupyter, no `make` and no Linux: CI runs it on
Windows, macOS and Linux with every Python from 3.10 on. Only the standard library is used here.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
TEST_TOOLS = ("pytest", "pytest-timeout", "hypothesis")
# Tests of `grader.checks` that need more than a student has.
LEFT_OUT = (
    "test_in_a_notebook.py",  # Jupyter
    "test_page.py",  # the judge's cleaning of HTML
)
# What the tests read besides.
READ = ("README.md", "docs/student.md", "pyproject.toml", "tests/conftest.py", "tests/right_solutions/week01_backprop")
FORBIDDEN = ("IPython", "nbformat", "nbgrader", "jupyter_client", "zmq", "solutions", "tools")
# The package and each week's modules come from the wheel, and an instructor's packages are not there.
FROM_THE_WHEEL = """
import importlib, importlib.util, sys
from pathlib import Path
for name in {modules}:
    place = Path(importlib.import_module(name).__file__).resolve()
    assert Path(sys.prefix).resolve() in place.parents, f"{{name}} was imported from {{place}}"
there = [name for name in {forbidden} if importlib.util.find_spec(name)]
assert not there, f"a student would not have {{there}}"
"""


def build_wheel(folder: Path) -> Path:
    """The student's wheel, built from this checkout."""
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, REPO], cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def make_environment(folder: Path, wheel: Path) -> Path:
    """The Python of a new virtual environment that holds the wheel, what it asks for, and pytest."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, *TEST_TOOLS], cwd=folder)
    return python


def lay_out(place: Path) -> None:
    """Copy the tests and what they read to `place`: the weeks' notebooks, but not their modules."""
    for name in READ:
        source, target = REPO / name, place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    shutil.copytree(REPO / "tests/checks", place / "tests/checks", ignore=shutil.ignore_patterns(*LEFT_OUT))
    for notebook in REPO.glob("week*/*.ipynb"):
        target = place / notebook.relative_to(REPO)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(notebook, target)


def week_modules() -> list[str]:
    """The dotted names of all modules of all weeks."""
    return sorted(".".join(path.relative_to(REPO).with_suffix("").parts) for path in REPO.glob("week*/*.py"))


def run(command: list, cwd: Path) -> None:
    """Run a command, without what the surroundings say about Python; end with its status when it fails."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    clean |= {"MPLBACKEND": "Agg", "PYTHONUTF8": "1"}
    status = subprocess.run([str(word) for word in command], cwd=cwd, env=clean).returncode
    if status:
        sys.exit(status)


def main() -> None:
    """Build, install, lay out, run; everything in one folder, removed at the end unless it is to be kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in this new folder and leave it there")
    kept = parser.parse_args().keep
    if kept:
        kept.mkdir(parents=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        root = (kept or Path(temporary)).resolve()
        place = root / "place"
        (root / "dist").mkdir()
        python = make_environment(root / "venv", build_wheel(root / "dist"))
        lay_out(place)
        modules = ["grader", "grader.checks", *week_modules()]
        run([python, "-c", FROM_THE_WHEEL.format(modules=modules, forbidden=FORBIDDEN)], cwd=place)
        run([python, "-m", "pytest", "-q", "tests"], cwd=place)


if __name__ == "__main__":
    main()
