"""nbgrader's configuration as its own commands see it in a course folder.

The folder's `nbgrader_config.py` calls `configure` (of grader.desk.nbgrader.configure); the desk's own commands load
that same file. So nbgrader's commands and ours agree on everything, and an instructor's own settings below the call in
that file win in both.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.desk.course.facts import Course
from grader.desk.course.new_course import CONFIG, CONFIG_TEXT
from grader.desk.errors import DeskError

if TYPE_CHECKING:  # traitlets is imported where somebody has settings of their own, nbgrader where it is needed
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

# nbgrader's late-submission plugin where `[late]` of `course.toml` decides, as its configuration names it.
LATE_PLUGIN = "grader.desk.nbgrader.late_plugin.LateDays"


def nbgrader_config(course: Course) -> Config:
    """nbgrader's configuration as its own commands would see it in the course folder."""
    from traitlets.config import Config, PyFileConfigLoader

    path = course.root / CONFIG
    if not path.exists():
        # As if the file lay there.
        c = Config()
        exec(CONFIG_TEXT, {"get_config": lambda: c, "__file__": str(path)})
        return c
    try:
        return PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
    except DeskError:
        raise
    except Exception as error:
        raise DeskError(
            f"{path} cannot be read: {type(error).__name__}: {error}.", "Mend that file; the desk and nbgrader need it."
        ) from None


def course_directory(course: Course, config: Config | None = None, **values: object) -> CourseDirectory:
    """nbgrader's own idea of the course's folders and of the gradebook's address; `config` if it has been read."""
    from nbgrader.coursedir import CourseDirectory

    config = config or nbgrader_config(course)
    config.CourseDirectory.root = str(course.root)
    return CourseDirectory(config=config, **values)


def address_of(course: Course) -> str:
    """The gradebook's address as `course_directory` has it."""
    own = _own_settings(course)
    url = course.db_url if own is None else own.CourseDirectory.get("db_url", "")
    return url or f"sqlite:///{os.path.abspath(course.root / 'gradebook.db')}"


def decides_lateness(course: Course) -> bool:
    """Does `[late]` of `course.toml` decide, and no plugin that somebody has configured?"""
    own = _own_settings(course)
    return bool(course.late) if own is None else own.AssignLatePenalties.get("plugin_class") == LATE_PLUGIN


def _own_settings(course: Course) -> Config | None:
    """nbgrader's configuration where the file of it is not the one that we wrote; else `course.toml` has it all."""
    path = course.root / CONFIG
    return nbgrader_config(course) if path.exists() and path.read_bytes() != CONFIG_TEXT.encode() else None


def programs_on_path() -> None:
    """nbgrader starts `alembic` by its name: let this environment's programs be found without its activation."""
    scripts = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if scripts not in path.split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + path
