"""Run by every Python that a test starts (tests/conftest.py puts this folder on PYTHONPATH)."""

import sys

# As in grader/desk/quick_imports.py, for programs that are not ours: nbval, nbgrader, Jupyter's server. Whatever
# imports nbformat would begin with more than a second of building grammars that notebooks do not use.
sys.modules.setdefault("rfc3987_syntax", None)
