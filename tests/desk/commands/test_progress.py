"""Progress can be followed on a terminal and without one."""

import io

import pytest
from rich.console import Console

from grader.desk.commands import progress
from grader.desk.errors import DeskError
from grader.desk.grade.run import Graded


def shown(terminal):
    text = io.StringIO()
    with progress.meter(Console(file=text, force_terminal=terminal, width=120), "grading") as bar:
        bar.expect(3)
        for kinds in ((), ("broken",), ("broken", "empty")):
            bar.step(*kinds)
    return text.getvalue()


def test_without_a_terminal_lines_are_written():
    """How many, how fast, what failed by kind; no control characters."""
    text = shown(False)
    assert "grading: 3 of 3" in text and "(2 broken, 1 empty)" in text and "\x1b" not in text


def test_on_a_terminal_there_is_a_bar_with_the_same_facts():
    text = shown(True)
    assert "3/3" in text and "2 broken, 1 empty" in text and "/min" in text


def test_the_time_left_is_told_in_between():
    meter = progress.Meter("grading")
    meter.expect(10)
    meter.step()
    assert "1 of 10" in meter.line and "s left" in meter.line


def graded(student, status, **more):
    return Graded(student, "week01", {"backprop": status}, points=2.5, max_points=5.0, seconds=1.234, **more)


def test_failures_are_counted_by_kind():
    """What the grader failed at by how, what students handed in by what it was; the usual is not counted."""
    assert graded("ada", "failed", failures={"backprop": "died"}).remarks == ["died"]
    assert graded("ada", "broken").remarks == ["broken"] and graded("ada", "graded").remarks == []


def test_a_log_has_a_line_for_each_submission(tmp_path):
    """At once, so that it can be followed; it is appended to, and no name breaks a line or a column."""
    path = tmp_path / "log"
    for student, status in (("ada", "graded"), ("eve\n2026\tforged", "broken")):
        with progress.log_of(path) as log:
            log(graded(student, status, failures={}, detail="", again=student == "ada"))
            lines = path.read_text().splitlines()
    first, second = (line.split("\t") for line in lines)
    assert first[1:] == ["ada", "week01", "backprop graded", "2.5 of 5", "1.23 s", ""]
    assert second[1] == r"'eve\n2026\tforged'" and second[3] == "backprop broken (unchanged)"


def test_a_log_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(DeskError, match="cannot be written"), progress.log_of(tmp_path):
        pass


def test_without_a_log_nothing_is_written(tmp_path, monkeypatch, capfd):
    """No file in the folder one stands in, nothing on the screen."""
    monkeypatch.chdir(tmp_path)
    with progress.log_of(None) as log:
        log(graded("ada", "graded"))
    assert not list(tmp_path.iterdir()) and capfd.readouterr() == ("", "")
