"""What lets quizzes with personal numbers say right or wrong in the notebook, where `course.toml` wants it so.

The numbers are drawn from a name, so the release holds the answers of each student in the roster, packed as records
are: nobody reads them by accident, and the names are not among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.checks.quiz.personal_answers import answers_path, written_answers
from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import Person, read_roster
from grader.judge.authoring.personal import personal_questions, right_answers
from grader.judge.grading.spec import keys_of


def files(course: Course, weeks: Sequence[Week]) -> dict[str, bytes]:
    """The files, by path in the student repository; none where quizzes answer after grading, or nobody is listed."""
    names = [name for person in read_roster(course) for name in _names(person)] if course.quizzes_at_once else []
    found = {}
    for folder, notebook in [(week.folder, one.name) for week in weeks for one in week.notebooks if names]:
        keys = keys_of(course.repo, folder, notebook)
        if personal_questions(keys):
            path = answers_path(Path(folder) / f"{notebook}_questions.py").as_posix()
            found[path] = written_answers({name: right_answers(keys, name) for name in names}).encode()
    return found


def _names(person: Person) -> list[str]:
    """What a student may write into `student_name`."""
    listed = (person.id, person.name, f"{person.last_name} {person.first_name}", person.number)
    return list(dict.fromkeys(name.strip() for name in listed if any(map(str.isalnum, name))))
