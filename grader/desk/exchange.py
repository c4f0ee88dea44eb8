"""What nbgrader's exchange needs beside a page of feedback, to hand it to the student who submitted.

`nbgrader submit` writes a secret into each submission; `nbgrader release_feedback` reads it beside the page, puts the
page under a name made of it, and ends with a traceback for the whole class where one student has none.
"""

from __future__ import annotations

import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from grader.desk.course.facts import Course
from grader.desk.files import write_atomically

TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"
LARGEST = 1000  # bytes; nbgrader's secret has 128


def exchange_files(folder: Path) -> dict[str, bytes]:
    """Those of the two files that lie in a submission's folder, where they are small regular files."""
    found = {}
    for name in (TIMESTAMP, SECRET):
        path = folder / name
        try:
            if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size <= LARGEST:
                found[name] = path.read_bytes()
        except OSError:
            continue
    return found


def make_returnable(course: Course, pages: Iterable[Path]) -> None:
    """Put both files beside the pages `feedback/<student>/<week>/<notebook>.html`.

    Work that came by another way than the exchange has no secret. It gets one that nobody knows, so that its page is
    released to nobody and does not stop everyone else's.
    """
    for folder in sorted({page.parent for page in pages}):
        there = exchange_files(folder)
        week, student = folder.name, folder.parent.name
        came = exchange_files(course.step("submitted", student, week))
        files = {TIMESTAMP: came.get(TIMESTAMP, b""), SECRET: there.get(SECRET) or secrets.token_hex(64).encode()}
        for name, data in (files | came).items():
            if there.get(name) != data:
                write_atomically(folder / name, data)
