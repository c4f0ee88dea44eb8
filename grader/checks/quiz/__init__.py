"""Questions with one right answer: how a notebook reads what a student wrote, and questions with personal numbers.

from grader.checks import quiz
quiz.choice("which_step", which_step, "abcd")
"""

from grader.checks.quiz.quiz import choice, number, rows

__all__ = ["choice", "number", "rows"]
