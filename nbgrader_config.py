"""nbgrader's settings for this course; see `grader/desk/nbgrader/configure.py` for what they are and why."""

from grader.desk.nbgrader.configure import configure

c = get_config()  # noqa: F821  (nbgrader runs this file with get_config defined)
configure(c, __file__)
