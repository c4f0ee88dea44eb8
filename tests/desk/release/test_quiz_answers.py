"""Quizzes that answer at once: the release holds what everybody in the roster needs for it, and nothing else does."""

from dataclasses import replace

from grader.checks.quiz.personal_answers import right_answers
from grader.desk.course.facts import load_course
from grader.desk.release import quiz_answers

WEEK = "week02_matrix_diff"
ROSTER = "id,first_name,last_name,email,also\nada,Ada,Lovelace,a@example.org,\n7,李,明,,\n"


def test_the_answers_of_everybody_in_the_roster_are_released_where_the_class_wants_it(repo, tmp_path):
    """By user name and by name; who is not in the roster has none. Otherwise there is no such file."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    course = replace(load_course(repo), root=tmp_path)
    week = course.week(WEEK)
    assert not course.quizzes_at_once and quiz_answers.files(course, course.weeks) == {}
    files = quiz_answers.files(replace(course, quizzes_at_once=True), [week])
    assert list(files) == [f"{WEEK}/quiz_1_answers.json", f"{WEEK}/quiz_2_answers.json"]
    (place := tmp_path / "quiz_1_answers.json").write_bytes(files[f"{WEEK}/quiz_1_answers.json"])
    assert all(len(right_answers(place, name)) == 19 for name in ("ada", "ADA lovelace", "Lovelace Ada", "7", "李明"))
    assert right_answers(place, "Bob") == {} and b"Lovelace" not in place.read_bytes()
    (tmp_path / "roster.csv").write_text(ROSTER.splitlines()[0])
    assert quiz_answers.files(replace(course, quizzes_at_once=True), [week]) == {}
