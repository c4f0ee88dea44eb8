"""Put a graded submission where nbgrader looks for it: the gradebook and `autograded/<student>/<week>/`, together."""

from __future__ import annotations

import contextlib
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from grader.desk.collect.submissions import Submission
from grader.desk.course.facts import Course
from grader.desk.exchange import exchange_files
from grader.desk.files import digest, swap_folder
from grader.desk.grade.results import Kept, Store
from grader.desk.gradebook.book import Book, Grades, Layout, is_ours
from grader.desk.gradebook.lateness import late_penalties
from grader.desk.gradebook.moves import Scores
from grader.desk.gradebook.timestamps import TIMESTAMP
from grader.judge.grading.result import text_of

if TYPE_CHECKING:
    from nbformat.notebooknode import NotebookNode

READ_ONLY = 0o444
# Files that a browser shows or saves, and never runs.
HARMLESS = frozenset(
    " .bin .bmp .bz2 .csv .dat .gif .gz .h5 .hdf5 .jpeg .jpg .json .log .md .mp4 .npy .npz .parquet .pdf .pkl .png .pt"
    " .pth .py .rst .tar .tex .toml .tsv .txt .wav .webp .xlsx .yaml .yml .zip".split(" ")
)


class Publisher:
    """Publishes the submissions of one week; knows what the gradebook already holds."""

    def __init__(self, course: Course, store: Store, book: Book, week: str, known: Scores | None = None):
        self.course, self.store, self.book, self.week = course, store, book, week
        self.known = book.scores(week) if known is None else known
        self._late_penalties = late_penalties(book)

    def is_published(self, submission: Submission, kept: Mapping[str, Kept]) -> bool:
        """Are the gradebook, the folder and the mark of the last run what these results would give?"""
        student = submission.student
        return (
            self.store.published(self.week, student) == self._digest(submission, kept)
            and self._folder_is_whole(submission, kept)
            and self._scores_are_there(student, kept)
        )

    def publish(self, submission: Submission, kept: Mapping[str, Kept], for_a_person: frozenset[str]) -> None:
        """Write the submission: its folder and its rows, both or neither; then the mark that it is done.

        A run killed in between leaves no mark, and the next run writes the same again.
        """
        student = submission.student
        graded = {name: self._finished(name, result.notebook()) for name, result in kept.items()}
        work = self.course.desk_folder / "tmp"
        work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=work, ignore_cleanup_errors=True) as place:
            folder = Path(place) / "new"
            _write_folder(folder, submission, graded, self.course)

            def before_commit() -> None:
                self._late_penalties(student, self.week)
                self._swap(folder, student, Path(place) / "attic")

            self.book.write(
                student,
                self.week,
                {name: grades_of(result) for name, result in kept.items()},
                timestamp=submission.timestamp,
                for_a_person=for_a_person,
                before_commit=before_commit,
            )
        self.store.mark_published(self.week, student, self._digest(submission, kept))

    def _swap(self, folder: Path, student: str, attic: Path) -> None:
        # The transaction may be tried again when the gradebook was locked; the folder is then in its place already.
        if folder.exists():
            swap_folder(folder, self.course.step("autograded", student, self.week), attic)

    def _digest(self, submission: Submission, kept: Mapping[str, Kept]) -> str:
        results = [part for name in sorted(kept) for part in (name, kept[name].key, kept[name].data["nb"] or "")]
        return digest(submission.timestamp or "", *results)

    def _folder_is_whole(self, submission: Submission, kept: Mapping[str, Kept]) -> bool:
        folder = self.course.step("autograded", submission.student, self.week)
        expected = [name for name, result in kept.items() if result.data["nb"] is not None]
        return folder.is_dir() and all((folder / f"{name}.ipynb").is_file() for name in expected)

    def _scores_are_there(self, student: str, kept: Mapping[str, Kept]) -> bool:
        rows = self.known.get(student, {})
        for name, result in kept.items():
            for grade_id, part in result.data["parts"].items():
                row = rows.get(name, {}).get(grade_id)
                if row is None or (not part["manual"] and row.auto != part["points"]):
                    return False
        return True

    def _finished(self, name: str, nb: NotebookNode | None) -> NotebookNode | None:
        """The graded notebook with the checksums that nbgrader's pages and commands look at."""
        return with_checksums(nb, self.book.layout(self.week, name)) if nb is not None else None


def grades_of(kept: Kept) -> Grades | None:
    """What the gradebook is told of a result. An answer that is read by a person waits for one, unless it is empty."""
    if kept.data["nb"] is None:
        return None
    result = kept.result
    waiting = {grade_id for grade_id, cell in result.parts.items() if cell.manual} - {*result.unanswered}
    points = {grade_id: None if grade_id in waiting else cell.points for grade_id, cell in result.parts.items()}
    return Grades(points, frozenset(result.unanswered))


def with_checksums(nb: NotebookNode, layout: Layout) -> NotebookNode:
    """nbgrader's metadata completed from the gradebook; cells it does not know lose their claim to be graded."""
    for cell in nb.cells:
        if is_ours(cell):
            grade_id = cell.metadata.nbgrader.grade_id
            if grade_id not in layout.checksums:
                del cell.metadata["nbgrader"]
            else:
                marks = cell.metadata.nbgrader
                marks["checksum"], marks["cell_type"] = layout.checksums[grade_id], cell.cell_type
                if marks.get("grade") and marks.get("points") != layout.points[grade_id]:
                    marks["points"] = layout.points[grade_id]
    return nb


def _write_folder(
    folder: Path, submission: Submission, graded: Mapping[str, NotebookNode | None], course: Course
) -> None:
    """What nbgrader's autograde leaves in `autograded/<student>/<week>`: notebooks, the timestamp, the other files."""
    folder.mkdir(parents=True)
    files = dict(_given_files(course.step("source", submission.week)))
    files |= exchange_files(course.step("submitted", submission.student, submission.week))
    if submission.timestamp is not None:
        files[TIMESTAMP] = submission.timestamp.encode("utf-8")
    for name, nb in graded.items():
        if nb is not None:
            files[f"{name}.ipynb"] = f"{text_of(nb)}\n".encode()
    for name, data in files.items():
        _write(folder / name, data)
    for name, data in submission.works[0].files if submission.works else ():
        if inactive_name(name) not in files:
            # A name of theirs that is a folder here, or the other way round, stays in `submitted/`.
            with contextlib.suppress(FileExistsError, IsADirectoryError, NotADirectoryError):
                _write(folder / inactive_name(name), data)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(READ_ONLY)


def inactive_name(name: str) -> str:
    """The name under which a student's file is kept: as text unless its kind is known to be harmless.

    Formgrader hands out what lies beside a graded notebook, on the address at which the instructor is logged in: a page
    or a drawing of a student's would run its scripts there.
    """
    suffix = PurePosixPath(name).suffix.lower()
    return name if suffix in HARMLESS else f"{name}.txt"


def _given_files(source: Path) -> dict[str, bytes]:
    """The week's other files as released; they win over what a student handed in under the same name."""
    return {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if stat.S_ISREG(path.lstat().st_mode) and path.suffix != ".ipynb" and "__pycache__" not in path.parts
    }
