"""What a class is: course.toml, the roster, and whether this machine and these files can be graded."""
