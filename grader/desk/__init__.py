"""The instructor's desk: release, grade, feedback, report, doctor.

Each command of ``grader`` lives in a module of its name; :mod:`grader.desk.cli` only reads the command line and prints.
"""
