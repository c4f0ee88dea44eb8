"""Solutions of the primer of week 1, one product seen in four ways."""
