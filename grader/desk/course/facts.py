"""A class as every command knows it: `load_course` reads it, `Course` holds it.

This module stays light: what reads and checks the two files (pydantic, 50 ms) is loaded when a course is.
"""

from __future__ import annotations

from pathlib import Path

from grader.desk.course.course import FACTS, Course, Notebook, Week

__all__ = ["FACTS", "Course", "Notebook", "Week", "load_course"]


def load_course(root: Path | str = ".") -> Course:
    """Read the class whose folder is `root`, either the checkout itself or a folder beside it.

    In the second case its own `course.toml`, if it has one, is laid over the checkout's (deadlines, limits,
    `[gradebook] db_url`) and may name the checkout: `[course] checkout = "../backprop"`; otherwise the checkout is the
    one this package runs from. Raises `DeskError` that names the line of everything that is wrong in the two.
    """
    from grader.desk.course.reading import read_course

    return read_course(root)
