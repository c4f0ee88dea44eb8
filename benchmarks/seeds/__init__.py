"""Whether chance decides a verdict."""
