"""nbgrader's settings for this course; see `grader/desk/gradebook/nbgrader_settings.py` for what they are and why."""

from grader.desk.gradebook.nbgrader_settings import configure

c = get_config()  # noqa: F821  (nbgrader runs this file with get_config defined)
configure(c, __file__)
