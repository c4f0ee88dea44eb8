"""What the checks of homework 2 ask, in the notebook and when it is graded."""

from __future__ import annotations

from grader.checks.questions import checks_of

from .classifier_questions import *  # noqa: F403  (questions are found by their names here, in their order there)

check = checks_of(__name__)
