"""The command `python -m grader.judge.rehearsal`; see rehearsal.py."""

import sys

from grader.judge.rehearsal.rehearsal import main

if __name__ == "__main__":
    sys.exit(main())
