"""The instructor's desk: release, grade, feedback, report, doctor.

Folders are ordered like the instructor's week. The commands of ``grader`` are declared in :mod:`grader.desk.commands`,
which only read the command line and print; :mod:`grader.desk.cli` gathers them.
"""

import sys

# nbformat imports jsonschema, which builds 39 grammars of web addresses if this package is there: more than a second at
# the start of every process, for a check of formats that notebooks do not use.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
