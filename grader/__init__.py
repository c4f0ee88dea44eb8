"""Checks for students, a sandbox for their code, a judge outside it, and the instructor's desk.

A notebook imports :mod:`grader.checks` and needs nothing else; that import stays light.
"""

__version__ = "0.1.0"
