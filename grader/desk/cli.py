"""The command `grader`: what it offers. Each module of `commands/` declares its own on import."""

from __future__ import annotations

import atexit
import gc

from grader.desk.commands import (
    beginning,  # noqa: F401
    comparing,  # noqa: F401
    deciding,  # noqa: F401
    exporting,  # noqa: F401
    formgrading,  # noqa: F401
    grading,  # noqa: F401
    machine,  # noqa: F401
    printing,  # noqa: F401
    reading,  # noqa: F401
    releasing,  # noqa: F401
    returning,  # noqa: F401
    watching,  # noqa: F401
)
from grader.desk.commands.command import NEEDS_A_PERSON, main

# Modules, which stay, are most of what a command makes; looking for circles less often saves a sixth of its time.
gc.set_threshold(20_000, 20, 50)
atexit.register(gc.freeze)  # nor need they be gone through when Python ends

__all__ = ["NEEDS_A_PERSON", "main"]

if __name__ == "__main__":
    main()
