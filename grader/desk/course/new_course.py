"""`grader new-course`: a private folder for one class, with everything the other commands look for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from grader.desk.course.facts import FACTS, load_course
from grader.desk.course.names import short_names
from grader.desk.course.roster import HEAD, ROSTER
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically

PRIVATE = 0o700
FOLDERS = ("submitted",)
_FACTS = """\
# One class. Everything that is not said here is taken from {checkout}/course.toml.

[course]
checkout = "{checkout}"
{repository}
# title = "{title}"
# time_zone = "Europe/Berlin"           # of deadlines without an offset of their own

# [late]
# late_days = 3                         # that a student may spend over the term
# points_per_day = 1                    # for each begun day after the deadline

# [setup]                                 # what the first cell of each notebook says, in your students' language
# prints = "The course's package, release {{release}}."

# [mark]
# formula = "min(10, {formula})"
{weeks}
# [extensions."ada"]                    # of one student: days more, or another deadline
# {first} = 2
"""
_REPOSITORY = (
    '# repository = "owner/name"             # on GitHub, yours: where students find the notebooks, and install from'
)
_WEEK = """
[week.{folder}]
{points}# deadline = {deadline}
# hard_deadline = {hard}
"""
_POINTS = "# points = {0:<29g}# that its notebooks' points count for in the final mark\n"
CONFIG = "nbgrader_config.py"
CONFIG_TEXT = '''"""nbgrader's settings for this course folder; your own go below the call, and win."""

from grader.desk.nbgrader.configure import configure

c = get_config()  # noqa: F821  (nbgrader runs this file with get_config defined)
configure(c, __file__)
'''
_IGNORED = "# Students' work and marks do not belong into any repository.\n*\n"


def new_course(
    folder: Path, checkout: Path | None = None, *, demonstration: bool = False, dry_run: bool = False
) -> list[Path]:
    """Make the folder and return what is in it. Raises `DeskError` where students' work would not be safe.

    demonstration: nobody will install from what is released, so it needs no repository of its own.
    """
    folder = folder.expanduser().resolve()
    repo = load_course(checkout or Path(__file__).resolve().parents[3]).repo
    _refuse(folder, repo)
    files = {FACTS: _facts(repo, demonstration), ROSTER: HEAD, CONFIG: CONFIG_TEXT, ".gitignore": _IGNORED}
    made = [folder / name for name in (*files, *FOLDERS)]
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(PRIVATE)
        for name in FOLDERS:
            (folder / name).mkdir()
        for name, text in files.items():
            write_atomically(folder / name, text, mode=0o600)
    return made


def _refuse(folder: Path, repo: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DeskError(f"{folder} is there already and not empty.", "Name a new folder.")
    for above in (folder, *folder.parents):
        if (above / ".git").exists() or above == repo:
            raise DeskError(
                f"{folder} lies in the git checkout {above}, where students' work could be published by accident.",
                f"Name a folder beside it, for example {above.parent / 'class-of-2026'}",
            )


def _facts(repo: Path, demonstration: bool) -> str:
    course = load_course(repo)
    weeks = "".join(
        _WEEK.format(
            folder=week.folder,
            points=_POINTS.format(week.points) if week.points else "",
            deadline=_written(week.deadline),
            hard=_written(week.hard_deadline),
        )
        for week in course.weeks
    )
    first = course.weeks[0].folder
    return _FACTS.format(
        checkout=repo.as_posix(),
        weeks=weeks,
        first=first,
        title=course.title,
        repository="demonstration = true" if demonstration else _REPOSITORY,
        formula=" + ".join(short_names(week.folder for week in course.weeks)),
    )


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "2026-10-11T23:59:00"
