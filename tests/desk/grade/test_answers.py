"""What another machine says of a job is believed only where it may be so."""

import copy
import json
from types import SimpleNamespace

import pytest

from grader.desk.collect.submissions import Work
from grader.desk.grade import cluster_run
from grader.desk.grade.pool import Failure
from grader.desk.grade.results import Store, checked
from grader.desk.grade.specs import specs_of
from grader.desk.gradebook.book import Book
from tests.desk import tiny


@pytest.fixture(scope="module")
def graded_there(graded_once):
    """`(answers, spec)`: everybody's results as they travel, and the notebook they are of."""
    course, _ = graded_once
    with Book(course) as book:
        spec = specs_of(course, course.weeks[0], book)[tiny.NOTEBOOK]
    return {kept.student: kept.whole() for kept in Store(course.desk_folder).all(tiny.WEEK)}, spec


def work(student):
    return Work(student, tiny.WEEK, tiny.NOTEBOOK, b"")


def test_what_grading_gives_is_believed(graded_there):
    """Of right, wrong, broken and absent submissions."""
    answers, spec = graded_there
    assert answers.keys() == tiny.CLASS.keys()
    for student, answer in answers.items():
        assert checked(json.loads(json.dumps(answer)), work(student), spec) == answer


CELL = ("parts", "test_double")
WRONG = {
    "another week": (("week",), "../../elsewhere"),
    "another notebook": (("name",), "triple"),
    "no name": (("name",), None),
    "too many points": ((*CELL, "points"), 1e9),
    "a raised maximum": ((*CELL, "max_points"), 1e9),
    "points below nothing": ((*CELL, "points"), -1.0),
    "no number": ((*CELL, "points"), float("nan")),
    "points in words": ((*CELL, "points"), "1.5"),
    "another kind": ((*CELL, "bonus"), True),
    "too many for a property": ((*CELL, "outcomes", 0, "points"), 7.0),
    "a property without a title": ((*CELL, "outcomes", 0, "title"), None),
    "a cell that is none": (("parts", "test_more"), {"points": 1.0, "max_points": 1.0, "outcomes": []}),
    "no cells": (("parts",), {}),
    "notes that are none": (("notes",), "paid"),
    "text that cannot be written": (("notes",), ["\ud800"]),
    "time that is none": (("timings",), {"total": "long"}),
    "one thing more": (("also",), 1),
    "no notebook": (("nb",), "[]"),
    "half a notebook": (("nb",), '{"cells": ['),
    "a cell that is no cell": (("nb",), '{"cells": [3], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_so_is_not(graded_there, what):
    answers, spec = graded_there
    answer = copy.deepcopy(answers["ada"])
    (*way, last), value = WRONG[what]
    place = answer
    for key in way:
        place = place[key]
    place[last] = value
    with pytest.raises(ValueError, match=r"\w+"):
        checked(answer, work("ada"), spec)


@pytest.mark.parametrize("answer", [b"[" * 100_000, b"nothing", b"\xff", b"x" * 2000, b"[]"])
def test_an_answer_of_no_sense_fails_its_job_and_no_other(graded_there, monkeypatch, answer):
    _, spec = graded_there
    monkeypatch.setattr(cluster_run, "MOST_BYTES", 150_000 if answer[:1] == b"[" else 1000)
    campaign = SimpleNamespace(checked=lambda job, value: checked(value, work("ada"), spec))
    value = cluster_run.Campaign._read(campaign, None, answer)
    assert isinstance(value, Failure) and value.kind == "error" and len(value.detail) < 2000


def test_a_kept_result_that_makes_no_sense_is_no_result(graded):
    """It is graded again, and told by what reads it."""
    store = Store(graded.desk_folder)
    place = store.place(tiny.WEEK, "ada", tiny.NOTEBOOK)
    content = json.loads(place.read_text())
    content["result"]["parts"]["test_double"]["points"] = None
    place.write_text(json.dumps(content))
    unreadable = []
    assert "ada" not in {kept.student for kept in store.all(tiny.WEEK, unreadable)}
    assert store.load(tiny.WEEK, "ada", tiny.NOTEBOOK) is None and unreadable == [place]
