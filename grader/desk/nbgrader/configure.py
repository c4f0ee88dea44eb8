"""nbgrader's configuration for this course, called by the `nbgrader_config.py` of the checkout or of a course folder.

Classes of ours are named by dotted strings: reading the configuration imports none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from traitlets.config import Config
from traitlets.utils.importstring import import_item

from grader.desk.course.facts import Course, load_course
from grader.desk.gradebook.nbgrader_settings import LATE_PLUGIN, programs_on_path

AUTOGRADE = "grader.desk.nbgrader.autograde"
THEIRS = "nbgrader.preprocessors"


class Classes(list):
    """Dotted names that are the classes themselves for whoever goes through them: a copy is this list again.

    For settings of nbgrader's that take no names.
    """

    def __iter__(self) -> Iterator:
        return map(import_item, super().__iter__())

    def __deepcopy__(self, memo: object) -> Classes:
        return self


def configure(c: Config, config_file: str | Path) -> None:
    """Fill nbgrader's configuration for the course folder that `config_file` lies in."""
    course = load_course(Path(config_file).resolve().parent)
    programs_on_path()
    _course(c, course)
    _release(c)
    _autograde(c)
    _lateness(c, course)
    _pages(c, course)


def _course(c: Config, course: Course) -> None:
    c.CourseDirectory.course_id = course.id
    c.CourseDirectory.root = str(course.root)
    if course.db_url:
        c.CourseDirectory.db_url = course.db_url


def _release(c: Config) -> None:
    """Our notebooks are public as they are: there is nothing between markers, and ClearSolutions would wipe stubs."""
    steps = ("LockCells", "ClearOutput", "CheckCellMetadata", "ComputeChecksums", "SaveCells")
    c.GenerateAssignment.preprocessors = Classes(f"{THEIRS}.{step}" for step in steps)


def _autograde(c: Config) -> None:
    """`nbgrader autograde` asks the judge in place of running a notebook's test cells."""
    c.Autograde.exporter_class = f"{AUTOGRADE}.SubmissionExporter"
    c.Autograde.pre_convert_hook = f"{AUTOGRADE}.expect_every_notebook"
    c.Autograde.post_convert_hook = f"{AUTOGRADE}.make_inactive"
    c.Autograde.sanitize_preprocessors = [
        f"{AUTOGRADE}.Judge",
        f"{THEIRS}.OverwriteCells",
        f"{THEIRS}.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{THEIRS}.SaveAutoGrades",
        f"{THEIRS}.AssignLatePenalties",
        f"{THEIRS}.CheckCellMetadata",
    ]


def _lateness(c: Config, course: Course) -> None:
    """Where `course.toml` has a rule about lateness, it decides; nbgrader's own plugin otherwise."""
    if course.late:
        c.AssignLatePenalties.plugin_class = LATE_PLUGIN


def _pages(c: Config, course: Course) -> None:
    """Formgrader and feedback show what students wrote, with their HTML cleaned; feedback and marks are ours."""
    c.HTMLExporter.filters = {
        "markdown2html": MarkdownWithRubric(course),
        "clean_html": "grader.desk.nbgrader.clean_html.clean",
    }
    c.HTMLExporter.sanitize_html = True
    c.GenerateFeedback.exporter_class = "grader.desk.nbgrader.feedback_exporter.FeedbackExporter"
    c.ExportApp.plugin_class = "grader.desk.nbgrader.export_plugin.Marks"


class MarkdownWithRubric:
    """The filter `markdown2html` for nbgrader's pages of this course; what it does it imports when there is a page."""

    def __init__(self, course: Course):
        self.course = course

    def __call__(self, context: Mapping, source: str) -> str:
        from grader.desk.nbgrader.rubric import with_rubric

        return with_rubric(self.course.repo, context, source)

    @property
    def jinja_pass_arg(self) -> object:
        """Jinja's mark of a filter that is given the template's context."""
        from jinja2 import pass_context

        return pass_context(lambda context: None).jinja_pass_arg  # type: ignore[attr-defined]
