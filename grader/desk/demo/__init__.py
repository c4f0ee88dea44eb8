"""A class made up for `grader demo`."""
