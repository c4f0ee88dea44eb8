"""Commands of `grader` with a file of their own. Importing one declares it."""
