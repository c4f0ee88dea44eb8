"""The instructor's desk: release, grade, feedback, report, doctor.

Folders are ordered like the instructor's week. The commands of ``grader`` are declared in :mod:`grader.desk.commands`,
which only read the command line and print; :mod:`grader.desk.cli` gathers them.
"""

from grader.desk.quick_imports import put_off_what_nobody_uses

put_off_what_nobody_uses()
