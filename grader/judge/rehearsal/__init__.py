"""Hidden tests against trusted code, for tests and authors: `python -m grader.judge.rehearsal`."""
