"""`grader doctor`: everything looked at that any command will need, before it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.desk.doctor.machine import Finding, let_the_sandbox_come_up, machine
from grader.desk.gradebook.nbgrader_settings import programs_on_path


def examine(folder: Path) -> Iterator[Finding]:
    """Look at the machine, then at the class in `folder`."""
    programs_on_path()
    let_the_sandbox_come_up()
    from grader.desk.doctor.class_files import class_files  # meanwhile: with it comes all that reads a class

    yield from machine(folder)
    yield from class_files(folder)
