"""The exporter of `nbgrader generate_feedback`: the page that `grader feedback` writes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import Exporter
from traitlets import default

from grader.desk.course.facts import load_course
from grader.desk.feedback.feedback import page_of


class FeedbackExporter(Exporter):
    """Makes the page of `autograded/<student>/<week>/<notebook>.ipynb`; scores come from the gradebook, as in ours."""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_filename(self, filename: str, resources: dict | None = None, **_: Any) -> tuple[Any, dict[str, Any]]:
        path = Path(os.path.abspath(filename))
        course = load_course(path.parents[3])
        resources = {**(resources or {}), "output_extension": self.file_extension}
        return page_of(course, path.parent.parent.name, course.week(path.parent.name), path.stem), resources
