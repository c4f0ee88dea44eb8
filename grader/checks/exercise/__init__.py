"""The visible check of an exercise: what it compares, what it says of an exception, how it is shown."""
