"""Our commands and nbgrader's, run as a user does, and what they leave in the gradebook."""

import os
import sqlite3
import subprocess
import sys

from click.testing import CliRunner

from grader.desk.cli import main


def run(*arguments):
    """What a command of ours does in this process: its exit code and what it prints; an exception fails the test."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=True)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def nbgrader(course, *arguments):
    """Run an nbgrader command in the course folder; without this environment's programs on the path."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(command, cwd=course.root, capture_output=True, text=True, env=environment, timeout=300)


def rows(course):
    """Every grade and comment of the gradebook, with what decides how it is shown."""
    book = sqlite3.connect(course.root / "gradebook.db")
    to_submission = """
        join submitted_notebook n on n.id = x.notebook_id join submitted_assignment a on a.id = n.assignment_id
        join base_cell c on c.id = x.cell_id order by a.student_id, c.name"""
    grades = "select a.student_id, c.name, x.auto_score, x.manual_score, x.needs_manual_grade, a.timestamp, "
    found = book.execute(f"{grades} n.late_submission_penalty from grade x {to_submission}").fetchall()
    found += book.execute(f"select a.student_id, c.name, x.auto_comment from comment x {to_submission}").fetchall()
    book.close()
    return found
