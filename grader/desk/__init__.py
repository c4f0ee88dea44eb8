"""The instructor's desk: release, grade, feedback, report, doctor.

Each command of ``grader`` lives in a module of its name; :mod:`grader.desk.cli` only reads the command line and prints.
"""

import sys

# nbformat imports jsonschema, which builds 39 grammars of web addresses if this package is there: more than a second at
# the start of every process, for a check of formats that notebooks do not use.
sys.modules.setdefault("rfc3987_syntax", None)
