"""What a graded cell counts as: points, bonus or practice, as its tags in the released notebook say."""

from __future__ import annotations

import json
from typing import NamedTuple

from grader.desk.course.decisions import OUT
from grader.desk.course.facts import Course, Week
from grader.desk.gradebook.book import Book


class Kind(NamedTuple):
    """`kind` is points, bonus or practice; `manual`: read by a person; `most`: the points to be had."""

    kind: str
    manual: bool
    most: float


def kinds_of(course: Course, week: Week, book: Book) -> dict[tuple[str, str], Kind]:
    """Every graded cell of the week by `(notebook, grade_id)`, in the order of the notebooks.

    There is nothing to be had for what the instructor has taken out of the sum.
    """
    out = {one.exercise for one in course.decisions.about_scores(week.folder) if one.what == OUT}
    found = {}
    for name in book.notebooks(week.folder):
        points = book.layout(week.folder, name).points
        nb = json.loads(course.step("source", week.folder, f"{name}.ipynb").read_bytes())
        for about in (cell["metadata"] for cell in nb["cells"]):
            data, tags = about.get("nbgrader", {}), about.get("tags", [])
            if data.get("grade_id") in points:
                kind = "bonus" if "bonus" in tags else "practice" if "practice" in tags else "points"
                most = 0.0 if f"{name}/{data['grade_id']}" in out else points[data["grade_id"]]
                found[name, data["grade_id"]] = Kind(kind, bool(data.get("solution")), most)
    return found
