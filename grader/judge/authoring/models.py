"""Model answers: the reference of a notebook, as students may see it when it teaches most."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from grader.checks.exercise.model_answers import ModelAnswer
from grader.judge.grading.spec import read_cells, reference_cells


def models_of(repo: str | Path, week: str, name: str) -> dict[str, ModelAnswer]:
    """The model answers by grade_id of the solution cell: the reference, with what `notice.py` says of it.

    In `notice.py`, which a notebook may have, the comment that a cell begins with is what to notice; what follows is
    another way to write it, if there is one.
    """
    path = Path(repo) / "solutions" / week / name / "notice.py"
    noticed = read_cells(path)[0] if path.exists() else {}
    found = {}
    for grade_id, source in reference_cells(repo, week, name).items():
        lines = noticed.get(grade_id, "").split("\n")
        head = list(itertools.takewhile(lambda line: line.startswith("#"), lines))
        notice = " ".join(line.lstrip("# ") for line in head)
        found[grade_id] = ModelAnswer(_shown(source), notice, _shown("\n".join(lines[len(head) :])))
    return found


def _shown(source: str) -> str:
    """Without the marks for those who look for leaks."""
    return re.sub(r"  # public$", "", source, flags=re.MULTILINE).strip("\n")
