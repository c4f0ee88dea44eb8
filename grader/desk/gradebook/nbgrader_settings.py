"""How nbgrader is set up for this course. The only place that knows nbgrader's configuration.

`nbgrader_config.py`, in the checkout or in a course folder, calls :func:`configure`; the desk's own commands load that
same file with :func:`nbgrader_config`. So nbgrader's commands and ours agree on everything, and an instructor's own
settings below the call in that file win in both.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from grader.desk.course.facts import Course, load_course
from grader.desk.errors import DeskError
from grader.desk.files import TEMPLATES

CONFIG = "nbgrader_config.py"

CONFIG_TEXT = '''"""nbgrader's settings for this course folder; your own go below the call, and win."""

from grader.desk.gradebook.nbgrader_settings import configure

c = get_config()  # noqa: F821  (nbgrader runs this file with get_config defined)
configure(c, __file__)
'''


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

    from grader.desk.nbgrader.autograde import (
        Judge,
        SubmissionExporter,
        copy_with_care,
        expect_every_notebook,
        make_inactive,
    )

    copy_with_care()
    c.Autograde.exporter_class = SubmissionExporter
    c.Autograde.pre_convert_hook = expect_every_notebook
    c.Autograde.post_convert_hook = make_inactive
    c.Autograde.sanitize_preprocessors = [Judge, OverwriteCells, CheckCellMetadata]
    c.Autograde.autograde_preprocessors = [SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]


def _lateness(c: Config, course: Course) -> None:
    """Where `course.toml` has a rule about lateness, it decides; nbgrader's own plugin otherwise."""
    from grader.desk.gradebook.lateness import LateDays, rule_of

    if rule_of(course):
        c.AssignLatePenalties.plugin_class = LateDays


def _pages(c: Config, course: Course) -> None:
    """Formgrader and feedback show what students wrote: their HTML is cleaned, and feedback has a page of our own."""
    import nbgrader.server_extensions.formgrader as formgrader

    from grader.desk.nbgrader.rubric import filter_with_rubric

    c.HTMLExporter.filters = {
        "markdown2html": filter_with_rubric(course),
        "clean_html": "grader.desk.nbgrader.clean_html.clean",
    }
    c.HTMLExporter.sanitize_html = True
    c.GenerateFeedback.exporter_class = "grader.desk.feedback.feedback.FeedbackExporter"
    c.FeedbackExporter.template_name = "course_feedback"
    c.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES), str(Path(formgrader.__file__).parent / "templates")]


def nbgrader_config(course: Course) -> Config:
    """nbgrader's configuration as its own commands would see it in the course folder."""
    path = course.root / CONFIG
    if not path.exists():
        c = Config()
        configure(c, path)
        return c
    try:
        return PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
    except DeskError:
        raise
    except Exception as error:
        raise DeskError(
            f"{path} cannot be read: {type(error).__name__}: {error}.", "Mend that file; the desk and nbgrader need it."
        ) from None


def course_directory(course: Course, **values) -> CourseDirectory:
    """nbgrader's own idea of the course's folders and of the gradebook's address."""
    config = nbgrader_config(course)
    config.CourseDirectory.root = str(course.root)
    return CourseDirectory(config=config, **values)


def programs_on_path() -> None:
    """nbgrader starts `alembic` by its name: let this environment's programs be found without its activation."""
    scripts = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if scripts not in path.split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + path
