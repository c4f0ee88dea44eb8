"""The demo's class is what it says, and everyone in it gets what they must."""

import io
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from rich.console import Console

from grader.desk.demo import demo
from grader.desk.demo.demo_class import NOTEBOOK, WEEK, made_up_class
from grader.desk.gradebook.book import Score


@pytest.fixture(scope="module")
def pupils(repo):
    return made_up_class(repo, nbformat.read(repo / WEEK / f"{NOTEBOOK}.ipynb", as_version=4))


def test_the_class_has_24_different_students(pupils):
    assert len({pupil.student for pupil in pupils}) == len(pupils) == 24


def test_the_class_shows_several_exercises_being_lost(pupils):
    """The mistakes are not all of one kind, and none of them is free."""
    lost = [pupil for pupil in pupils if pupil.about.startswith("mistake")]
    assert len(lost) == 5 and all(0 < pupil.points < pupils[0].points for pupil in lost)
    assert len({pupil.points for pupil in lost}) >= 3


@pytest.mark.long
def test_everyone_in_the_demo_gets_the_expected_score(tmp_path):
    """Release, grade, feedback, report: 24 of 24, and every path that is printed is there."""
    text = io.StringIO()
    out = Console(file=text, width=160)
    assert demo.play(out, tmp_path / "demo"), text.getvalue()
    paths = [line.split(": ", 1)[1] for line in text.getvalue().splitlines() if line.startswith("  ") and ": /" in line]
    assert len(paths) == 5
    assert all(Path(path).exists() for path in paths)


def test_a_wrong_score_is_seen(tmp_path, monkeypatch):
    """The comparison itself can fail: a pupil who is promised too much, one whose status is another."""
    good = demo.Pupil("ada", "", b"", 1.0)
    scores = {"ada": {NOTEBOOK: {"test_relu": Score(1.0, None, None, False)}}}
    monkeypatch.setattr(demo, "Book", lambda course: FakeBook(scores))
    summary = SimpleNamespace(submissions=[SimpleNamespace(student="ada", status={NOTEBOOK: "graded"})])
    out = Console(file=io.StringIO())
    assert demo._compare(out, None, [good], summary) == 1
    wrongs = demo.Pupil("ada", "", b"", 2.0), demo.Pupil("ada", "", b"", 1.0, "broken"), demo.Pupil("bob", "", b"", 0.0)
    assert [demo._compare(out, None, [wrong], summary) for wrong in wrongs] == [0, 0, 0]


class FakeBook:
    def __init__(self, scores):
        self.found = scores

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def scores(self, week):
        return self.found
