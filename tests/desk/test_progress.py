"""Progress can be followed on a terminal and without one."""

import io

from rich.console import Console

from grader.desk import progress


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
