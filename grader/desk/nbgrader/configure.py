"""nbgrader's configuration for this course, called by the `nbgrader_config.py` of the checkout or of a course folder.

Classes of ours are named by dotted strings: reading the configuration imports none of them.
"""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

from grader.desk.course.facts import Course, load_course
from grader.desk.gradebook.nbgrader_settings import LATE_PLUGIN, programs_on_path

AUTOGRADE = "grader.desk.nbgrader.autograde"


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
    from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ComputeChecksums, LockCells, SaveCells

    c.GenerateAssignment.preprocessors = [LockCells, ClearOutput, CheckCellMetadata, ComputeChecksums, SaveCells]


def _autograde(c: Config) -> None:
    """`nbgrader autograde` asks the judge in place of running a notebook's test cells."""
    from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, OverwriteCells, SaveAutoGrades

    c.Autograde.exporter_class = f"{AUTOGRADE}.SubmissionExporter"
    c.Autograde.pre_convert_hook = f"{AUTOGRADE}.expect_every_notebook"
    c.Autograde.post_convert_hook = f"{AUTOGRADE}.make_inactive"
    c.Autograde.sanitize_preprocessors = [f"{AUTOGRADE}.Judge", OverwriteCells, CheckCellMetadata]
    c.Autograde.autograde_preprocessors = [SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]


def _lateness(c: Config, course: Course) -> None:
    """Where `course.toml` has a rule about lateness, it decides; nbgrader's own plugin otherwise."""
    if course.late:
        c.AssignLatePenalties.plugin_class = LATE_PLUGIN


def _pages(c: Config, course: Course) -> None:
    """Formgrader and feedback show what students wrote, with their HTML cleaned; feedback and marks are ours."""
    from grader.desk.nbgrader.rubric import filter_with_rubric

    c.HTMLExporter.filters = {
        "markdown2html": filter_with_rubric(course),
        "clean_html": "grader.desk.nbgrader.clean_html.clean",
    }
    c.HTMLExporter.sanitize_html = True
    c.GenerateFeedback.exporter_class = "grader.desk.nbgrader.feedback_exporter.FeedbackExporter"
    c.ExportApp.plugin_class = "grader.desk.nbgrader.export_plugin.Marks"
