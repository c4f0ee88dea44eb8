"""Whether this machine can grade, and whether the files of a class can be read: all that any command will need."""
