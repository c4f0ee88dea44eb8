"""nbgrader's late-submission plugin for `[late]` of `course.toml`."""

from __future__ import annotations

from nbgrader.plugins import LateSubmissionPlugin

from grader.desk.course.facts import load_course
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.lateness import Lateness, practice_cells
from grader.desk.gradebook.rows import Opened


class LateDays(LateSubmissionPlugin):
    """Sets what `grader grade` sets.

    It is asked for one notebook and settles all of the student's weeks in the same session, because late days may move.
    """

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        asked = self.parent
        course = load_course(self.config.CourseDirectory.root)
        with Book(course) as book:
            practice = practice_cells(book)
        session = asked.gradebook.db
        session.flush()
        lateness = Lateness(course, Opened(session), practice)
        lateness.settle(student_id)
        return lateness.penalty(student_id, asked.assignment_id, asked.notebook_id)
