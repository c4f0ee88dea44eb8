"""Feedback packed for the way back: `returns/<week>/<student>.zip`, and one archive of the week for a platform.

Moodle and Canvas take feedback for a whole class when its names begin as those of the download did; that beginning is
kept by `grader collect`. Everyone else gets a folder with their id in the same archive.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from grader.desk.collect.attempts import Attempts
from grader.desk.collect.senders import platform_name
from grader.desk.collect.submissions import is_notebook
from grader.desk.course.facts import Course
from grader.desk.files import write_atomically

RETURNS = "returns"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same pages give the same archive


def pack(course: Course, pages: Iterable[Path], *, whole: bool = True, dry_run: bool = False) -> list[Path]:
    """Pack feedback pages (`feedback/<student>/<week>/<notebook>.html`); returns the archives.

    The week's archive is made anew from a `whole` class; some students' pages leave it as it is.
    """
    weeks: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for page in pages:
        weeks[page.parent.name][page.parent.parent.name].append(page)
    made = []
    for week, students in sorted(weeks.items()):
        everyone: dict[str, Path] = {}
        for student, its_pages in sorted(students.items()):
            files = {page.name: page for page in its_pages}
            archives = {course.root / RETURNS / week / f"{student}.zip": files}
            everyone |= {_platform_path(course, student, week, name): page for name, page in files.items()}
            made += _write(archives, dry_run)
        if whole:
            made += _write({course.root / RETURNS / f"{week}.zip": everyone}, dry_run)
    return made


def _platform_path(course: Course, student: str, week: str, name: str) -> str:
    """The page's path in the week's archive."""
    for attempt in Attempts(course.root, student, week).all:
        if is_notebook(attempt.name):
            found = platform_name(PurePosixPath(attempt.origin))
            if found:
                return f"{found}{name}"
    return f"{student}/{name}"


def _write(archives: dict[Path, dict[str, Path]], dry_run: bool) -> list[Path]:
    for place, files in archives.items():
        if not dry_run:
            data = io.BytesIO()
            with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, page in sorted(files.items()):
                    packed.writestr(zipfile.ZipInfo(name, LONG_AGO), page.read_bytes(), zipfile.ZIP_DEFLATED)
            write_atomically(place, data.getvalue())
    return list(archives)
