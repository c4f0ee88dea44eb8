"""Everything that nbgrader calls in us, named in its configuration by dotted strings."""
