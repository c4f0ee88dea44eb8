"""`nbgrader export` in its own columns, with the numbers of `grader export`.

nbgrader adds up all cells. Here practice counts for nothing, and bonus comes on top of the points to be had.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from grader.desk.course.csv_files import BYTE_ORDER_MARK, csv_text
from grader.desk.course.facts import load_course
from grader.desk.files import write_atomically
from grader.desk.report.export import gather

HEAD = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email")
NUMBERS = ("raw_score", "late_submission_penalty", "score", "max_score")


class Marks(ExportPlugin):
    """One row a week and student, for everyone in the roster or the gradebook."""

    def export(self, gradebook: Gradebook) -> None:
        found = gather(load_course(self.config.CourseDirectory.root))
        rows: list[list] = [[*HEAD, *NUMBERS]]
        for one in found.weeks:
            week = one.week.folder
            if self.assignment and week not in map(str, self.assignment):
                continue
            due = gradebook.find_assignment(week).duedate
            times = {row.student_id: row.timestamp for row in gradebook.assignment_submissions(week)}
            for person in found.people:
                if self.student and person.id not in map(str, self.student):
                    continue
                student = found.rows[week].get(person.id)
                points = student.points["points"] + student.points["bonus"] if student else 0.0
                penalty, mark = (student.penalty, student.mark) if student else (0.0, 0.0)
                who = [person.id, person.last_name, person.first_name, person.email]
                numbers = map(float, (points, penalty, mark, one.max_points["points"]))
                rows.append([week, due, times.get(person.id), *who, *numbers])
        write_atomically(Path(self.to or "grades.csv"), csv_text(rows).removeprefix(BYTE_ORDER_MARK))
