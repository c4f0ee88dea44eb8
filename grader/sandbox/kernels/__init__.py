"""How a kernel is started behind walls, and ended."""
