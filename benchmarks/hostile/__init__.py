"""Hostile submissions against stock nbgrader, otter-grader and this grader, side by side."""
